"""The marks of the home battery, and how much power it is counted on for: tables, without a run.

One phase or three; reserve 20 %, target 80 %, hysteresis 3 %; the battery gives 5,000 W at most.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.limits.battery import can_give_w, doubted, heard, judge, learn, old_s, rated_w
from loadjuggler.measure.readings import EnergyReading
from loadjuggler.memory.limits import NOTHING_PASSED, BatteryMemory
from loadjuggler.options import Options
from loadjuggler.site.model import Inverter, Site
from loadjuggler.units import DAY_S

from .house import BATTERY, House, site_form

NOW = 1_000_000.0
FORM = {**BATTERY, "battery_max_discharge_w": 5000}
ENERGY = EnergyReading(soc_pct=50.0, battery_w=0.0, soc_min_pct=20.0, soc_target_pct=80.0)


def site(phases: str = "A", **values: Any) -> Site:
    return House.of(site_form(phases, **{**FORM, **values})).site


SITE = site()

# --- marks ---------------------------------------------------------------------------------------

AT_TARGET, ABOVE, RESERVE, FULL = "at_target", "above_target", "reserve", "full"


@pytest.mark.parametrize(
    ("mark", "begins_pct", "before_pct", "holds_pct", "ends_pct"),
    [
        pytest.param(AT_TARGET, 80.0, 79.9, 74.0, 73.9, id="at target: ends 2 x 3 % below"),
        pytest.param(ABOVE, 80.1, 80.0, 77.0, 76.9, id="above target: ends 3 % below"),
        pytest.param(RESERVE, 20.0, 20.1, 22.9, 23.0, id="reserve: ends 3 % above"),
        pytest.param(FULL, 98.0, 97.9, 95.0, 94.9, id="full: ends 3 % below 98 %"),
    ],
)
def test_a_mark_begins_at_its_charge_and_ends_some_percent_away(
    mark: str, begins_pct: float, before_pct: float, holds_pct: float, ends_pct: float
) -> None:
    def holds(known: BatteryMemory, soc_pct: float) -> bool:
        return bool(getattr(judge(known, SITE, replace(ENERGY, soc_pct=soc_pct)), mark))

    passed = replace(NOTHING_PASSED, **{mark: True})
    assert holds(NOTHING_PASSED, begins_pct)
    assert not holds(NOTHING_PASSED, before_pct)
    assert not holds(NOTHING_PASSED, holds_pct), "at the first start nothing has been passed"
    assert holds(passed, holds_pct)
    assert not holds(passed, ends_pct)


def test_marks_stay_while_the_charge_is_not_known_or_there_is_no_battery() -> None:
    known = BatteryMemory(at_target=True, above_target=True, reserve=True, full=True)
    assert judge(known, SITE, replace(ENERGY, soc_pct=None)) == known
    assert judge(known, House.of(site_form("A")).site, ENERGY) == known


# --- reports -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "reported_at", "right"),
    [
        pytest.param((None, 0.0), 100.0, (100.0, 0.0), id="the first report tells no gap"),
        pytest.param((90.0, 0.0), 100.0, (100.0, 10.0), id="10 s after the one before"),
        pytest.param((99.0, 10.0), 100.0, (100.0, 8.0), id="1 s after: 80 % of the usual 10 s"),
        pytest.param((91.0, 10.0), 100.0, (100.0, 9.0), id="9 s after, which is more than 8 s"),
        pytest.param((100.0, 10.0), 100.0, (100.0, 10.0), id="no new report"),
        pytest.param((100.0, 10.0), None, (100.0, 10.0), id="no report at all"),
        pytest.param((103.0, 10.0), 100.0, (100.0, 8.0), id="a clock that was set back"),
    ],
)
def test_the_usual_gap_between_reports_is_the_largest_lately(
    known: tuple[float | None, float], reported_at: float | None, right: tuple[float, float]
) -> None:
    memory = BatteryMemory(reported_at=known[0], every_s=known[1])
    found = heard(memory, replace(ENERGY, reported_at=reported_at))
    assert (found.reported_at, found.every_s) == (right[0], pytest.approx(right[1]))


def test_the_last_four_gaps_between_reports_are_kept() -> None:
    """Reports 10, 20, 30 and 40 s apart, and one after 50 s: a fifth replaces the oldest."""
    memory = BatteryMemory(reported_at=950.0, gaps_s=(10.0, 20.0, 30.0, 40.0))
    found = heard(memory, replace(ENERGY, reported_at=1000.0))
    assert found.gaps_s == (20.0, 30.0, 40.0, 50.0)


@pytest.mark.parametrize(
    ("known", "reported_at", "right"),
    [
        pytest.param((None, ()), 100.0, 0.0, id="its first report"),
        pytest.param((60.0, ()), 100.0, 40.0, id="40 s after the one before: from any time since"),
        pytest.param((60.0, (90.0,)), 100.0, 90.0, id="or 90 s old, as the gap before it"),
        pytest.param((60.0, (90.0,)), None, None, id="there is no report"),
        pytest.param((60.0, (90.0, 40.0)), 100.0, 40.0, id="two gaps: the shorter one"),
        pytest.param((60.0, (90.0, 30.0)), 100.0, None, id="30 s once: it is of its moment"),
    ],
)
def test_how_old_what_a_battery_reports_may_be(
    known: tuple[float | None, tuple[float, ...]], reported_at: float | None, right: float | None
) -> None:
    memory = BatteryMemory(reported_at=known[0], gaps_s=known[1])
    assert old_s(memory, replace(ENERGY, reported_at=reported_at)) == right


# --- what it can give ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inverter", "phases", "rating_w"),
    [
        pytest.param({}, 3, None, id="nothing is known"),
        pytest.param({"max_w": 5000.0}, 3, 5000, id="its rating"),
        pytest.param({"max_phase_w": 2000.0}, 3, 6000, id="three times the rating per phase"),
        pytest.param({"max_phase_w": 2000.0}, 1, 2000, id="one phase"),
        pytest.param({"max_w": 5000.0, "max_phase_w": 2000.0}, 3, 5000, id="the smaller"),
        pytest.param({"max_w": 7000.0, "max_phase_w": 2000.0}, 3, 6000, id="of the two"),
        pytest.param(
            {"max_phase_w": 2000.0, "asymmetric": True}, 3, None, id="asymmetric: not in total"
        ),
    ],
)
def test_what_the_inverter_can_give_in_total(
    inverter: dict[str, Any], phases: int, rating_w: float | None
) -> None:
    assert rated_w(Inverter(**inverter), phases) == rating_w


@pytest.mark.parametrize(
    ("form", "known", "energy", "sun_w", "right"),
    [
        pytest.param({}, {}, {}, 2000, 5000, id="its maximum"),
        pytest.param({"inverter_max_w": 6000}, {}, {}, 2000, 4000, id="what the inverter has left"),
        pytest.param({"inverter_max_w": 6000}, {}, {}, 500, 5000, id="no more than its maximum"),
        pytest.param({"inverter_max_w": 6000}, {}, {}, 7000, 0, id="nothing beside so much sun"),
        pytest.param({}, {}, {"battery_w": None}, 0, 0, id="its power is not known"),
        pytest.param({}, {}, {"unsure": True}, 0, 0, id="a sensor of it gives nothing"),
        pytest.param(
            {},
            {"cap_w": 4000.0, "gave_w": 3000.0},
            {},
            2500,
            1500,
            id="found short: 4,000 W in all",
        ),
        pytest.param(
            {}, {"cap_w": 4000.0, "gave_w": 1000.0}, {}, 500, 1000, id="and no more than it gave"
        ),
        pytest.param(
            {"inverter_max_w": 3000},
            {"cap_w": 4000.0, "gave_w": 3500.0},
            {},
            1000,
            2000,
            id="the inverter leaves less than was found",
        ),
    ],
)
def test_what_the_battery_can_give(
    form: dict[str, Any],
    known: dict[str, float],
    energy: dict[str, Any],
    sun_w: float,
    right: float,
) -> None:
    found = can_give_w(BatteryMemory(**known), site(**form), replace(ENERGY, **energy), sun_w)
    assert found == right


def test_ratings_per_phase_leave_the_battery_three_times_as_much() -> None:
    """3 x 2,000 W beside 4,600 W of sun leave 1,400 W."""
    three = site("ABC", inverter_max_phase_w=2000)
    assert can_give_w(NOTHING_PASSED, three, ENERGY, 4600.0) == pytest.approx(1400.0)


def test_where_there_is_no_battery_none_gives_anything() -> None:
    assert can_give_w(NOTHING_PASSED, House.of(site_form("A")).site, ENERGY, 0.0) == 0.0


# --- a battery that gives less than was counted on -----------------------------------------------

SHORT_S = 30.0


def learned(
    known: BatteryMemory,
    *,
    import_w: float | None = 3000.0,
    given_w: float | None = 0.0,
    sun_w: float = 2000.0,
    counted_w: float = 5000.0,
    now: float = NOW,
) -> BatteryMemory:
    energy = replace(ENERGY, battery_w=given_w)
    return learn(known, energy, import_w, sun_w, counted_w, now, Options())


COUNTED = BatteryMemory(counted_w=5000.0)


@pytest.mark.parametrize(
    ("import_w", "given_w", "short"),
    [
        pytest.param(3000.0, 0.0, True, id="3,000 W are imported and the battery gives nothing"),
        pytest.param(100.0, 0.0, False, id="100 W of import are an error of measurement"),
        pytest.param(101.0, 0.0, True, id="more is not"),
        pytest.param(3000.0, 4900.0, False, id="100 W too little from it are one, too"),
        pytest.param(3000.0, 4899.0, True, id="more is not, either"),
        pytest.param(None, 0.0, False, id="what is imported is not known"),
        pytest.param(3000.0, None, False, id="what the battery gives is not known"),
    ],
)
def test_the_site_is_short_while_it_imports_and_the_battery_gives_too_little(
    import_w: float | None, given_w: float | None, short: bool
) -> None:
    """5,000 W are counted on. Since when it is so is remembered, and forgotten when it is not."""
    before = replace(COUNTED, short_at=NOW - 5.0)
    assert learned(COUNTED, import_w=import_w, given_w=given_w).short_at == (NOW if short else None)
    found = learned(before, import_w=import_w, given_w=given_w)
    assert found.short_at == (NOW - 5.0 if short else None)
    assert found.cap_w is None


def test_what_is_counted_on_since_this_run_only_is_not_missing_yet() -> None:
    """The battery can't have answered yet; the next run looks at it, as that has counted on it."""
    found = learned(NOTHING_PASSED)
    assert (found.short_at, found.counted_w) == (None, 5000.0)
    assert learned(found).short_at == NOW
    assert learned(COUNTED, counted_w=50.0).short_at is None, "nor what is not counted on any more"


def test_after_half_a_minute_it_counts_for_what_it_gave() -> None:
    """5,000 W counted on, 1,000 W given, 2,000 W of sun: 3,000 W in all for the next day."""
    short = replace(COUNTED, short_at=NOW - SHORT_S + 0.1)
    assert learned(short, given_w=1000.0).cap_w is None
    found = learned(replace(COUNTED, short_at=NOW - SHORT_S), given_w=1000.0)
    assert (found.cap_w, found.gave_w, found.cap_at, found.short_at) == (3000.0, 1000.0, NOW, None)


def test_a_battery_that_charges_meanwhile_gives_nothing() -> None:
    """It takes 500 W: it counts for 0 W, and sun and battery for the sun."""
    found = learned(replace(COUNTED, short_at=NOW - SHORT_S), given_w=-500.0)
    assert (found.cap_w, found.gave_w) == (2000.0, 0.0)


def test_a_clock_that_was_set_back_does_not_make_it_short_for_longer() -> None:
    assert learned(replace(COUNTED, short_at=NOW + 500.0)).short_at == NOW


CAPPED = BatteryMemory(counted_w=1000.0, cap_w=3000.0, gave_w=1000.0, cap_at=NOW - 60.0)


@pytest.mark.parametrize(
    ("given_w", "sun_w", "age_s", "cap_w"),
    [
        pytest.param(1000.0, 2000.0, 60.0, 3000.0, id="it gives as much as then"),
        pytest.param(1100.0, 1500.0, 60.0, 3000.0, id="100 W more are an error of measurement"),
        pytest.param(1101.0, 2000.0, 60.0, None, id="it gives more: it is counted on again"),
        pytest.param(800.0, 2500.0, 60.0, 3300.0, id="more sun: both count for 3,300 W"),
        pytest.param(1000.0, 1000.0, 60.0, 3000.0, id="less sun does not take it back"),
        pytest.param(1000.0, 2000.0, DAY_S, 3000.0, id="for a day"),
        pytest.param(1000.0, 2000.0, DAY_S + 1.0, None, id="and no longer"),
        pytest.param(1000.0, 2000.0, -1.0, None, id="a clock that was set back"),
    ],
)
def test_how_long_a_battery_counts_for_what_it_gave(
    given_w: float, sun_w: float, age_s: float, cap_w: float | None
) -> None:
    """It gave 1,000 W beside 2,000 W of sun. Nothing is imported now."""
    known = replace(CAPPED, cap_at=NOW - age_s)
    found = learned(known, import_w=0.0, given_w=given_w, sun_w=sun_w, counted_w=1000.0)
    assert (found.cap_w, found.gave_w, found.short_at) == (cap_w, 1000.0, None)


def test_a_battery_that_gives_more_beside_import_gives_all_that_it_can() -> None:
    """It gave 1,000 W beside 2,000 W of sun. Now it gives 1,800 W, and 3,000 W are imported.

    A battery that follows the load and could give more would give it, so it counts for 1,800 W, and
    both together for the 800 W that it gives more.
    """
    found = learned(CAPPED, given_w=1800.0, sun_w=2000.0, counted_w=1000.0)
    assert (found.cap_w, found.gave_w) == (3800.0, 1800.0)
    more = learned(found, given_w=2500.0, sun_w=1000.0, counted_w=1800.0)
    assert (more.cap_w, more.gave_w) == (4500.0, 2500.0)
    free = learned(found, import_w=0.0, given_w=2500.0, counted_w=1800.0)
    assert free.cap_w is None, "without import it has shown that it follows"


def test_a_battery_that_was_caught_once_is_believed_for_5_s_only() -> None:
    """It is counted on for 1,000 W, gives 400 W, and 3,000 W are imported: 30 s at first, then 5 s.

    The inverter is full of 2,600 W of sun now.
    """
    short = replace(CAPPED, short_at=NOW - 4.9)
    assert learned(short, given_w=400.0, sun_w=2600.0, counted_w=1000.0).gave_w == 1000.0
    short = replace(CAPPED, short_at=NOW - 5.0)
    found = learned(short, given_w=400.0, sun_w=2600.0, counted_w=1000.0)
    assert (found.cap_w, found.gave_w, found.cap_at) == (3000.0, 400.0, NOW)


@pytest.mark.parametrize(
    ("short_s", "doubtful"),
    [
        pytest.param(None, False, id="it gives what is counted on"),
        pytest.param(4.9, False, id="it may be answering a load that has just come on"),
        pytest.param(5.0, True, id="for 5 s it has not"),
    ],
)
def test_when_a_raise_counts_on_what_a_battery_gives_now(
    short_s: float | None, doubtful: bool
) -> None:
    known = replace(COUNTED, short_at=None if short_s is None else NOW - short_s)
    assert doubted(known, NOW, Options()) is doubtful


def test_a_battery_that_is_reported_seldom_is_not_judged_and_what_was_judged_ends() -> None:
    """Its cap of 2,000 W is from a time when it was reported often (decision 8)."""
    often = BatteryMemory(
        counted_w=5000.0,
        cap_w=2000.0,
        cap_at=NOW - 60.0,
        gaps_s=(5.0, 5.0),
        reported_at=NOW - 5.0,
    )
    power = EnergyReading(battery_w=0.0, soc_pct=50.0, reported_at=NOW)
    assert learn(often, power, 2000.0, 0.0, 5000.0, NOW, Options()).cap_w is not None
    seldom = replace(often, gaps_s=(300.0, 300.0))
    assert learn(seldom, power, 2000.0, 0.0, 5000.0, NOW, Options()).cap_w is None
