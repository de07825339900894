"""A plug on another phase than its form says, which is on all the time and so moves nothing.

A boiler of 2,000 W, 8.7 A, that its form has on A; the house takes 0.4 A on A, 0.8 A on B and 1.2 A
on C. Local time is UTC.
"""

from __future__ import annotations

from typing import Any

import pytest

from ..crooked import Crooked, found, switched
from ..house import BATTERY, SUN, plug_form, site_form

DAY_S = 86400.0
HOUR_S = 3600.0
TOLD = "so it is not on that"


def house(really: str, hour: float = 1.0, *, sensor: bool = True, **site: Any) -> Crooked:
    """A house at a local hour whose boiler is on, and really on this phase."""
    more = {"power_entity": "sensor.boiler"} if sensor else {}
    made = Crooked.of(site_form(**site), plug_form("boiler", "A", power_w=2000, **more))
    assert isinstance(made, Crooked)
    made.now = 20 * DAY_S + hour * HOUR_S
    made.really["boiler"] = {"L1": really}
    made.household["main"] = {"A": 0.4, "B": 0.8, "C": 1.2}
    made.outlets["boiler"].on = True
    made.outlets["boiler"].switched_at = made.now
    return made


def warnings(made: Crooked, minutes: float = 15.0) -> list[str]:
    """What is told of the phase of the boiler after so many minutes."""
    made.pass_time(minutes * 60.0)
    assert made.outcome is not None
    return [text for text in made.outcome.report.warnings if TOLD in text]


def test_what_its_phase_does_not_carry_is_told_with_the_phase_that_does() -> None:
    made = house("B")
    assert warnings(made, 9.0) == []
    (text,) = warnings(made, 6.0)
    assert text == (
        "boiler takes 8.7 A by its own sensor, but in the dark the meter shows only 0.4 A on "
        "phase A, so it is not on that. Phase B carries as much: choose L1: B in its form."
    )
    assert made.outcome is not None
    (notice,) = made.outcome.report.notices
    assert (notice.id, notice.message) == ("loadjuggler_setup_plug_phase_boiler", text)


@pytest.mark.parametrize("really", ["B", "C"])
@pytest.mark.parametrize(
    "site",
    [
        pytest.param({}, id="nothing else"),
        pytest.param(SUN, id="a solar sensor"),
        pytest.param({**SUN, **BATTERY}, id="a battery that rests"),
    ],
)
def test_it_is_told_of_each_phase_with_and_without_sun_and_battery(
    really: str, site: dict[str, Any]
) -> None:
    made = house(really, **site)
    if "battery_power_entity" in site:
        made.power.stubborn_w = 0.0
    assert f"choose L1: {really} in its form" in "".join(warnings(made, 50.0))


def test_it_is_told_until_an_electrician_has_moved_it() -> None:
    made = house("B")
    assert warnings(made)
    made.really["boiler"] = {"L1": "A"}
    assert warnings(made, 5.0)
    assert warnings(made, 10.0) == []
    assert made.outcome is not None
    assert made.outcome.report.notices == ()


def test_what_moves_with_it_tells_it_in_one_voice() -> None:
    """It is switched by hand, too: that finding has taken over, and names it alone."""
    made = house("B")
    assert warnings(made)
    for _ in range(6):
        switched("boiler", 1)(made)
    assert found(made) == {"load:boiler": "wrong_phase"}
    made.outlets["boiler"].on = True
    assert warnings(made, 15.0) == []


def on_b(made: Crooked) -> None:
    made.household["main"] = {"A": 0.4, "B": 9.0, "C": 1.2}


def full(made: Crooked) -> None:
    made.household["main"] = {"A": 10.0, "B": 10.0, "C": 1.2}


def hides(made: Crooked) -> None:
    """A battery that no form names gives all that is taken."""
    made.hidden.add("boiler")
    made.household["main"] = {"A": 0.1, "B": 0.1, "C": 0.1}


def both(made: Crooked) -> None:
    made.household["main"] = {"A": 0.4, "B": 0.8, "C": 9.5}


def warm(made: Crooked) -> None:
    made.outlets["boiler"].power_w = 400.0


@pytest.mark.parametrize(
    ("really", "hour", "change", "sensor"),
    [
        pytest.param("A", 1.0, None, True, id="it is on A"),
        pytest.param("A", 1.0, on_b, True, id="on A, and the house takes as much on B"),
        pytest.param("B", 1.0, full, True, id="A carries as much all the same"),
        pytest.param("B", 1.0, both, True, id="it may be on B or on C"),
        pytest.param("B", 12.0, None, True, id="by day the sun may give it on A"),
        pytest.param("B", 1.0, hides, True, id="a battery that no form names"),
        pytest.param("B", 1.0, warm, True, id="too little to tell"),
        pytest.param("B", 1.0, None, False, id="it is not measured"),
    ],
)
def test_where_it_is_not_sure_nothing_is_told(
    really: str, hour: float, change: Any, sensor: bool
) -> None:
    made = house(really, hour, sensor=sensor)
    if change:
        change(made)
    assert warnings(made, 30.0) == []
