"""Start, restart, reload and the automations that the forms come from, in real pyscript."""

import asyncio
import json
import logging

import pytest
from homeassistant.helpers import issue_registry
from homeassistant.helpers.service import async_get_all_descriptions

from tests.home_assistant.harness import Home
from tests.home_assistant.house import (
    QUICK,
    READY,
    automation,
    charger_form,
    form,
    last_limits,
    limit,
    purpose,
    register,
    set_charger,
    set_meters,
    set_options,
    site_form,
)

pytestmark = pytest.mark.pyscript

STATUS = "sensor.loadjuggler_status"


def garage() -> list[dict[str, object]]:
    """The automations of a house with a garage of 20 A and two chargers, chargers first."""
    return [
        automation("charger", charger_form("Left", circuit="Garage")),
        automation("charger", charger_form("Right", circuit="Garage")),
        automation("circuit", form("Garage", limit_a=20)),
        automation("site", site_form()),
    ]


async def start_with_garage(home: Home, **options: float) -> None:
    """Start with these automations and with cars that draw what they are offered, 14 and 6 A."""

    def boot() -> None:
        set_meters(home, 5)
        set_charger(home, "left", status="Charging", transaction=1)
        set_charger(home, "right", status="Charging", transaction=2)

    set_options(home, **{**QUICK, **options})
    home.set_automations(garage())
    await home.start(*READY, boot=boot)
    await home.wait_until(
        lambda: last_limits(home) == {"left": 14.0, "right": 6.0}, "they share 20 A"
    )
    set_charger(home, "left", 14, transaction=1)
    set_charger(home, "right", 6, transaction=2)
    set_meters(home, 25)
    await home.settle(0.2)
    home.calls.clear()


async def test_automations_that_are_there_at_start_are_heard(home: Home) -> None:
    await start_with_garage(home)
    assert home.state(STATUS) == "ok"
    assert home.errors() == []
    assert not [text for text in home.log.messages if text.startswith("Action")]
    assert not issue_registry.async_get(home.hass).issues


async def test_an_edited_automation_counts_when_automations_are_reloaded(home: Home) -> None:
    await start_with_garage(home)
    edited = garage()
    edited[2] = automation("circuit", form("Garage", limit_a=16))
    home.set_automations(edited)
    await home.reload_automations()
    # 16 A: the first gets what the other's minimum of 6 A leaves.
    await home.wait_until(lambda: last_limits(home) == {"left": 10.0}, "the first gets less")


async def test_a_refused_form_fails_in_the_automation(home: Home) -> None:
    await start_with_garage(home)
    edited = garage()
    edited[1] = automation("charger", charger_form("Right", circuit="Garage", step_a="coarse"))
    home.set_automations(edited)
    await home.reload_automations()
    await home.wait_until(lambda: home.state(STATUS) == "problem", "the status says so")
    assert "Step: 'coarse'" in home.attributes(STATUS)["message"]
    await home.wait_until(
        lambda: [text for text in home.log.messages if "It is refused." in text],
        "and the automation ends with an error",
    )


async def test_a_load_whose_automation_is_deleted_goes_to_its_safe_level(home: Home) -> None:
    await start_with_garage(home)
    home.set_automations(garage()[1:])
    await home.reload_automations()
    await home.wait_until(lambda: home.calls, "it is let go")
    sent = {purpose(call): limit(call) for call in home.calls if call.data["devid"] == "left"}
    assert sent == {"TxProfile": 6.0}, "the next car's 6 A are there already"
    await home.wait_until(
        lambda: home.state("sensor.loadjuggler_left_status") is None, "its entities are gone"
    )
    assert home.state("sensor.loadjuggler_right_status") == "charging"


async def test_a_load_whose_automation_is_switched_off_sleeps(home: Home) -> None:
    """It comes back with a raise: 2.5 s after the cut to its 6 A, so at the tick after that."""
    await start_with_garage(home, tick_s=5, gone_s=60)
    await home.call("automation.turn_off", {"entity_id": "automation.left"})
    await home.wait_until(lambda: home.calls, "it is let go, at once")
    sent = {purpose(call): limit(call) for call in home.calls if call.data["devid"] == "left"}
    assert sent == {"TxProfile": 6.0}, "the next car's 6 A are there already"
    set_charger(home, "left", 6, transaction=1)
    set_meters(home, 17)
    home.calls.clear()
    await home.call("automation.turn_on", {"entity_id": "automation.left"})
    await home.wait_until(lambda: last_limits(home).get("left") == 14.0, "it is back")


async def test_after_a_restart_the_stored_house_runs_before_anybody_spoke(home: Home) -> None:
    set_options(home, **QUICK)
    await home.start(*READY)
    set_meters(home, 5)
    set_charger(home, "left", status="Preparing")
    await register(home, "site", site_form())
    await register(home, "charger", charger_form("Left"))
    await home.call("pyscript.loadjuggler_set_distribution", {"distribution": "strict"})
    await home.wait_until(lambda: last_limits(home) == {"left": 16.0}, "25 A - 5 A is enough")
    home.calls.clear()
    await home.settle(0.5)  # no restart is over in the very moment of a command

    def boot() -> None:
        set_meters(home, 15)
        set_charger(home, "left", status="Preparing")

    await home.restart(*READY, boot=boot)
    await home.wait_until(lambda: last_limits(home) == {"left": 10.0}, "25 A - 15 A")
    assert home.attributes(STATUS)["distribution"] == "strict"
    assert len(home.calls) == 1  # it still knows what it told the charger
    assert home.errors() == []


async def test_a_damaged_store_is_set_aside(home: Home) -> None:
    set_options(home, **QUICK)
    store = home.config / ".storage" / "loadjuggler"
    store.parent.mkdir(parents=True)
    store.write_text("{half of", encoding="utf-8")
    await home.start(*READY)
    assert (await register(home, "site", site_form()))["ok"]
    await home.wait_until(lambda: stored_kinds(home) == ["site"], "it is written anew")
    told = [e for e in home.log.records if "set aside" in e.getMessage()]
    assert [entry.levelno for entry in told] == [logging.WARNING]


async def test_registrations_are_stored_at_once(home: Home) -> None:
    set_options(home, **QUICK)
    await home.start(*READY)
    await register(home, "site", site_form())
    await home.wait_until(lambda: stored_kinds(home) == ["site"], "it is written")


async def test_reload_finds_an_edited_engine_and_keeps_the_house(home: Home) -> None:
    await start_with_garage(home)
    edit(home, '"All is well."', '"All is very well."')
    await home.reload_pyscript()
    await home.wait_until(
        lambda: home.attributes(STATUS).get("message") == "All is very well.", "the new one runs"
    )
    set_meters(home, 30)
    await home.wait_until(lambda: last_limits(home), "and juggles the same house")
    assert home.errors() == []


async def test_reload_of_the_edited_shell_keeps_the_house(home: Home) -> None:
    await start_with_garage(home)
    shell = home.config / "pyscript" / "loadjuggler.py"
    shell.write_text(shell.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    edit(home, '"All is well."', '"All is very well."')
    await home.reload_pyscript()
    await home.wait_until(
        lambda: home.attributes(STATUS).get("message") == "All is very well.", "the new one runs"
    )
    await home.settle(1.5)  # what follows a reload has come to its end
    set_meters(home, 30)
    await home.wait_until(lambda: last_limits(home), "and juggles the same house")
    assert home.errors() == []


async def test_an_edited_engine_with_a_mistake_leaves_the_old_one_at_work(home: Home) -> None:
    await start_with_garage(home)
    edit(home, "from __future__", "from the past")
    await home.reload_pyscript()
    await home.wait_until(home.errors, "the mistake is told")
    assert "the old one goes on" in home.errors()[0]
    set_meters(home, 30)
    await home.wait_until(lambda: last_limits(home), "the old one goes on")


async def test_two_reloads_at_once_leave_one_engine_at_work(home: Home) -> None:
    await start_with_garage(home, tick_s=60)
    this = {"global_ctx": "file.loadjuggler"}
    await asyncio.gather(*(home.call("pyscript.reload", this) for _ in range(3)))
    await home.settle(0.5)
    home.calls.clear()
    set_meters(home, 30)
    # 10 A of the house leave 15 A: 9 and 6 A.
    await home.wait_until(lambda: last_limits(home) == {"left": 9.0}, "it juggles")
    await home.settle()
    assert len(home.calls) == 1
    assert home.errors() == []


async def test_reload_finds_what_the_edited_engine_says_of_its_services(home: Home) -> None:
    """One service says something else, one is called something else, the others stay."""
    await start_with_garage(home)
    runtime = home.config / "pyscript" / "modules" / "loadjuggler" / "runtime"
    for name in ("services.py", "answers.py"):
        text = (runtime / name).read_text(encoding="utf-8")
        text = text.replace('"undo_remap"', '"forget_remap"').replace('"set sharing"', '"share"')
        (runtime / name).write_text(text, encoding="utf-8")
    before = services(home)
    assert "loadjuggler_undo_remap" in before
    await home.reload_pyscript()
    after = {*before, "loadjuggler_forget_remap"} - {"loadjuggler_undo_remap"}
    await home.wait_until(lambda: services(home) == after, "the services are those of the new one")
    for _ in range(50):  # they are described with the run after that
        await home.settle(0.1)
        told = (await async_get_all_descriptions(home.hass))["pyscript"]
        if told["loadjuggler_set_distribution"]["name"] == "Load Juggler, share":
            break
    else:
        pytest.fail("the service is called as before")
    assert told["loadjuggler_forget_remap"]["fields"]["load"]["example"] == "Left car"
    for service, data in (("forget_remap", {"load": "attic"}), ("explain", {"load": "left"})):
        answer = await home.call(f"pyscript.loadjuggler_{service}", data, response=True)
        assert answer["ok"] is (service == "explain")
    assert home.errors() == []


def services(home: Home) -> set[str]:
    """Return the names of the services that are ours."""
    found = home.hass.services.async_services_for_domain("pyscript")
    return {name for name in found if name.startswith("loadjuggler_")}


def edit(home: Home, old: str, new: str) -> None:
    """Replace a text in the English sentences of the copied engine."""
    path = home.config / "pyscript" / "modules" / "loadjuggler" / "texts" / "en.py"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) <= 1
    if old in text:
        text = text.replace(old, new)
    else:
        text = f"{new}\n{text}"
    path.write_text(text, encoding="utf-8")


def stored_kinds(home: Home) -> list[str]:
    """Return the kinds of the stored forms."""
    store = home.config / ".storage" / "loadjuggler"
    if not store.exists():
        return []
    return [node["kind"] for node in json.loads(store.read_text(encoding="utf-8"))["nodes"]]
