"""Odd letters, odd numbers and odd times: in names, in what sensors say, and in what is stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from loadjuggler.config.parse import Refused, parse
from loadjuggler.loads.ocpp.session import session_id
from loadjuggler.loads.ocpp.version import by_session
from loadjuggler.measure.numbers import ambiguous, number
from loadjuggler.publish.entity import STATE_LENGTH, Entity
from loadjuggler.runtime import file
from loadjuggler.runtime.controller import Keeper
from loadjuggler.site import slug as slugs
from loadjuggler.site.slug import slug
from loadjuggler.snapshot import EntityState

from .house import charger_form, circuit_form, plug_form, site_form, state
from .test_keeper import Home, changed

RECORDED = 16_384
"""The recorder stores this many bytes of an entity's attributes (MAX_STATE_ATTRS_BYTES)."""

# --- numbers -------------------------------------------------------------------------------------

NO_NUMBERS = ["2_5", "1_000", "٢٥", "١٦", "𝟙𝟞", "२५", "٢٥.٣", "٢٥,٣", "1٢", "½", "0x10", "1_0,5"]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_only_python_takes_for_a_number_is_none(text: str) -> None:
    assert number(text) is None
    assert not ambiguous(text)
    with pytest.raises(Refused, match="is not a number"):
        parse("plug", {**sent(plug_form("boiler")), "power_w": text})
    home = Home(site_form("A"), charger_form("car", "A"))
    home.states["sensor.grid_a"] = state(text, "A")
    home.run()
    assert "sensor.grid_a" in home.keeper.report.sentence
    assert session_id(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("\u00a05", 5.0), ("\u22125", -5.0), (" 1e3 ", 1000.0), ("1\u202f234,5", 1234.5), ("+5", 5.0)],
)
def test_signs_that_devices_write_in_numbers_are_read(text: str, value: float) -> None:
    assert number(text) == value


def test_an_id_of_a_session_with_an_underscore_is_a_name() -> None:
    """Names of sessions are those of OCPP 2.0.1; no value is none."""
    assert (by_session("2_5"), by_session("inf"), by_session("1e400")) == ("2.0.1", "", "")


def sent(form: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in form.items() if name != "kind"}


# --- ids -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "ident"),
    [
        ("Straße", "strasse"),
        ("Køkken", "kokken"),
        ("Гараж", "garazh"),
        ("Αποθήκη", "apotheke"),
        ("Łódź", "lodz"),
        ("Čar left!", "car_left"),
        ("2,5 kW", "25_kw"),
        ("left—right", "left_right"),
        ("a’b", "ab"),
        ("Žan's Car (left)", "zan_s_car_left"),
    ],
)
def test_ids_are_made_as_home_assistant_makes_them(name: str, ident: str) -> None:
    """Expected is what Home Assistant itself calls an entity of that name."""
    assert slug(name) == ident


def test_letters_that_only_home_assistant_knows_are_its_own_once_it_is_there() -> None:
    try:
        slugs.use({"車庫": "che_ku", "???": "unknown", "Unknown": "unknown"}.__getitem__)
        assert slug("車庫") == "che_ku"
        assert (slug("???"), slug("???", "")) == ("node", "")
        assert slug("Unknown") == "unknown"
    finally:
        slugs.use(None)
    assert slug("車庫") == "node"


def test_no_id_is_longer_than_home_assistant_takes_however_long_the_names_are() -> None:
    long = "Щ" * 100
    home = Home(
        site_form(),
        changed(circuit_form("a", 20), name=long),
        changed(circuit_form("b", 20), name=f"{long[:99]}ю"),
        changed(charger_form("car", circuit=long), name=long),
        changed(charger_form("van", circuit=long), name=f"{long[:99]}ы"),
    )
    home.run()
    ids = list(home.keeper.shown)
    assert len(ids) > 40
    assert max(map(len, ids)) <= STATE_LENGTH
    again = Keeper()
    assert again.load(json.loads(json.dumps(home.keeper.dump()))) == []
    assert again.registry.ids() == home.keeper.registry.ids()


# --- what is too long for the recorder -----------------------------------------------------------


def size(entity: Entity) -> int:
    return len(json.dumps(dict(entity.attributes), ensure_ascii=False).encode())


def test_the_status_of_a_house_in_which_all_is_wrong_is_still_recorded() -> None:
    home = Home(site_form())
    for place in range(60):
        form = charger_form(f"car{place}", min_current_a="ž" * 60, priority="č" * 60)
        home.register(changed(form, name=f"{'ž' * 80} {place}"))
    home.run(10.0)
    status = home.keeper.shown["sensor.loadjuggler_status"]
    assert len(home.keeper.report.warnings) == 60
    assert size(status) <= RECORDED
    warnings = status.attributes["warnings"]
    assert warnings[0] == home.keeper.report.warnings[0]
    assert warnings[-1] == f"… {60 - len(warnings) + 1}", "it says how many are left out"
    assert max(size(one) for one in home.keeper.shown.values()) <= RECORDED


@pytest.mark.parametrize(
    "attributes",
    [
        {"text": "x" * 40_000},
        {"text": "ž" * 40_000, "warnings": ["č" * 900] * 100},
        {"warnings": [["a" * 30_000], {"b": "c" * 30_000}]},
        {f"key{place}": "x" * 180 for place in range(10)},
    ],
)
def test_attributes_are_cut_to_what_is_recorded(attributes: dict[str, Any]) -> None:
    entity = Entity("sensor.loadjuggler_x", "x" * 300, attributes).fitting()
    assert size(entity) <= RECORDED
    assert len(entity.value) == STATE_LENGTH
    assert entity.attributes.keys() == attributes.keys()


def test_what_fits_is_left_as_it_is() -> None:
    entity = Entity(
        "sensor.loadjuggler_x", "5.0", {"friendly_name": "Žan", "limit": 5.0, "n": None}
    )
    assert entity.fitting() is entity or entity.fitting() == entity


# --- what no JSON has ----------------------------------------------------------------------------


def test_half_a_sign_from_a_sensor_is_nowhere_in_what_is_shown_told_or_stored(
    tmp_path: Path,
) -> None:
    """A lone surrogate can't be sent to a browser, and once stopped all storing."""
    home = Home(site_form(), charger_form("car", status_entity="sensor.status"))
    home.states["sensor.status"] = EntityState("Ch\ud800arging")
    home.states["sensor.grid_a"] = EntityState("\udfff")
    actions = home.run()
    for shown in (*actions.entities, *actions.calls, *actions.events):
        repr(shown).encode()
        json.dumps(str(shown), ensure_ascii=False).encode()
    assert "sensor.grid_a" in home.keeper.report.sentence
    for _ in range(20):
        home.run()
    path = str(tmp_path / "loadjuggler")
    file.write(path, home.keeper.dump())
    content, warning = file.read(path)
    assert warning is None
    assert Keeper().load(content) == []


def test_a_file_keeps_half_a_sign_and_says_so_of_none(tmp_path: Path) -> None:
    path = str(tmp_path / "loadjuggler")
    file.write(path, {"text": "a\ud800b", "name": "Žan"})
    assert file.read(path) == ({"text": "a\ud800b", "name": "Žan"}, None)


@pytest.mark.parametrize("odd", ["1e400", "-1e400", str(10**400), str(2**64), '"\\ud800"'])
def test_odd_values_in_what_was_shown_are_no_harm(odd: str, tmp_path: Path) -> None:
    home = Home(site_form("A"), charger_form("car", "A"))
    home.run()
    stored = json.dumps(home.keeper.dump())
    damaged = json.loads(stored)
    damaged["shown"][0][2]["odd"] = json.loads(odd)
    damaged["shown"][1][2]["odd"] = [{"a": json.loads(odd)}]
    home.keeper = Keeper()
    assert home.keeper.load(damaged) == []
    for one in home.keeper.restored():
        text = json.dumps(dict(one.attributes), allow_nan=False, ensure_ascii=False)
        text.encode()
        assert not any(len(word) > 20 for word in text.split() if word.strip("]}").isdigit())
    file.write(str(tmp_path / "loadjuggler"), home.keeper.dump())


@pytest.mark.parametrize("begins_at", [0.0, 10.0, 17_000.0, 18_001.0])
@pytest.mark.parametrize("utc_offset_s", [-18_000.0, 0.0, 18_000.0])
def test_a_clock_that_was_never_set_loses_nothing_of_what_is_stored(
    begins_at: float, utc_offset_s: float
) -> None:
    """Small computers without a battery begin at 1970, until the network tells them the time."""
    home = Home(site_form("A"), charger_form("car", "A"), plug_form("boiler", power_w=2000))
    home.now = begins_at
    home.states["sensor.car_transaction_id"] = state("1")
    home.desk.set_mode("car", "solar_priority")
    for _ in range(5):
        home.now += 5.0
        home.states["sensor.car_current_import"] = state(6.0, "A", home.now, L1=6.0)
        home.states["sensor.grid_a"] = state(9.0, "A", home.now)
        seen = {key: one for key, one in home.states.items() if key in home.keeper.watched()}
        home.keeper.run(seen, home.now, utc_offset_s=utc_offset_s)
        assert home.keeper.report.status != "error", home.keeper.report.sentence
    stored = json.loads(json.dumps(home.keeper.dump(), allow_nan=False))
    keeper = Keeper()
    assert keeper.load(stored) == []
    assert keeper.memory.overrides == home.keeper.memory.overrides != {}
    assert keeper.memory.tallies == home.keeper.memory.tallies != {}
    assert keeper.memory.history == home.keeper.memory.history != {}
