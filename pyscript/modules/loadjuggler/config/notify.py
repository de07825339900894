"""The part of the site's form about notifications."""

from __future__ import annotations

import re

from ..site.model import Notify
from .parse import Parsed

KINDS = ("overload", "not_following", "meter_lost", "new_charger")


_ACTION = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")


def target(form: Parsed) -> str | None:
    """The other target of notifications, an action or an entity, in small letters; `None`: none."""
    return (form.values["notify_target"] or "").strip().lower() or None


def contradictions(form: Parsed) -> list[str]:
    """Errors of the form's notification fields, a sentence each."""
    wanted = target(form)
    if wanted is None or _ACTION.fullmatch(wanted):
        return []
    return [f"Send to: '{wanted}' is no action; something like notify.mobile_app_phone is."]


def notify(form: Parsed) -> Notify:
    """The kinds of notifications that are wanted, and their target."""
    kinds = frozenset(kind for kind in KINDS if form.values[f"notify_{kind}"])
    return Notify(kinds, target(form))
