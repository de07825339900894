"""Judges what people are told: a wrong main meter must be told of, sleeping sensors must not.

    the meter            has shown it by                                      is told as
    has no sign          2 h in which more than 1 kW was fed in,              `UNSIGNED`
                         where the sun is measured
    sees no loads        2 h of charging with 6 A or more                     `UNSEEN`

The judge knows how the house is really connected; the engine has only what the meter shows. Half an
hour is too short for either, so this is judged in whole days only. So is the night: from 22:00 to
5:00 nobody is told that a sensor of a sleeping inverter gives nothing (docs/decisions/0028).
"""

from __future__ import annotations

from collections.abc import Collection

from loadjuggler.report import About
from loadjuggler.units import DAY_S

from ..faults import FaultyHouse
from ..scenario import MAIN
from .verdict import Findings

EVIDENT_S = 7200
FED_IN_W = 1000.0
CHARGES_A = 6.0
UNSIGNED = frozenset(("meter_unsigned", "setup_unsigned", "setup_unsigned_sun"))
UNSEEN = frozenset(("not_seen",))
NIGHT_H = (22.0, 5.0)


class Untold:
    """Judges a house: call `second` after each with the problems that are told, and `end` once."""

    def __init__(self, house: FaultyHouse, findings: Findings) -> None:
        """Know the house; nothing has been shown or told yet."""
        self.house, self.findings = house, findings
        self.meter = house.life.mistakes.meters.get(MAIN)
        self.evident_s = 0
        self.told: set[str] = set()

    def second(self, problems: Collection[About]) -> None:
        """Take note of the second that has passed, and of the problems that are told in it."""
        self._judge_night(problems)
        if self.meter is None:
            return
        self.told |= {about.code for about in problems}
        if self.meter.unsigned:
            total_a = sum(self.house.flows.meters[MAIN].values())
            fed_in_w = -total_a * self.house.scenario.site.voltage
            self.evident_s += self.house.scenario.solar.measured and fed_in_w > FED_IN_W
        else:
            draws = [max(one.draw.values()) for one in self.house.chargers.values()]
            self.evident_s += max(draws, default=0.0) >= CHARGES_A

    def _judge_night(self, problems: Collection[About]) -> None:
        """Note sensors of a sleeping inverter that are told as missing at night."""
        house = self.house
        hour = house.now % DAY_S / 3600.0
        if not house.asleep or NIGHT_H[1] <= hour < NIGHT_H[0] or house.down:
            return
        if any(fault.active(house.now) for fault in house.faults):
            return
        for about in problems:
            if about.code == "sensor_missing" and set(about.where.split()) & set(house.sleeping()):
                text = f"told as missing at {hour:.1f} h, while its inverter sleeps"
                self.findings.add("told asleep", (about.where,), house.now, 0.0, text, "")

    def end(self) -> None:
        """Note that nobody was told, if that is so."""
        if self.meter is None or self.evident_s < EVIDENT_S:
            return
        wanted = UNSIGNED if self.meter.unsigned else UNSEEN
        if not wanted & self.told:
            what = "has no sign" if self.meter.unsigned else "does not see the loads"
            text = f"the main meter {what}, which it showed for {self.evident_s / 3600:.1f} h"
            self.findings.add("untold", (MAIN,), self.house.now, self.evident_s, text, "s")
