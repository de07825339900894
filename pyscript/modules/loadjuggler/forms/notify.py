"""Fields of the site's form about notifications: which are wanted, and another target."""

from __future__ import annotations

from .field import Field, Section, flag

SECTION = Section(
    "notifications",
    "Notifications",
    "Wiring that is found wrong is always told in Home Assistant; here is what else can be.",
)


def _wanted(name: str, label: str, text: str) -> Field:
    return flag(name, label, text, SECTION.key, default=True)


NOTIFY_FIELDS = (
    _wanted(
        "notify_overload",
        "Overload by others",
        "What Load Juggler does not control takes more than a breaker or the import limit allows.",
    ),
    _wanted(
        "notify_not_following",
        "Charger does not follow",
        "A load draws more than it was told, does not take what it was set to, or can't be told.",
    ),
    _wanted(
        "notify_meter_lost",
        "Meter lost",
        "The meter of a breaker has given nothing for 5 minutes.",
    ),
    _wanted(
        "notify_new_charger",
        "New charger",
        "The OCPP integration has a charger that no form names.",
    ),
    Field(
        "notify_target",
        "text",
        "Send to",
        "Optional. Where notifications go beside Home Assistant's own, once each, e.g. "
        "notify.mobile_app_phone.",
        SECTION.key,
    ),
)
