"""The units in which an OCPP charger can be told, as OCPP 1.6 names them (section 9.4.2)."""

from __future__ import annotations

RATE_UNITS = {"current": "A", "power": "W"}
"""The names of the units in ChargingScheduleAllowedChargingRateUnit (9.4.2)."""


def rate_units(text: str) -> tuple[str, ...]:
    """The units, "A" before "W", that a ChargingScheduleAllowedChargingRateUnit names.

    Example: "Current,Power" gives ("A", "W"). Upper and lower case are the same, "A" and "W" are
    understood, too, and other names are left out.
    """
    names = [name.strip().casefold() for name in text.split(",")]
    found = [RATE_UNITS.get(name, name.upper()) for name in names]
    return tuple(unit for unit in ("A", "W") if unit in found)
