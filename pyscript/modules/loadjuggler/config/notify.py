"""The part of the site's form about notifications."""

from __future__ import annotations

import re

from ..site.model import Notify, is_notify
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


def forbidden(form: Parsed, any_action: bool) -> list[str]:
    """Error for a target that is no notify action; none where the user has allowed `any_action`.

    What a form names is called by Home Assistant itself, so a script, or a lock that opens, is
    allowed by a setting only.
    """
    wanted = target(form) if "notify_target" in form.values else None
    if wanted is None or any_action or is_notify(wanted) or contradictions(form):
        return []
    return [
        f"Send to: '{wanted}' is no notify action; something like notify.mobile_app_phone is. "
        "The setting notify_any: 1 allows any action."
    ]


def notify(form: Parsed) -> Notify:
    """The kinds of notifications that are wanted, and their target."""
    kinds = frozenset(kind for kind in KINDS if form.values[f"notify_{kind}"])
    return Notify(kinds, target(form))
