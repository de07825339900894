"""Which level a charger seems to go by instead of its command: tables, no house (decision 32).

By itself the charger holds its fallback current of 10 A, or its minimum of 6 A.
"""

from __future__ import annotations

from typing import Any

import pytest
from loadjuggler.calls import ASK, OTHERWISE
from loadjuggler.control.inforce import level_a, reason, step, without_chance
from loadjuggler.measure.readings import LoadReading, SessionReading
from loadjuggler.options import Options
from loadjuggler.reasons import Reason
from loadjuggler.units import PerPhase

from .house import House, charger_form, site_form
from .memories import remembered
from .readings import charging

NOW = 10_000.0
DAY_S = 86_400.0
CAR = House.of(site_form("ABC"), charger_form("car", "ABC", fallback_current_a=10)).site.loads[
    "car"
]


def car(
    told_a: float | None,
    draws_a: float | None,
    *,
    report_s: float = 0.0,
    transaction: int = 7,
    offers_a: float | None = None,
    offered_s: float = 20.0,
) -> LoadReading:
    """A car that was told so much 120 s ago and draws so much on its one leg.

    Its report is `report_s` old. Its charger said `offered_s` after the command what it offers.
    """
    at = None if offers_a is None else NOW - 120.0 + offered_s
    session = SessionReading(transaction=transaction, offered_a=offers_a, offered_at=at)
    return charging(
        command_a=told_a,
        commanded_at=NOW - 120.0,
        draw=None if draws_a is None else PerPhase(draws_a),
        draw_at=None if draws_a is None else NOW - report_s,
        session=session,
    )


def level(reading: LoadReading, *, over: bool = False, less: bool = False, **known: Any) -> Any:
    """The level that seems to be in force; `over`, `less`: than it was told (for a minute)."""
    memory = remembered(cap_a=8.0 if less else None, **known)
    return level_a(CAR, reading, memory, over, NOW, Options())


@pytest.mark.parametrize(
    ("draws_a", "found"),
    [
        pytest.param(5.2, None, id="0.8 A below the minimum"),
        pytest.param(5.3, 6.0, id="0.7 A below it is of that level"),
        pytest.param(6.3, 6.0, id="0.3 A above it, too"),
        pytest.param(6.4, None, id="between the two levels: the car itself takes less"),
        pytest.param(9.3, 10.0, id="the fallback current"),
        pytest.param(10.4, None, id="more than both"),
    ],
)
def test_a_car_that_takes_less_may_be_held_by_what_its_charger_holds(
    draws_a: float, found: float | None
) -> None:
    assert level(car(16.0, draws_a), less=True) == found
    assert level(car(16.0, draws_a)) is None, "not for a minute yet"


@pytest.mark.parametrize(
    ("told_a", "draws_a", "found"),
    [
        pytest.param(0.0, 10.0, 10.0, id="a pause, and it goes on with its fallback current"),
        pytest.param(0.0, 6.0, 10.0, id="a car that takes less of it"),
        pytest.param(6.0, 10.3, 10.0, id="told its minimum, which is no level of its own then"),
        pytest.param(0.0, 10.4, None, id="more than it holds by itself"),
        pytest.param(9.0, 12.0, None, id="the fallback current is as good as its command"),
    ],
)
def test_a_car_that_takes_more_is_held_by_a_level_above_its_command(
    told_a: float, draws_a: float, found: float | None
) -> None:
    """A level within 1 A of the command shows nothing. A car may take less than the level."""
    assert level(car(told_a, draws_a), over=True) == found
    assert level(car(told_a, draws_a)) is None, "not for 15 s yet"


@pytest.mark.parametrize(
    ("reading", "known", "found"),
    [
        pytest.param(car(16.0, 6.0), {}, 6.0, id="as it is"),
        pytest.param(car(None, 6.0), {}, None, id="it was never told anything"),
        pytest.param(car(16.0, None), {}, None, id="nothing is known of its draw"),
        pytest.param(car(16.0, 6.0, transaction=0), {}, None, id="no session"),
        pytest.param(car(16.0, 6.0), {"failures": 1}, None, id="its call failed: it runs out"),
        pytest.param(car(16.0, 6.0), {"mended_at": NOW - 14.0}, None, id="until 14 s ago"),
        pytest.param(car(16.0, 6.0), {"mended_at": NOW - 15.0}, 6.0, id="15 s before its report"),
        pytest.param(
            car(16.0, 6.0, report_s=5.0), {"mended_at": NOW - 19.0}, None, id="an older report"
        ),
        pytest.param(car(16.0, 6.0), {"vain_at": NOW - DAY_S + 1}, None, id="tried within a day"),
        pytest.param(car(16.0, 6.0), {"vain_at": NOW - DAY_S}, 6.0, id="tried a day ago"),
    ],
)
def test_what_shows_nothing(
    reading: LoadReading, known: dict[str, Any], found: float | None
) -> None:
    assert level(reading, less=True, **known) == found


def test_a_draw_that_fits_its_command_on_some_number_of_legs_shows_nothing() -> None:
    """18 A in all: 18, 9 or 6 A, on one, two or three legs. Only the power is known.

    Told 16 A, 6 A on three legs are the minimum. Told 9 A it does as it is told, on two.
    """
    even = PerPhase(6.0, 6.0, 6.0)
    known = {"apart": ((("L1", 0.0),), (("L1", 18.0),))}
    three = (("L1", "A"), ("L2", "B"), ("L3", "C"))
    for told_a, found in ((12.0, 6.0), (9.0, None), (10.0, None)):
        reading = charging(
            command_a=told_a,
            commanded_at=NOW - 120.0,
            draw=even,
            draw_at=NOW,
            legs=three,
            session=SessionReading(transaction=7),
        )
        assert level(reading, less=True, **known) == found


def test_three_legs_that_are_measured_are_each_what_it_draws() -> None:
    """6 A on each of three. Told 9 A it takes its minimum; nobody adds up its legs."""
    reading = charging(
        command_a=9.0,
        commanded_at=NOW - 120.0,
        draw=PerPhase(6.0, 6.0, 6.0),
        draw_at=NOW,
        legs=(("L1", "A"), ("L2", "B"), ("L3", "C")),
        session=SessionReading(transaction=7),
    )
    assert level(reading, less=True) == 6.0


@pytest.mark.parametrize(
    ("reading", "found"),
    [
        pytest.param(car(16.0, 3.0, offers_a=6.0), 6.0, id="it offers its minimum"),
        pytest.param(car(16.0, 3.0, offers_a=6.3), 6.0, id="0.3 A beside it"),
        pytest.param(car(16.0, 3.0, offers_a=6.4), None, id="0.4 A beside it"),
        pytest.param(car(16.0, 6.4, offers_a=6.0), None, id="its car takes more than that"),
        pytest.param(car(16.0, 3.0, offers_a=6.0, offered_s=14.0), None, id="said too early"),
        pytest.param(car(16.0, 3.0, offers_a=16.0), None, id="it offers its command"),
    ],
)
def test_what_a_charger_says_that_it_offers_shows_it_at_once(
    reading: LoadReading, found: float | None
) -> None:
    assert level(reading) == found


def test_people_are_told_the_level_and_what_it_draws_if_that_is_more_than_its_command() -> None:
    less, more = remembered(cap_a=8.0), remembered()
    assert reason(CAR, car(16.0, 6.0), less, False, NOW, Options()) == Reason(
        "not_in_force", {"told_a": 16.0, "level_a": 6.0}
    )
    assert reason(CAR, car(0.0, 9.96), more, True, NOW, Options()) == Reason(
        "other_in_force", {"told_a": 0.0, "level_a": 10.0, "draw_a": 10.0}
    )
    assert reason(CAR, car(16.0, 16.0), more, False, NOW, Options()) is None


@pytest.mark.parametrize(
    ("waits", "report_s", "known", "found"),
    [
        pytest.param(True, 0.0, {}, "", id="too early"),
        pytest.param(False, 0.0, {}, OTHERWISE, id="the first way"),
        pytest.param(False, 0.0, {"resent_at": NOW - 15.0}, OTHERWISE, id="heard of it for 15 s"),
        pytest.param(False, 1.0, {"resent_at": NOW - 15.0}, ASK, id="14 s: a report is asked for"),
        pytest.param(
            False, 1.0, {"resent_at": NOW - 15.0, "asked_at": NOW - 5.0}, "", id="it was asked"
        ),
        pytest.param(
            False, 1.0, {"resent_at": NOW - 15.0, "asked_at": NOW - 20.0}, ASK, id="before that way"
        ),
    ],
)
def test_each_way_has_15_s_and_until_a_report_is_there(
    waits: bool, report_s: float, known: dict[str, Any], found: str
) -> None:
    reading = car(16.0, 6.0, report_s=report_s)
    made, memory = step(CAR, reading, remembered(**known), 6.0, waits, NOW, Options())
    assert made == found
    assert memory.compliance.asked_at == (NOW if found == ASK else known.get("asked_at"))
    assert memory.profiles.way == ("relative" if found == OTHERWISE else "")
    assert memory.compliance.resent_at == (NOW if found == OTHERWISE else known.get("resent_at"))


@pytest.mark.parametrize(
    ("reading", "known", "forgets"),
    [
        pytest.param(car(16.0, 11.1), {}, True, id="clearly more than it holds by itself"),
        pytest.param(car(16.0, 11.0), {}, False, id="it may be its fallback current"),
        pytest.param(car(16.0, 17.0), {}, True, id="1 A above its command is an error"),
        pytest.param(car(16.0, 17.1), {}, False, id="it does not obey"),
        pytest.param(car(16.0, 12.0), {"way": "single"}, False, id="it is told so just now"),
        pytest.param(car(16.0, 12.0), {"way_before": ""}, False, id="nothing to forget"),
        pytest.param(car(16.0, 12.0, transaction=0), {}, False, id="no session"),
        pytest.param(car(16.0, 12.0, report_s=106.0), {}, False, id="reported 14 s after it"),
        pytest.param(car(16.0, 12.0, report_s=105.0), {}, True, id="reported 15 s after it"),
        pytest.param(car(0.0, 0.5), {}, False, id="paused"),
        pytest.param(car(None, 12.0), {}, False, id="never told anything"),
    ],
)
def test_a_way_that_helped_before_is_forgotten_where_the_form_is_right(
    reading: LoadReading, known: dict[str, Any], forgets: bool
) -> None:
    memory = remembered(**{"way_before": "relative", **known})
    after = without_chance(CAR, reading, memory, Options())
    assert (after.profiles.way_before != memory.profiles.way_before) == forgets
    assert (after is memory) != forgets
