"""What is tried with a load that does not do what it was told: the table of `control.compliance`.

A charger on one phase that was told 10 A at 0 s, unless said otherwise. It speaks for itself by its
reports alone: no house, no meter.
"""

from __future__ import annotations

from typing import Any

import pytest
from loadjuggler.calls import AGAIN, ASK, CLEAR, RESET
from loadjuggler.control.compliance import (
    disobeys,
    holds_back,
    may_call,
    next_step,
    on_by_hand,
    retry_s,
)
from loadjuggler.control.compliance import remembered as noting
from loadjuggler.limits.obeying import overdraws
from loadjuggler.measure.readings import LoadReading, SessionReading, SetpointReading
from loadjuggler.memory.drawn import Heard
from loadjuggler.memory.load import NOTHING_KNOWN, LoadMemory
from loadjuggler.options import Options
from loadjuggler.reasons import Reason
from loadjuggler.records import replace
from loadjuggler.site.model import Load
from loadjuggler.site.setpoint import Dial
from loadjuggler.units import PerPhase

from .house import House, charger_form, plug_form, site_form
from .memories import remembered
from .numbers import number_form
from .readings import charging

OPTIONS = Options()
SITE = House.of(
    site_form("A"),
    charger_form("car", "A"),
    charger_form("asked", "A", report_interval_s=60),
    plug_form("plug"),
    number_form("box", "A"),
).site
CAR, PLUG = replace(SITE.loads["car"], reset_button="button.car"), SITE.loads["plug"]
DAY_S = 86400.0


def car(drawn_a: float, at: float, **values: Any) -> LoadReading:
    """A car that reported so much at `at` (s), and was told 10 A at 0 s."""
    known = {"draw": PerPhase(drawn_a), "draw_at": at, "command_a": 10.0, "commanded_at": 0.0}
    return charging(**{**known, **values})


def taken(
    load: Load,
    reading: LoadReading,
    memory: LoadMemory,
    now: float,
    *,
    fits: bool = True,
    over: bool = False,
) -> tuple[str, LoadMemory]:
    """The next step, and the memory of it."""
    over_told = overdraws(reading, OPTIONS)
    return next_step(load, reading, memory, lambda: fits, over, over_told, now, OPTIONS)


def why(
    load: Load, reading: LoadReading, memory: LoadMemory, now: float, *, idle: bool = False
) -> Reason | None:
    """Why it does not do what it was told, for people."""
    over_told = overdraws(reading, OPTIONS)
    return disobeys(load, reading, memory, idle, over_told, now, OPTIONS)


def noted(load: Load, reading: LoadReading, memory: LoadMemory) -> LoadMemory:
    """The memory with the first command that it does not follow."""
    return noting(load, reading, memory, overdraws(reading, OPTIONS), OPTIONS)


def step(
    reading: LoadReading,
    now: float,
    memory: LoadMemory = NOTHING_KNOWN,
    *,
    load: Load = CAR,
    fits: bool = True,
    over: bool = False,
) -> str:
    return taken(load, reading, memory, now, fits=fits, over=over)[0]


# --- a charger that draws too much ---------------------------------------------------------------


def steps(load: Load, *, fits: bool = True, until_s: int = 1300) -> list[tuple[int, str]]:
    """What is tried and when, if it reports 14 A from 20 s on."""
    found, memory = [], NOTHING_KNOWN
    for now in range(1, until_s):
        reading = car(14.0 if now >= 20 else 10.0, float(now))
        tried, memory = taken(load, reading, memory, float(now), fits=fits)
        if tried:
            found.append((now, tried))
    return found


TIMES = (20, 35, 55, 95, 175, 335, 635, 935, 1235)
"""Waits of 15, 20, 40, 80, 160 and then 300 s."""


def test_what_is_tried_with_a_charger_that_draws_too_much_and_when() -> None:
    """Told again 3 times, cleared, restarted, and told again ever after.

    Without a session of which an id is known it is restarted 3 times a day.
    """
    tried = [AGAIN, AGAIN, AGAIN, CLEAR, RESET, RESET, RESET, AGAIN, AGAIN]
    assert steps(CAR) == list(zip(TIMES, tried, strict=True))


def test_it_is_not_cleared_where_the_wires_do_not_carry_its_maximum() -> None:
    tried = [AGAIN] * 4 + [RESET] * 3 + [AGAIN] * 2
    assert steps(CAR, fits=False) == list(zip(TIMES, tried, strict=True))


def test_it_is_not_restarted_without_a_button() -> None:
    tried = [AGAIN] * 3 + [CLEAR] + [AGAIN] * 5
    assert steps(replace(CAR, reset_button=None)) == list(zip(TIMES, tried, strict=True))


def test_a_charger_beside_another_one_of_its_station_is_not_cleared() -> None:
    """To clear a charge point clears the profiles of all its connectors."""
    shared = replace(
        CAR, control=replace(CAR.control, telling=replace(CAR.control.telling, alone=False))
    )
    tried = [AGAIN] * 4 + [RESET] * 3 + [AGAIN] * 2
    assert steps(shared) == list(zip(TIMES, tried, strict=True))


TRIED = {"resends": 4, "resent_at": 0.0, "cleared": True, "vain_at": 900.0, "vain_over": True}
"""Told again and cleared, long ago; other ways to tell it were tried in vain."""


@pytest.mark.parametrize(
    ("values", "transaction", "right"),
    [
        pytest.param({}, 7, RESET, id="never before"),
        pytest.param({"reset_tx": 7}, 7, AGAIN, id="once in this session"),
        pytest.param({"reset_tx": 6}, 7, RESET, id="in another one"),
        pytest.param({"resets": (700.0, 800.0, 900.0)}, 7, AGAIN, id="3 times today"),
        pytest.param({"resets": (700.0, 800.0)}, 7, RESET, id="twice"),
        pytest.param({"resets": (-DAY_S, 800.0, 900.0)}, 7, RESET, id="once over 24 h ago"),
        pytest.param({"reset_tx": 0}, 0, RESET, id="the id of its session is not known"),
    ],
)
def test_it_is_restarted_once_in_a_session_and_3_times_a_day(
    values: dict[str, Any], transaction: int, right: str
) -> None:
    reading = car(14.0, 1000.0, session=SessionReading(transaction=transaction))
    assert step(reading, 1000.0, remembered(**{**TRIED, **values})) == right


def test_one_that_says_that_nothing_flows_may_be_stopping() -> None:
    """So it is not told again for 10 s."""
    for ago_s, right in ((9.0, ""), (10.0, AGAIN)):
        memory = remembered(heard=Heard(quiet_at=100.0 - ago_s))
        assert step(car(14.0, 100.0), 100.0, memory) == right


# --- what else is told again ---------------------------------------------------------------------


@pytest.mark.parametrize(("resent_s", "right"), [(None, AGAIN), (14.0, ""), (15.0, AGAIN)])
def test_an_entity_that_shows_something_else_is_set_again(
    resent_s: float | None, right: str
) -> None:
    tried = {} if resent_s is None else {"resends": 1, "resent_at": 100.0 - resent_s}
    reading = car(10.0, 95.0, setpoint=SetpointReading(refused=True))
    assert step(reading, 100.0, remembered(**tried)) == right


WAITS = {"status": "SuspendedEVSE", "command_a": 10.0, "commanded_at": 40.0}


@pytest.mark.parametrize(
    ("values", "known", "right"),
    [
        pytest.param({}, {}, AGAIN, id="60 s"),
        pytest.param({"commanded_at": 41.0}, {}, "", id="59 s after it was told"),
        pytest.param({}, {"idle_at": 41.0}, "", id="59 s after the car drew something"),
        pytest.param({}, {"idle_at": None}, "", id="the car draws something"),
        pytest.param({"command_a": 0.0}, {}, "", id="it was told to pause"),
        pytest.param({"commanded_at": None}, {}, "", id="nobody knows since when"),
        pytest.param({"status": "SuspendedEV"}, {}, "", id="the car has paused"),
        pytest.param({"status": None}, {}, "", id="it says nothing"),
        pytest.param({}, {"resends": 2, "resent_at": 80.0}, AGAIN, id="told again twice"),
        pytest.param({}, {"resends": 2, "resent_at": 81.0}, "", id="19 s ago"),
        pytest.param({}, {"resends": 3, "resent_at": 0.0}, "", id="3 times are enough"),
    ],
)
def test_a_charger_that_holds_its_car_back_is_told_3_times_more(
    values: dict[str, Any], known: dict[str, Any], right: str
) -> None:
    """It says SuspendedEVSE, was told 10 A at 40 s, and the car has drawn nothing since 40 s."""
    reading = car(0.0, 50.0, **{**WAITS, **values})
    assert step(reading, 100.0, remembered(**{"idle_at": 40.0, **known})) == right


@pytest.mark.parametrize(
    ("values", "right"),
    [
        pytest.param({}, AGAIN, id="its switch may start it"),
        pytest.param({"command_a": 0.0}, "", id="it was told to pause"),
        pytest.param({"status": "Charging"}, "", id="it does not wait"),
        pytest.param({"session": SessionReading(pause_switch=None)}, "", id="it has no switch"),
    ],
)
def test_a_session_that_was_not_started_is_started_again(
    values: dict[str, Any], right: str
) -> None:
    session = SessionReading(pause_switch="switch.car")
    reading = car(0.0, 50.0, **{"status": "Preparing", "session": session, **values})
    assert step(reading, 100.0, remembered(idle_at=40.0)) == right


@pytest.mark.parametrize(("draw_at", "resends"), [(94.0, 2), (95.0, 0)])
def test_it_follows_when_a_report_of_15_s_later_says_so(draw_at: float, resends: int) -> None:
    """It was told again at 80 s."""
    memory = remembered(resends=2, resent_at=80.0, cleared=True)
    _, after = taken(CAR, car(10.0, draw_at), memory, 100.0)
    assert after.compliance.resends == resends
    assert after.compliance.cleared is (resends > 0)


def test_what_was_never_told_anything_is_left_alone() -> None:
    assert step(car(14.0, 50.0, command_a=None, commanded_at=None), 100.0) == ""


# --- reports that are asked for ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("drawn_a", "draw_at", "asked_at", "now", "right"),
    [
        pytest.param(16.0, -1.0, None, 15.0, ASK, id="15 s after a cut"),
        pytest.param(16.0, -1.0, None, 14.9, "", id="it has these 15 s"),
        pytest.param(16.0, 1.0, None, 15.0, "", id="it has reported since"),
        pytest.param(16.0, -1.0, 0.0, 15.0, "", id="asked already"),
        pytest.param(16.0, -1.0, -1.0, 15.0, ASK, id="asked for the command before"),
        pytest.param(11.0, -1.0, None, 15.0, "", id="1 A is an error of measurement"),
        pytest.param(11.1, -1.0, None, 15.0, ASK, id="1.1 A is more"),
        pytest.param(6.0, -5.0, None, 5.0, ASK, id="5 s after a raise, 10 s after its report"),
        pytest.param(6.0, -5.1, None, 4.9, "", id="it has these 5 s"),
        pytest.param(6.0, -4.9, None, 5.0, "", id="a report of 9.9 s ago is young"),
        pytest.param(9.0, -5.0, None, 5.0, "", id="1 A less"),
        pytest.param(8.9, -5.0, None, 5.0, ASK, id="1.1 A less"),
    ],
)
def test_a_report_that_does_not_come_is_asked_for_once(
    drawn_a: float, draw_at: float, asked_at: float | None, now: float, right: str
) -> None:
    assert step(car(drawn_a, draw_at), now, remembered(asked_at=asked_at)) == right


def test_who_never_reported_or_held_its_command_when_it_was_found_is_not_asked() -> None:
    assert step(car(16.0, -1.0, draw=None, draw_at=None), 15.0) == ""
    assert step(car(8.0, -1.0, commanded_at=None), 15.0) == ""


@pytest.mark.parametrize(
    ("draw_at", "asked_at", "right"),
    [
        pytest.param(40.0, None, ASK, id="its report is 60 s old"),
        pytest.param(40.1, None, "", id="it is younger"),
        pytest.param(10.0, 40.1, "", id="it was asked since"),
        pytest.param(10.0, 40.0, ASK, id="60 s ago"),
        pytest.param(101.0, None, ASK, id="a report from the future is none"),
    ],
)
def test_with_an_interval_it_is_asked_as_often(
    draw_at: float, asked_at: float | None, right: str
) -> None:
    """Each 60 s, by its form; it is 100 s."""
    asked = SITE.loads["asked"]
    known = remembered(asked_at=asked_at)
    _, after = taken(asked, car(10.0, draw_at), known, 100.0)
    assert step(car(10.0, draw_at), 100.0, known, load=asked) == right
    assert after.compliance.asked_at == (100.0 if right else asked_at)


# --- calls that failed ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failures", "wait_s"), [(1, 5.0), (2, 10.0), (3, 20.0), (4, 40.0), (7, 300.0), (50, 300.0)]
)
def test_a_call_that_failed_is_made_again_after_twice_the_time(
    failures: int, wait_s: float
) -> None:
    memory = remembered(failures=failures, called_at=100.0, commanded_at=0.0)
    assert retry_s(memory, 100.0, OPTIONS) == wait_s
    assert not may_call(memory, 100.0 + wait_s - 0.1, OPTIONS)
    assert may_call(memory, 100.0 + wait_s, OPTIONS)
    assert retry_s(memory, 1000.0, OPTIONS) == 0.0
    since_command = remembered(failures=failures, called_at=None, commanded_at=100.0)
    assert retry_s(since_command, 100.0, OPTIONS) == wait_s


def test_without_a_failure_a_call_may_be_made_at_any_time() -> None:
    assert may_call(remembered(called_at=100.0), 100.0, OPTIONS)
    assert retry_s(remembered(failures=1), 100.0, OPTIONS) == 0.0


# --- plugs ---------------------------------------------------------------------------------------


def plug(**values: Any) -> LoadReading:
    """A plug that is on, and was told to be off at 0 s."""
    known = {"status": "on", "on": True, "min_a": 10.0, "max_a": 10.0, "draw": PerPhase(8.26)}
    told = {"draw_at": 10.0, "command_a": 0.0, "commanded_at": 0.0}
    return charging(**{**known, **told, **values})


@pytest.mark.parametrize(
    ("values", "now", "by_hand"),
    [
        pytest.param({}, 15.0, True, id="15 s after it was switched off"),
        pytest.param({}, 14.9, False, id="it may be on its way"),
        pytest.param({"commanded_at": None}, 1.0, True, id="it was found so"),
        pytest.param({"command_a": 10.0}, 15.0, False, id="it was told to be on"),
        pytest.param({"command_a": None}, 15.0, False, id="it was never told anything"),
        pytest.param({"on": False}, 15.0, False, id="it is off"),
        pytest.param({"on": None}, 15.0, False, id="nobody knows"),
        pytest.param({"mode": "off"}, 15.0, False, id="in mode off it is left alone"),
    ],
)
def test_a_plug_that_is_on_although_it_was_switched_off(
    values: dict[str, Any], now: float, by_hand: bool
) -> None:
    """It is told again only while the house alone exceeds a limit."""
    reading = plug(**values)
    assert on_by_hand(reading, now, OPTIONS) is by_hand
    told = why(PLUG, reading, NOTHING_KNOWN, now)
    assert (told and (told.code, told.numbers)) == (
        ("on_by_hand", {"draw_a": 8.3}) if by_hand else None
    )
    assert step(reading, now, load=PLUG) == ""
    again = AGAIN if by_hand else ""
    assert step(reading, now, load=PLUG, over=True) == again
    just_now = remembered(resends=1, resent_at=now - 1.0)
    assert step(reading, now, just_now, load=PLUG, over=True) == ""
    before = taken(PLUG, reading, just_now, now)[1]
    followed = reading.command_a is not None and not by_hand
    assert before.compliance.resends == (0 if followed else 1)


# --- what people are told ------------------------------------------------------------------------


def said(reading: LoadReading, now: float, idle: bool = False, **known: Any) -> object:
    """The code and the numbers of why it does not do what it was told."""
    reason = why(CAR, reading, remembered(**known), now, idle=idle)
    return reason and (reason.code, dict(reason.numbers))


def test_a_charger_that_holds_back_is_told_only_if_it_draws_nothing() -> None:
    reading = car(0.0, 50.0, **WAITS)
    assert holds_back(reading, 100.0, OPTIONS)
    assert said(reading, 100.0, idle=True) == ("held_back", {"told_a": 10.0})
    assert said(reading, 100.0) is None


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        pytest.param({}, {"told_a": 10.0, "ago_s": 60}, id="told 10 A a minute ago"),
        pytest.param({"commanded_at": None}, {"told_a": 10.0}, id="it was found so"),
        pytest.param(
            {"command_a": 8.0, "commanded_at": 40.0, "earlier": ((16.0, 0.0), (10.0, 40.0))},
            {"told_a": 10.0, "ago_s": 60, "since_a": 8.0},
            id="10 A is the first that it exceeds, 8 A is what it is told now",
        ),
        pytest.param(
            {"command_a": 8.0, "commanded_at": 40.0, "earlier": ((10.0, 20.0), (16.0, 40.0))},
            {"told_a": 8.0, "ago_s": 20},
            id="between the two it was allowed 16 A",
        ),
        pytest.param(
            {
                "command_a": 0.0,
                "commanded_at": 40.0,
                "earlier": ((16.0, 0.0), (0.0, 40.0)),
                "session": SessionReading(least_a=6.0),
            },
            {"told_a": 0.0, "ago_s": 60},
            id="told to pause twice, it can only be told 6 A",
        ),
    ],
)
def test_the_first_command_in_a_row_that_it_exceeds_is_told(
    values: dict[str, Any], numbers: dict[str, float]
) -> None:
    """It draws 14 A by a report of now, 60 s."""
    expected = {"draw_a": 14.0, **numbers}
    assert said(car(14.0, 60.0, **values), 60.0) == ("not_following", expected)


@pytest.mark.parametrize(("since_s", "ago_s"), [(299.0, 299.0), (310.0, 300.0)])
def test_since_when_it_does_not_follow_is_told_in_whole_minutes_after_five(
    since_s: float, ago_s: float
) -> None:
    """A time that changes each second is no news to a person who may look for hours."""
    right = {"draw_a": 14.0, "told_a": 10.0, "ago_s": ago_s}
    assert said(car(14.0, since_s), since_s) == ("not_following", right)


def test_what_it_ignored_first_stays_told_while_it_goes_on() -> None:
    """It has ignored 8 A since 0 s, and is told 10 A now: its report is 2 s younger than that."""
    reading = car(14.0, 62.0, commanded_at=60.0)
    right = {"draw_a": 14.0, "told_a": 8.0, "ago_s": 62, "since_a": 10.0}
    assert said(reading, 62.0, ignored_a=8.0, ignored_at=0.0) == ("not_following", right)
    assert said(reading, 62.0) is None, "it has 15 s to obey a first command"
    less = car(11.0, 62.0, commanded_at=60.0)
    assert said(less, 62.0, ignored_a=8.0, ignored_at=0.0) is None, "11 A are 10 A"


@pytest.mark.parametrize(
    ("reading", "ignored"),
    [
        pytest.param(car(14.0, 62.0, commanded_at=60.0), (8.0, 0.0), id="it goes on"),
        pytest.param(car(10.0, 62.0, commanded_at=60.0), (None, None), id="it has obeyed"),
        pytest.param(
            car(14.0, 62.0, draw=None, draw_at=None), (None, None), id="nobody knows any more"
        ),
        pytest.param(
            car(7.0, 62.0, command_a=0.0, session=SessionReading(least_a=6.0)),
            (None, None),
            id="it can't be told less than 6 A",
        ),
    ],
)
def test_it_ignores_its_commands_until_a_report_says_otherwise(
    reading: LoadReading, ignored: tuple[float | None, float | None]
) -> None:
    known = remembered(ignored_a=8.0, ignored_at=0.0)
    after = noted(CAR, reading, known).compliance
    assert (after.ignored_a, after.ignored_at) == ignored


def test_the_first_command_that_it_exceeds_is_remembered() -> None:
    after = noted(CAR, car(14.0, 60.0), NOTHING_KNOWN).compliance
    assert (after.ignored_a, after.ignored_at) == (10.0, 0.0)
    assert noted(CAR, car(10.0, 60.0), NOTHING_KNOWN) == NOTHING_KNOWN
    assert noted(PLUG, plug(draw=PerPhase(14.0)), NOTHING_KNOWN) == NOTHING_KNOWN


@pytest.mark.parametrize(
    ("refused", "shown", "known", "told"),
    [
        pytest.param(True, 16.0, {}, True, id="it has long shown 16 A"),
        pytest.param(False, 16.0, {}, False, id="not for long yet"),
        pytest.param(False, 16.0, {"ignored_at": 0.0, "ignored_a": 8.0}, True, id="it still does"),
        pytest.param(False, 10.0, {"ignored_at": 0.0, "ignored_a": 8.0}, False, id="it shows 10 A"),
    ],
)
def test_an_entity_that_shows_something_else_than_it_was_set_to_is_told(
    refused: bool, shown: float, known: dict[str, Any], told: bool
) -> None:
    """It was set to 10 A; the car draws no more."""
    setpoint = SetpointReading(dial=Dial("A", 6.0, 16.0, 1.0), shown=shown, refused=refused)
    memory = remembered(default_a=10.0, **known)
    box = SITE.loads["box"]
    reason = why(box, car(10.0, 95.0, setpoint=setpoint), memory, 100.0)
    numbers = {"entity": "number.box", "shown": "16 A", "told": "10 A"}
    assert (reason and (reason.code, reason.numbers)) == (("not_taken", numbers) if told else None)
