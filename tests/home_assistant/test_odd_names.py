"""Odd letters in names, and texts that are too long, in real pyscript and Home Assistant."""

import json
import unicodedata

import pytest
from homeassistant.util import slugify
from loadjuggler.site.slug import LONGEST, slug

from tests.home_assistant.harness import Home
from tests.home_assistant.house import (
    QUICK,
    READY,
    charger_form,
    form,
    register,
    set_charger,
    set_meters,
    set_options,
    site_form,
)

RECORDED = 16_384
"""homeassistant.components.recorder.const.MAX_STATE_ATTRS_BYTES; importing it takes seconds."""

NAMES = ["Straße", "Køkken", "Гараж", "Κουζίνα", "車庫", "מוסך", "2,5 kW", "Žan's Car", "A&amp;B"]

OURS_ONLY = set("¢£¥§©®¶ΞЄ‛")
"""Signs that the engine's own rules write otherwise; in Home Assistant its function is used."""


async def start(home: Home) -> None:
    set_options(home, **QUICK)
    await home.start(*READY)
    set_meters(home, 5)
    await register(home, "site", site_form())


@pytest.mark.pyscript
async def test_ids_are_home_assistant_s_own_in_every_script(home: Home) -> None:
    await start(home)
    for place, name in enumerate(NAMES):
        set_charger(home, f"x{place}", status="Preparing")
        data = {**charger_form(f"n{place}", devid=f"x{place}"), "name": name}
        answer = await register(home, "charger", data)
        assert answer["id"] == slugify(name), name
    for name in NAMES:
        entity = f"sensor.loadjuggler_{slugify(name)}_status"
        await home.wait_until(lambda entity=entity: home.state(entity), entity)
    await home.reload_pyscript()
    answer = await register(home, "circuit", form("Подвал", limit_a=16))
    assert answer["id"] == "podval", "also by the engine that is loaded anew"
    assert home.errors() == []


@pytest.mark.pyscript
async def test_names_as_long_as_can_be_have_entities(home: Home) -> None:
    """A Chinese name of 100 signs has up to 600 in plain letters; an id has 255 at most."""
    await start(home)
    long = "庫" * 100
    set_charger(home, "left", status="Preparing")
    await register(home, "circuit", {**form("g", limit_a=20), "name": long})
    answer = await register(home, "charger", {**charger_form("Left", circuit=long), "name": long})
    assert answer["ok"], answer
    assert answer["id"].removesuffix("_2") == slug_of(long)
    status = f"sensor.loadjuggler_{answer['id']}_status"
    await home.wait_until(lambda: home.state(status), "it is shown")
    assert home.state("sensor.loadjuggler_status") == "ok"
    assert home.errors() == []


def slug_of(name: str) -> str:
    return slugify(name)[:LONGEST].strip("_")


@pytest.mark.pyscript
async def test_the_status_is_recorded_when_all_forms_are_wrong(home: Home) -> None:
    await start(home)
    for place in range(40):
        data = charger_form(f"Car {place}", min_current_a="ž" * 60, priority="č" * 60)
        await register(home, "charger", {**data, "name": f"{'ž' * 80} {place}"})
    home.set_state("sensor.grid_b", "\udfff")
    await home.wait_until(
        lambda: len(home.attributes("sensor.loadjuggler_status").get("warnings", ())) > 5, "told"
    )
    await home.settle(0.5)
    for state in home.hass.states.async_all("sensor"):
        if state.entity_id.startswith("sensor.loadjuggler_"):
            told = json.dumps(dict(state.attributes), ensure_ascii=False).encode()
            assert len(told) <= RECORDED, state.entity_id
    for call in home.calls_of("persistent_notification.create"):
        str(call.data).encode()
    assert [text for text in home.errors() if "Load Juggler" in text or "pyscript" in text] == []


def test_the_engine_s_own_rules_do_the_same_for_latin_cyrillic_and_greek() -> None:
    """Tests and the simulator have no Home Assistant; what they show should be what users see."""
    blocks = ((0x20, 0x180), (0x386, 0x3CF), (0x400, 0x460), (0x490, 0x492), (0x2010, 0x2028))
    signs = [chr(code) for block in blocks for code in range(*block)]
    wrong = {
        sign: (slug(f"a{sign}b"), slugify(f"a{sign}b"))
        for sign in signs
        if unicodedata.name(sign, "") and slug(f"a{sign}b") != slugify(f"a{sign}b")
    }
    assert wrong.keys() <= OURS_ONLY, wrong
