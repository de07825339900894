"""Judges silence: a main meter that shows the wrong thing must be told of, once it has shown it.

    the meter            has shown it by                                      is told as
    has no sign          2 h in which more than 1 kW was fed in,              `UNSIGNED`
                         where the sun is measured
    sees no loads        2 h of charging with 6 A or more                     `UNSEEN`

The judge knows how the house is really connected; the engine has only what the meter shows. Half an
hour is too short for either, so this is judged in whole days only.
"""

from __future__ import annotations

from ..faults import FaultyHouse
from ..scenario import MAIN
from .verdict import Findings

EVIDENT_S = 7200
FED_IN_W = 1000.0
CHARGES_A = 6.0
UNSIGNED = frozenset(("meter_unsigned", "setup_unsigned", "setup_unsigned_sun"))
UNSEEN = frozenset(("not_seen",))


class Untold:
    """Judges a house: call `second` after each with the codes of what is told, and `end` once."""

    def __init__(self, house: FaultyHouse, findings: Findings) -> None:
        """Know the house; nothing has been shown or told yet."""
        self.house, self.findings = house, findings
        self.meter = house.life.mistakes.meters.get(MAIN)
        self.evident_s = 0
        self.told: set[str] = set()

    def second(self, codes: frozenset[str]) -> None:
        """Take note of the second that has passed, and of what is told in it."""
        if self.meter is None:
            return
        self.told |= codes
        if self.meter.unsigned:
            total_a = sum(self.house.flows.meters[MAIN].values())
            fed_in_w = -total_a * self.house.scenario.site.voltage
            self.evident_s += self.house.scenario.solar.measured and fed_in_w > FED_IN_W
        else:
            draws = [max(one.draw.values()) for one in self.house.chargers.values()]
            self.evident_s += max(draws, default=0.0) >= CHARGES_A

    def end(self) -> None:
        """Note that nobody was told, if that is so."""
        if self.meter is None or self.evident_s < EVIDENT_S:
            return
        wanted = UNSIGNED if self.meter.unsigned else UNSEEN
        if not wanted & self.told:
            what = "has no sign" if self.meter.unsigned else "does not see the loads"
            text = f"the main meter {what}, which it showed for {self.evident_s / 3600:.1f} h"
            self.findings.add("untold", (MAIN,), self.house.now, self.evident_s, text, "s")
