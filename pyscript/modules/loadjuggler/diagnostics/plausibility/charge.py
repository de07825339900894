"""The battery: its sign against its state of charge, and a charge from 0 to 1 instead of %.

A battery that is charged fills and one that is discharged empties. A stretch ends when the charge
has moved by `MOVED_PCT` in small steps; what was given and taken meanwhile then agrees or not.
"""

from __future__ import annotations

from ...memory.plausibility import Charge, Doubts
from ...records import replace
from ...site.model import Battery
from .view import HOUR_S, MOST_W, Evidence, View

MOVED_PCT = 3.0


JUMP_PCT = 1.5
"""A larger step at once is a calibration, or a sensor that speaks rarely: what was given and taken
since does not belong to it."""


STRETCHES = 1.5
"""More than one stretch that contradicts: two, with no more than 8 h and no right one between."""


ONE_WAY = 0.2
"""Of what went one way in a stretch at most this part went the other way."""


RATED_H = 0.015
"""A stretch needs so many hours at the battery's rating: 75 Wh at 5 kW, where 3 % of a battery that
its rating empties in an hour are 150 Wh."""


SCALE_H = 0.25
"""After so many hours at its rating no battery is still between 0 and 1 %."""


SCALE_W = 200.0


def check(view: View, doubts: Doubts) -> tuple[Doubts, list[Evidence]]:
    """The battery's sign and the scale of its charge."""
    battery, energy = view.site.battery, view.readings.energy
    if battery is None or battery.power is None:
        return replace(doubts, charge=None), []
    key = f"{battery.soc} {'-' if battery.invert else '+'}{battery.power}"
    soc_pct, power_w = energy.soc_pct, energy.battery_w
    known = not energy.unsure and soc_pct is not None and power_w is not None
    speaks: bool | None = None
    numbers: dict[str, float | str] = {}
    scale: bool | None = None
    weight = 0.0
    stretch: Charge | None = None
    if known and soc_pct is not None and power_w is not None:
        stretch = _longer(None if view.gap else doubts.charge, soc_pct, power_w, view.seconds)
        if abs(stretch.last_pct - stretch.from_pct) >= MOVED_PCT:
            speaks = _contradicts(stretch, battery)
            numbers = _numbers(stretch, battery.power)
            stretch = Charge(soc_pct, soc_pct)
        weight = abs(power_w) * view.seconds if abs(power_w) >= SCALE_W else 0.0
        scale = True if 0 < soc_pct < 1 else None
        if soc_pct > 1:
            scale, weight = False, MOST_W
    most = SCALE_H * HOUR_S * _rating_w(battery)
    share = {"entity": battery.soc, "soc": f"{soc_pct:.2f}"} if soc_pct is not None else {}
    return replace(doubts, charge=stretch), [
        Evidence(f"battery {key}", "setup_battery_sign", speaks, STRETCHES, numbers, 1.0),
        Evidence(f"scale {battery.soc}", "setup_soc_scale", scale, most, share, weight),
    ]


def _rating_w(battery: Battery) -> float:
    return max(battery.max_charge_w, battery.max_discharge_w, 500.0)


def _longer(before: Charge | None, soc_pct: float, power_w: float, seconds: float) -> Charge:
    """The stretch with this look; a new one after a jump or a gap."""
    if before is None or abs(soc_pct - before.last_pct) > JUMP_PCT:
        return Charge(soc_pct, soc_pct)
    given_ws, taken_ws = before.given_ws, before.taken_ws
    if not (0 <= given_ws <= MOST_W * HOUR_S and 0 <= taken_ws <= MOST_W * HOUR_S):
        return Charge(soc_pct, soc_pct)
    return Charge(
        before.from_pct,
        soc_pct,
        given_ws + max(power_w, 0.0) * seconds,
        taken_ws + max(-power_w, 0.0) * seconds,
    )


def _contradicts(stretch: Charge, battery: Battery) -> bool | None:
    """Whether the charge went against the power; `None`: too little went, or both ways."""
    most_ws = max(stretch.given_ws, stretch.taken_ws)
    least_ws = min(stretch.given_ws, stretch.taken_ws)
    if most_ws < RATED_H * HOUR_S * _rating_w(battery) or least_ws > ONE_WAY * most_ws:
        return None
    return (stretch.last_pct > stretch.from_pct) == (stretch.given_ws > stretch.taken_ws)


def _numbers(stretch: Charge, entity: str) -> dict[str, float | str]:
    rose = stretch.last_pct > stretch.from_pct
    return {
        "moved_pct": round(abs(stretch.last_pct - stretch.from_pct), 1),
        "went": "rose" if rose else "fell",
        "entity": entity,
        "did": "discharging" if stretch.given_ws > stretch.taken_ws else "charging",
    }
