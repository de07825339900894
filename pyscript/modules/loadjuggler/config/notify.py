"""The part of the site's form about notifications."""

from __future__ import annotations

import re

from ..site.model import Notify
from .parse import Parsed

KINDS = ("overload", "not_following", "meter_lost", "new_charger")


_ACTION = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")


def target(form: Parsed) -> str | None:
    """Where notifications go, too, as it is meant: an action or an entity."""
    return (form.values["notify_target"] or "").strip().lower() or None


def contradictions(form: Parsed) -> list[str]:
    """Sentences about what can't be."""
    wanted = target(form)
    if wanted is None or _ACTION.fullmatch(wanted):
        return []
    return [f"Send to: '{wanted}' is no action; something like notify.mobile_app_phone is."]


def notify(form: Parsed) -> Notify:
    """What people want to be told of."""
    kinds = frozenset(kind for kind in KINDS if form.values[f"notify_{kind}"])
    return Notify(kinds, target(form))
