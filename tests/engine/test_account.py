"""The account of a load: its numbers are those of the run, and they add up."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.diagnostics.wiring.check import begun
from loadjuggler.explain.breakdown import account
from loadjuggler.explain.breakdown_text import markdown, what_next
from loadjuggler.reasons import Reason, RowKind
from loadjuggler.site.modes import DISTRIBUTIONS, MODES
from loadjuggler.snapshot import EntityState
from loadjuggler.texts import CATALOGUES, TERMS, WORDS

from tests.engine.memories import remembered

from .coded import coded
from .house import BATTERY, SUN, House, charger_form, circuit_form, plug_form, site_form, state


def garage(**site: Any) -> House:
    """Two cars below 20 A with 2 A of light on A, and 3 A of household on A before it."""
    house = House.of(
        site_form(**site),
        circuit_form("garage", 20, metered="ABC"),
        charger_form("left", circuit="garage", priority=1),
        charger_form("right", circuit="garage", priority=2),
    )
    house.household["garage"]["A"] = 2.0
    house.household["main"]["A"] = 3.0
    house.pass_time(90.0)
    return house


def sunny() -> House:
    """Loads of all kinds of modes below sun, battery, import limit and a breaker."""
    house = House.of(
        site_form(**SUN, **BATTERY, max_import_w=11000, power_buffer_w=500),
        circuit_form("garage", 20, reserve_a=1),
        charger_form("left", circuit="garage"),
        charger_form("eco", circuit="garage", mode="solar_priority"),
        charger_form("sunny", "B", mode="solar_only"),
        charger_form("away", "C"),
        plug_form("boiler", "A", mode="excess", excess_threshold_w=500),
        charger_form("never", "A", mode="off"),
    )
    house.cars["away"].status = "Available"
    house.power.sun_w, house.power.soc_pct = 16000, 79
    house.pass_time(90.0)
    return house


def told(house: House, load: str, language: str = "en") -> dict[str, Any]:
    """The account of a load after the last run."""
    assert house.outcome is not None
    return account(house.outcome.report, house.outcome.trace, load, language)


def limit(data: dict[str, Any], kind: str, circuit: str = "", phase: str = "") -> dict[str, Any]:
    """The one limit of this kind."""
    key = (kind, circuit, phase)
    (found,) = [x for x in data["limits"] if (x["kind"], x["circuit"], x["phase"]) == key]
    return found


def test_each_breaker_adds_up_phase_by_phase() -> None:
    """Garage A: 20 A - 2 A of light - 6 A of the other leave 12 A. Main A: 25 - 5 - 6 leave 14."""
    data = told(garage(), "left")
    here, above = limit(data, "circuit", "garage", "A"), limit(data, "circuit", "main", "A")
    names = ("limit", "unmanaged", "others", "left", "left_a", "binds")
    assert [here[name] for name in names] == [20, 2, 6, 12, 12, True]
    assert [above[name] for name in names] == [25, 5, 6, 14, 14, False]
    assert limit(data, "circuit", "garage", "B")["left"] == 14
    assert (data["told_a"], data["share_a"], data["code"]) == (12, 12, "circuit_full")
    assert "| Garage breaker, on phase A | 20 A | 2 A | 6 A | 12 A | 12 A | **this" in data["text"]


def test_the_import_limit_adds_up_in_watts() -> None:
    """9 000 W - 500 W - 5 A x 230 V of house leave 7 350 W: not enough for two of 4 140 W.

    So the first gets 10.6 A (7 314 W), and 36 W are left for the second.
    """
    house = garage(max_import_w=9000, power_buffer_w=500)
    row = limit(told(house, "right"), "import")
    names = ("limit", "reserve", "unmanaged", "others", "left", "left_a", "binds")
    assert [row[name] for name in names] == [9000, 500, 1150, 7314, 36, 0.1, True]
    assert "6 A" in told(house, "right")["next"]


@pytest.mark.parametrize("make", [garage, sunny])
def test_no_share_is_more_than_any_limit_leaves_and_one_of_them_ends_it(make: Any) -> None:
    """Limits are told to 0.1, so a share may seem to be 0.1 A more than is left."""
    house = make()
    for load in house.site.loads:
        data = told(house, load)
        for row in data["limits"]:
            if row["kind"] != "minimum":
                assert data["share_a"] <= row["left_a"] + 0.11, (load, row)
        ends = [data["limits"][place] for place in data["binds"]]
        if data["share_code"] not in ("idle", "off"):
            (end,) = ends
            room = end["left_a"]
            more = data["share_a"] + data["step_a"] if data["share_a"] else data["min_a"]
            full = end["kind"] == "maximum" and room == data["share_a"]
            assert full or room <= more + 0.06, (load, end)
        else:
            assert ends == []


def test_what_a_meter_does_not_say_is_not_known() -> None:
    house = House.of(site_form(), charger_form("car"))
    house.lost["sensor.grid_a"] = EntityState("unavailable")
    house.pass_time(5.0)
    data = told(house, "car")
    unread = limit(data, "circuit", "main", "A")
    assert (unread["unmanaged"], unread["left"], unread["left_a"]) == (None, None, None)
    assert limit(data, "circuit", "main", "B")["left"] == 25
    assert data["next"] == "All is as before when the meter reports again."
    assert "| Main breaker, on phase A | 25 A | not known | 0 A | not known |" in data["text"]


def test_a_car_that_takes_less_is_limited_by_that_and_not_by_its_maximum() -> None:
    """A car that takes 9 A of 16 A keeps 2 A more (docs/how-it-works.md)."""
    house = House.of(site_form(), charger_form("car"))
    house.cars["car"].max_a = 9.0
    house.pass_time(90.0)
    data = told(house, "car")
    assert (data["share_a"], data["max_a"]) == (11, 16)
    assert (limit(data, "taken")["left_a"], limit(data, "taken")["binds"]) == (11, True)
    assert not limit(data, "maximum")["binds"]
    assert data["next"] == "It gets more when it takes all that it has."
    assert "| As much as it takes, and some more | 11 A |" in data["text"]
    # Another car takes all it gets.
    house.cars["car"].max_a = 32.0
    house.pass_time(60.0)
    assert limit(told(house, "car"), "maximum")["binds"]
    assert not any(row["kind"] == "taken" for row in told(house, "car")["limits"])


def test_times_are_those_of_the_load() -> None:
    """A plug has no ramp, and is switched off after its own shortest time on."""
    house = sunny()
    charger, plug = told(house, "sunny")["times"], told(house, "boiler")["times"]
    assert (charger["grace_s"], charger["pause_s"], charger["raise_interval_s"]) == (300, 180, 15)
    assert (plug["min_on_s"], plug["pause_s"], plug["ramp_a_s"]) == (300, 300, None)


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_the_text_leaves_no_hole(language: str) -> None:
    house = sunny()
    house.cars["left"].status = "Finishing"
    house.lost["sensor.eco_status_connector"] = EntityState("unavailable")
    for seconds in (1, 5, 90):
        house.pass_time(float(seconds))
        for load in house.site.loads:
            data = told(house, load, language)
            text = data["text"]
            assert not re.search(r"[{}]|None|\bnan\b|\binf\b", text), text
            columns = {line.count("|") for line in text.splitlines() if line.startswith("|")}
            assert columns == {8}
            assert json.loads(json.dumps(data)) == data


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_every_mode_and_limit_has_its_words(language: str) -> None:
    words = WORDS[language]
    assert {f"mode_{mode}" for mode in MODES} <= words.keys()
    assert {f"limit_{kind}" for kind in (*RowKind, "taken", "checked")} <= words.keys()


def test_modes_and_ways_of_sharing_are_called_in_slovenian_too() -> None:
    assert {*MODES, *DISTRIBUTIONS} - {"standard"} <= TERMS["sl"].keys()


def test_a_house_without_a_run_has_no_account() -> None:
    house = garage()
    assert house.outcome is not None
    with pytest.raises(KeyError):
        account(house.outcome.report, house.outcome.trace, "nobody", "en")


def test_what_a_load_keeps_because_it_can_not_be_told_is_what_the_others_have() -> None:
    """9 000 W of import, 3 x 8 A x 230 V of house: 3 480 W are left, too little for three phases.

    The left car goes on with 10 A (6 900 W) as commands to it fail, so nothing is left for the
    right one, though the rules give the left one nothing.
    """
    house = House.of(
        site_form(max_import_w=9000),
        charger_form("left", priority=1, max_current_a=10),
        charger_form("right", "C", priority=2),
    )
    house.pass_time(90.0)
    assert told(house, "left")["told_a"] == 10
    for phase in "ABC":
        house.household["main"][phase] = 8.0
    known = house.memory.load("left")
    failed = remembered(known, failures=1, error="offline")
    house.memory = replace(house.memory, loads={**house.memory.loads, "left": failed})
    house.run()
    data = told(house, "right")
    row = limit(data, "import")
    assert data["share_code"] == "import_too_small"
    assert (told(house, "left")["share_a"], row["others"]) == (0, 6900)
    assert (row["left"], row["left_a"], row["binds"]) == (3480 - 6900, 0, True)


def test_a_limit_that_is_not_marked_is_not_said_to_be() -> None:
    """A car that pauses shares nothing, so no limit ended its share: the reason names one."""
    house = House.of(site_form(), charger_form("car"))
    house.pass_time(90.0)
    reason = coded("circuit_too_small", {"min_a": 6.0})
    report = replace(house.outcome.report.loads["car"], reason=reason)  # type: ignore[union-attr]
    idle = Reason("idle", {"max_a": 16.0})
    assert what_next(report, idle, False, "en") == (
        "It starts when what the reason names leaves 6 A for it, and its pause after the last stop "
        "is over."
    )
    assert "spodaj" not in what_next(report, idle, False, "sl")
    full = replace(report, reason=coded("import_full"))
    assert "below" in what_next(full, coded("import_full"), True, "en")
    assert "below" not in what_next(full, coded("import_full"), False, "en")


def test_a_maximum_below_the_minimum_waits_to_be_put_right() -> None:
    house = House.of(site_form(), charger_form("car", max_current_entity="input_number.most"))
    house.extra["input_number.most"] = state(0, "A")
    house.pass_time(10.0)
    data = told(house, "car")
    assert (data["code"], data["binds"]) == ("maximum_below_minimum", [])
    assert data["reason"].startswith("Paused: its maximum of 0 A is below its minimum of 6 A.")
    assert data["next"] == "As the reason says."


@pytest.mark.parametrize(
    ("language", "takes", "gives", "silent"),
    [
        (
            "en",
            "The battery is at 50 % (target 80 %, reserve 20 %) and takes 827 W;",
            "The battery is at 50 % (target 80 %, reserve 20 %) and gives 827 W;",
            "How full the battery is is not known (target 80 %, reserve 20 %), and what it gives "
            "or takes is not known;",
        ),
        (
            "sl",
            "Baterija je na 50 % (cilj 80 %, rezerva 20 %) in jemlje 827 W;",
            "Baterija je na 50 % (cilj 80 %, rezerva 20 %) in daje 827 W;",
            "Koliko je baterija polna, ni znano (cilj 80 %, rezerva 20 %), koliko daje ali jemlje, "
            "pa ni znano;",
        ),
    ],
)
def test_a_battery_gives_or_takes_and_what_is_not_known_is_said_so(
    language: str, takes: str, gives: str, silent: str
) -> None:
    house = sunny()
    data = told(house, "left", language)
    battery = data["energy"]["battery"] | {"soc_pct": 50, "target_pct": 80, "reserve_pct": 20}

    def text(soc_pct: float | None, power_w: float | None, surplus_w: float | None) -> str:
        shown = battery | {"soc_pct": soc_pct, "power_w": power_w}
        energy = data["energy"] | {"battery": shown, "sun_w": 2000, "surplus_w": surplus_w}
        return markdown(data | {"energy": energy}, house.site, language)

    assert f"- {takes}" in text(50, -827, 500)
    assert f"- {gives}" in text(50, 827, 500)
    assert f"- {silent}" in text(None, None, 500)
    unknown, short = text(50, 0, None), text(50, 0, -500)
    if language == "en":
        assert "The sun gives 2 000 W; what is left over beside the house is not known." in unknown
        assert "The sun gives 2 000 W; the house takes 500 W more than that." in short
    else:
        assert "Sonce daje 2 000 W; koliko presežka ostane poleg hiše, ni znano." in unknown
        assert "Sonce daje 2 000 W; hiša jemlje 500 W več od tega." in short


def test_what_is_held_without_a_meter_is_not_ended_by_the_maximum() -> None:
    """10 A of house leave 15 A of 25 A; then the meter is silent, and it holds them of 16 A."""
    house = House.of(site_form(), charger_form("car"))
    house.household["main"]["A"] = 10.0
    house.pass_time(90.0)
    house.lost["sensor.grid_a"] = EntityState("unavailable")
    house.run()
    data = told(house, "car")
    assert (data["code"], data["share_a"], data["max_a"]) == ("blind", 15, 16)
    assert not limit(data, "maximum")["binds"]


def test_what_is_kept_for_a_load_during_its_check_is_what_the_others_have() -> None:
    """Of 25 A the left car has 16 A, which it gets again: 9 A are left for the right one."""
    house = House.of(
        site_form(), charger_form("left", priority=1), charger_form("right", priority=2)
    )
    house.pass_time(90.0)
    wiring = replace(house.memory.wiring, check=begun("left", house.now))
    house.memory = replace(house.memory, wiring=wiring)
    house.pass_time(5.0)
    assert (told(house, "left")["code"], told(house, "left")["share_a"]) == ("checking_wiring", 12)
    row = limit(told(house, "right"), "circuit", "main", "A")
    assert (row["others"], row["left"], row["binds"]) == (16, 9, True)
