"""The last changes of all loads at a glance: which of them, in which words, and how long."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from loadjuggler.logbook import history
from loadjuggler.logbook.recent import LATELY, Lately
from loadjuggler.memory.logbook import Change
from loadjuggler.memory.memory import Memory
from loadjuggler.memory.serialise import not_after
from loadjuggler.publish import entities as publish
from loadjuggler.reasons import Reason
from loadjuggler.report import LoadReport, Report
from loadjuggler.runtime.controller import Keeper
from loadjuggler.site.modes import MODES as ALL_MODES
from loadjuggler.texts.labels import ENTITIES, MODES, STATUSES

from tests.engine.dashboard.houses import HOUSES, lived_in

RECORDER_BYTES = 16384
"""Home Assistant's recorder keeps no attributes that are longer as JSON (2025.4)."""


def load(name: str = "Car", kind: str = "charger") -> LoadReport:
    reason = Reason("maximum")
    return LoadReport(
        name.lower(), name, kind, "main", "standard", "on", 0, 0, 0, None, None, reason, ""
    )


def change(at: float, before_a: float | None, told_a: float | None, status: str = "on") -> Change:
    return Change(at, before_a, told_a, "standard", status, "maximum", f"{told_a} at {at}")


def told(kept: history.History, *loads: LoadReport, language: str = "en") -> list[dict[str, str]]:
    return Lately().of(kept, {one.id: one for one in loads}, 3600.0, language)


def test_the_newest_of_all_loads_come_first_in_local_time() -> None:
    kept = {
        "car": (change(100.0, None, 6.0), change(300.0, 6.0, 0.0, "waiting")),
        "boiler": (change(200.0, None, 8.7), change(400.0, 8.7, 0.0, "off")),
    }
    found = told(kept, load(), load("Boiler", "plug"))
    assert [one["name"] for one in found] == ["Boiler", "Car", "Boiler", "Car"]
    assert found[0]["at"] == "1970-01-01T01:06:40+01:00"
    assert [one["change"] for one in found] == [
        "8.7 A → 0 A · off",
        "6 A → 0 A · waiting",
        "8.7 A · on",
        "6 A · on",
    ]


def test_a_clock_that_was_set_back_leaves_the_newest_on_top() -> None:
    """At 7 200 s it was set back to 3 600 s: what was noted last is the newest all the same."""
    kept = {
        "car": (change(7000.0, 0.0, 6.0), change(7200.0, 6.0, 0.0, "waiting")),
        "boiler": (change(7100.0, None, 8.7), change(3600.0, 8.7, 0.0, "off")),
    }
    cut = not_after(Memory(history=kept), 3600.0).history
    found = told(cut, load(), load("Boiler", "plug"))
    assert {one["at"] for one in found} == {"1970-01-01T02:00:00+01:00"}
    boiler = [one["change"] for one in found if one["name"] == "Boiler"]
    assert boiler == ["8.7 A → 0 A · off", "8.7 A · on"]
    assert {one["name"] for one in found[:2]} == {"Boiler", "Car"}
    # Even before any run has cut them.
    boiler = [one["change"] for one in told(kept, load("Boiler", "plug"))]
    assert boiler == ["8.7 A → 0 A · off", "8.7 A · on"]
    many = kept | {"car": tuple(change(3600.0, 6.0, 0.0, str(n)) for n in range(LATELY))}
    assert "Boiler" in {one["name"] for one in told(many, load(), load("Boiler", "plug"))}


def test_a_history_without_times_to_come_stays_the_same() -> None:
    memory = Memory(history={"car": (change(100.0, None, 6.0), change(200.0, 6.0, 0.0))})
    assert not_after(memory, 200.0) is memory
    cut = not_after(memory, 150.0).history["car"]
    assert [one.at for one in cut] == [100.0, 150.0]


def test_steps_in_a_row_are_one_change_and_starts_and_stops_are_not() -> None:
    """6, 7, 8 and 9 A are steps after a start with 6 A; the stop is another change."""
    steps = [change(200.0 + n, 6.0 + n, 7.0 + n, "charging") for n in range(3)]
    kept = {
        "car": (
            change(100.0, 0.0, 0.0, "waiting"),
            change(150.0, 0.0, 6.0, "charging"),
            *steps,
            change(300.0, 9.0, 0.0, "waiting"),
        )
    }
    assert [one["change"] for one in told(kept, load())] == [
        "9 A → 0 A · waiting",
        "6 A → 9 A · charging",
        "0 A → 6 A · charging",
        "0 A · waiting",
    ]


def test_a_car_that_may_and_soon_does_is_one_change() -> None:
    def of(after_s: float) -> list[str]:
        told_at = change(100.0, 0.0, 6.0, "ready")
        kept = {"car": (told_at, change(100.0 + after_s, 6.0, 6.0, "charging"))}
        return [one["change"] for one in told(kept, load())]

    assert of(20.0) == ["0 A → 6 A · charging"]
    assert of(600.0) == ["6 A · charging", "0 A → 6 A · ready"]


def test_it_is_said_in_slovenian_with_a_decimal_comma() -> None:
    kept = {"car": (change(100.0, 6.5, 0.0, "waiting"),)}
    assert told(kept, load(), language="sl")[0]["change"] == "6,5 A → 0 A · čaka"


@pytest.mark.parametrize("sign", ["a", "č", "車", "🚗", '"', "\\", "\n", "\x01", "\u2028"])
def test_no_text_makes_it_longer_than_the_recorder_takes(sign: str) -> None:
    text = sign * 500
    kept = {
        "car": tuple(
            replace(change(float(at), 1000.1, 2000.2, "waiting"), sentence=text, mode=f"m{at}")
            for at in range(history.MOST)
        )
    }
    found = Lately().of(kept, {"car": replace(load(), id="car", name=text)}, 0.0)
    assert len(found) == LATELY
    assert len(json.dumps(found, ensure_ascii=False).encode()) < RECORDER_BYTES * 0.75


def test_it_is_worked_out_anew_only_when_there_is_another_change() -> None:
    lately, loads = Lately(), {"car": load()}
    kept = {"car": (change(100.0, None, 6.0),)}
    first = lately.of(kept, loads, 0.0)
    assert lately.of(kept, {"car": replace(load(), power_w=1.0)}, 0.0) is first
    assert lately.of({"car": (*kept["car"], change(200.0, 6.0, 7.0))}, loads, 0.0) != first
    assert lately.of(kept, {"car": replace(load(), name="Bus")}, 0.0)[0]["name"] == "Bus"


def changes_of(keeper: Keeper) -> publish.Entity:
    (found,) = [one for one in keeper.restored() if one.id == publish.CHANGES]
    return found


def test_the_entity_changes_only_with_a_change() -> None:
    keeper = lived_in(HOUSES["one_load"]())
    before = changes_of(keeper)
    assert before.value == before.attributes["lately"][0]["at"]
    assert before.attributes["device_class"] == "timestamp"
    set_anew = 0
    for number in range(1, 21):
        turn = keeper.run(keeper.given.snapshot, keeper.given.now + 5.0)
        last, before = before, changes_of(keeper)
        set_anew += publish.CHANGES in {one.id for one in turn.entities}
        assert (publish.CHANGES in {one.id for one in turn.entities}) == (last != before), number
    assert set_anew < 10


def test_without_any_change_it_is_unknown_and_without_a_load_it_is_not_there() -> None:
    report = Report(0.0, "ok", "", loads={"car": load()})
    found = {one.id: one for one in publish.entities(report)}
    assert found[publish.CHANGES].value == "unknown"
    assert found[publish.CHANGES].attributes["lately"] == ()
    idle = publish.entities(Report(0.0, "no_site", ""))
    assert publish.CHANGES not in {one.id for one in idle}


def test_names_are_in_home_assistants_language_and_ids_are_not() -> None:
    keeper = lived_in(HOUSES["sun_and_battery"]())
    shown = {
        language: {one.id: one for one in publish.entities(keeper.report, None, (), language)}
        for language in ("en", "sl")
    }
    assert shown["en"].keys() == shown["sl"].keys()
    for ident, one in shown["en"].items():
        other = shown["sl"][ident]
        assert one.attributes["friendly_name"] != other.attributes["friendly_name"], ident
        assert one.value == other.value
    status = shown["sl"]["sensor.loadjuggler_car_status"]
    assert status.attributes["mode_text"] == "Samo sonce"
    assert status.attributes["text"] == STATUSES["sl"][status.value].capitalize()


def test_every_mode_has_a_word_and_both_languages_have_the_same() -> None:
    assert set(MODES["en"]) == set(ALL_MODES)
    for words in (STATUSES, MODES, ENTITIES):
        assert words["en"].keys() == words["sl"].keys()
