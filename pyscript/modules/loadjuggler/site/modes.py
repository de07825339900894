"""Operating modes of loads, and distribution modes of the site.

A mode is how urgent a load is, and where it may take its current from. A new mode is a row here,
its texts, and a line in the docs. Source: docs/product.md sections 3 and 4.
"""

from __future__ import annotations

from dataclasses import dataclass

GRID = "grid"
"""From anywhere: sun, battery and grid."""


SURPLUS = "surplus"
"""Only from what the sun leaves over, and the battery while it is above its target."""


EXCESS = "excess"
"""Only from the surplus above the export threshold."""


@dataclass(frozen=True, slots=True)
class Mode:
    """A mode: how urgent its loads are, and where they may take current from.

    - `urgency`: smaller goes first. Below 0 (`USUAL`) its loads are filled before all others.
    - `minimum_from`, `more_from`: the sources of the minimum, and of what is taken above it.
    - `takes`: whether its loads run at all.
    - `aliases`: other names of it: old ones, and that of the same rule for other kinds of loads.
    """

    name: str
    label: str
    urgency: int
    minimum_from: str = GRID
    more_from: str = GRID
    takes: bool = True
    aliases: tuple[str, ...] = ()

    @property
    def solar(self) -> bool:
        """Whether the load may have to stop for lack of sun."""
        return self.minimum_from != GRID


USUAL = 0
"""The urgency of what runs as it always does. A load that is more urgent is filled, in every way of
sharing, before one that is not grows above its minimum."""


BOOST = "boost"
"""The mode that holds for a set time, after which the mode before it holds again."""


MODES = {
    mode.name: mode
    for mode in (
        Mode("standard", "Standard: as fast as the wires allow", 0, aliases=("continuous",)),
        Mode("continuous", "Continuous: always on", 0, aliases=("standard",)),
        Mode(
            "solar_priority",
            "Solar priority: its minimum from anywhere, more from the sun",
            1,
            more_from=SURPLUS,
            aliases=("eco",),
        ),
        Mode(
            "solar_only",
            "Solar only: what the sun leaves over, stops rather than import",
            2,
            minimum_from=SURPLUS,
            more_from=SURPLUS,
            aliases=("solar",),
        ),
        Mode(
            "excess",
            "Excess: what would be exported above the threshold",
            3,
            minimum_from=EXCESS,
            more_from=EXCESS,
        ),
        Mode(BOOST, "Boost: at once and before all others, for a set time, then back", -1),
        Mode("off", "Off: not managed", 9, takes=False),
    )
}


ADJUSTABLE = ("standard", "solar_priority", "solar_only", "excess", BOOST, "off")
"""Modes that the form of an adjustable load offers."""


ON_OFF = ("continuous", "solar_only", "excess", BOOST, "off")
"""Modes that the form of an on/off load offers: without solar_priority, as it has only one
level."""


DISTRIBUTIONS = {
    "priority": "Priority: the first takes the most that fits",
    "shared": "Shared: all grow together",
    "strict": "Strict: the first takes all it can, even if the next one stops",
    "optimized": "Optimized: the first leaves the next one its minimum",
}
