"""The account of a load: its numbers are those of the run, and they add up."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from loadjuggler.account import account
from loadjuggler.modes import DISTRIBUTIONS, MODES
from loadjuggler.snapshot import EntityState
from loadjuggler.texts import CATALOGUES, TERMS, WORDS

from .house import BATTERY, SUN, House, charger_form, circuit_form, plug_form, site_form


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
    return account(house.outcome.report, load, language)


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
    kinds = {code.rpartition("_full")[0] for code in CATALOGUES["en"] if code.endswith("_full")}
    kinds |= {"battery_first", "taken", "checked"}
    assert {f"limit_{kind}" for kind in kinds} <= words.keys()


def test_modes_and_ways_of_sharing_are_called_in_slovenian_too() -> None:
    assert {*MODES, *DISTRIBUTIONS} - {"standard"} <= TERMS["sl"].keys()


def test_a_house_without_a_run_has_no_account() -> None:
    house = garage()
    assert house.outcome is not None
    with pytest.raises(KeyError):
        account(house.outcome.report, "nobody", "en")
