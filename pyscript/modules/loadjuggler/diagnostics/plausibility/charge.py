"""The battery: its power against its state of charge, and a charge from 0 to 1 instead of %.

A battery that is charged fills, one that is discharged empties. A stretch ends when the charge has
moved by 3 % in small steps. Then its energy is compared with it.

Example, 5 kW: the charge rises from 50 to 53 %, and meanwhile the sensor showed +2 000 W
(discharging) for 12 min, that is 400 Wh given. That contradicts. After a second such stretch within
8 h people are told to turn the sign round.
"""

from __future__ import annotations

from ...limits.battery import GAPS
from ...memory.plausibility import Charge, Doubts
from ...records import replace
from ...site.model import Battery
from ...units import roughly_s
from .view import HOUR_S, MOST_W, Evidence, View

MOVED_PCT = 3.0
"""A stretch ends when the charge has moved by this much."""


JUMP_PCT = 1.5
"""A larger step at once is a calibration, or a sensor that reports rarely. Its energy is not known,
so a new stretch begins."""


STRETCHES = 1.5
"""The score at which the doubt is told. Each stretch that contradicts adds 1 and a day fades 1.5,
so it takes two with at most 8 h, and no right one, between them."""


ONE_WAY = 0.2
"""A stretch counts only if at most this part of its energy went the other way."""


RATED_H = 0.015
"""A stretch counts only with the energy of this many hours at the battery's rating: at 5 kW 75 Wh.
That is half of the 150 Wh which are 3 % of a battery of 5 kWh."""


SCALE_H = 0.25
"""After energy for this many hours at its rating no battery is still between 0 and 1 %."""


SCALE_W = 200.0
"""Only power from here on counts for the scale."""


SELDOM_S = 90.0
"""A battery's power that is always reported more seldom than this is told; ..."""


ALIKE = 0.75
"""... the shortest of its last gaps must be this part of the longest, as one that rests may be
silent."""


SELDOM_TOLD_S = 600.0
"""The doubt is told after this long."""


def check(view: View, doubts: Doubts) -> tuple[Doubts, list[Evidence]]:
    """Evidence of a wrong sign of the battery's power, and of a charge from 0 to 1.

    And of a power that is reported too seldom to know what the battery does.
    """
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
        _seldom(view, battery.power),
    ]


def _seldom(view: View, entity: str) -> Evidence:
    """The battery's power is reported at a fixed and long interval."""
    gaps_s = view.memory.battery.gaps_s
    speaks: bool | None = None
    numbers: dict[str, float | str] = {}
    if len(gaps_s) == GAPS and min(gaps_s) > SELDOM_S and min(gaps_s) >= ALIKE * max(gaps_s):
        speaks, numbers = True, {"entity": entity, "every_s": roughly_s(max(gaps_s) + 30.0)}
    elif gaps_s and min(gaps_s[-2:]) <= SELDOM_S:
        speaks = False
    return Evidence(f"seldom {entity}", "setup_battery_seldom", speaks, SELDOM_TOLD_S, numbers)


def _rating_w(battery: Battery) -> float:
    return max(battery.max_charge_w, battery.max_discharge_w, 500.0)


def _longer(before: Charge | None, soc_pct: float, power_w: float, seconds: float) -> Charge:
    """The stretch with this look of `seconds`; a new one after a jump of the charge, or a gap."""
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
    """Whether charge and energy contradict; `None`: too little energy, or in both directions."""
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
