"""What goes wrong in a house, in real pyscript: sensors, chargers, restarts, files, floods.

Source: docs/product.md sections 5 and 6. Durations are short, so that tests need not wait; what is
expected does not depend on how short exactly.
"""

import asyncio
import json
import logging
import sys
import time
from typing import Any

import pytest
from homeassistant.exceptions import HomeAssistantError

from tests.home_assistant.harness import Call, Home, forget_modules
from tests.home_assistant.house import (
    QUICK,
    READY,
    Living,
    automation,
    charger_form,
    impatient,
    last_limits,
    limit,
    register,
    set_charger,
    set_meters,
    set_options,
    site_form,
    sunny_site,
)

pytestmark = pytest.mark.pyscript

STATUS = "sensor.loadjuggler_status"
AGAIN = {"retry_s": 0.2, "retry_most_s": 1.0}


def is_stored(home: Home) -> bool:
    """Whether what outlives a restart has been written once, with what was shown."""
    written = (home.config / ".storage" / "loadjuggler").exists()
    return written and bool(stored(home)["shown"])


def stored(home: Home) -> Any:
    """What is in the stored file."""
    return json.loads((home.config / ".storage" / "loadjuggler").read_text(encoding="utf-8"))


def store(home: Home, content: Any) -> None:
    """Put something else into the stored file."""
    path = home.config / ".storage" / "loadjuggler"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def set_asides(home: Home) -> list[Any]:
    """What is in the files that were set aside."""
    found = sorted((home.config / ".storage").glob("loadjuggler.not-used-*"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in found]


def warnings(home: Home, words: str) -> list[str]:
    """Warnings in the log with these words."""
    return [
        entry.getMessage()
        for entry in home.log.records
        if entry.levelno == logging.WARNING and words in entry.getMessage()
    ]


async def start_two_cars(home: Home, **options: float) -> None:
    """Start with cars on `left` and `right` that draw the 11 A they are told; the house 3 A."""

    def boot() -> None:
        show_two_cars(home)

    set_options(home, **{**QUICK, **AGAIN, **options})
    home.set_automations(
        [
            automation("site", site_form(distribution="shared")),
            automation("charger", charger_form("Left")),
            automation("charger", charger_form("Right", solar_pause_min=0)),
        ]
    )
    await home.start(*READY, boot=boot)
    await home.wait_until(
        lambda: last_limits(home) == {"left": 11.0, "right": 11.0}, "they share 22 A"
    )
    show_two_cars(home)
    await home.settle(0.2)
    home.calls.clear()


def show_two_cars(home: Home, house_a: float = 3.0) -> None:
    """Let both cars draw 11 A, and the meters show it."""
    set_meters(home, house_a + 22)
    for number, name in enumerate(("left", "right"), start=1):
        set_charger(home, name, 11, transaction=number)


# --- meters ---------------------------------------------------------------------------------------


async def test_a_meter_that_is_gone_for_long_brings_the_fallback_and_recovers(home: Home) -> None:
    """As 70 s without it at hold_s of 60 s: for hold_s nothing moves, then the safe level."""
    await start_two_cars(home, hold_s=1.0)
    home.set_state("sensor.grid_b", "unavailable")
    set_meters_but_b(home, 0)  # there would be room for both
    await home.wait_until(lambda: home.state(STATUS) == "blind", "the status says so")
    assert "sensor.grid_b" in home.attributes(STATUS)["message"]
    await home.settle(0.4)
    assert home.calls == []
    # 6 A is what a form says that says nothing.
    await home.wait_until(
        lambda: (
            last_limits(home).keys() == {"left", "right"} and max(last_limits(home).values()) <= 6.0
        ),
        "after hold_s both are at their fallback current, or lower",
    )
    assert max(limit(call) for call in home.calls) < 11.0  # and never was one of them raised
    told = last_limits(home)
    set_charger(home, "left", told["left"], transaction=1)
    set_charger(home, "right", told["right"], transaction=2)
    home.calls.clear()
    await home.settle(0.5)
    assert [limit(call) for call in home.calls if limit(call) > 6.0] == []
    set_meters(home, 3 + told["left"] + told["right"])
    await home.wait_until(
        lambda: last_limits(home) == {"left": 11.0, "right": 11.0}, "it goes on by itself"
    )
    await home.wait_until(lambda: home.state(STATUS) == "ok", "and the status says so")
    assert home.errors() == []


def set_meters_but_b(home: Home, amps: float) -> None:
    """Set the meters of phases A and C."""
    for phase in "ac":
        home.set_state(f"sensor.grid_{phase}", amps, unit_of_measurement="A")


async def test_a_meter_that_is_back_in_time_changes_nothing(home: Home) -> None:
    await start_two_cars(home, hold_s=60)
    home.set_state("sensor.grid_b", "unknown")
    await home.wait_until(lambda: home.state(STATUS) == "blind", "the status says so")
    await home.settle(0.5)
    show_two_cars(home)
    await home.wait_until(lambda: home.state(STATUS) == "ok", "it is back")
    await home.settle()
    assert home.calls == []
    assert home.errors() == []


# --- chargers -------------------------------------------------------------------------------------


async def test_a_charger_that_refuses_is_told_once_retried_later_and_recovers(home: Home) -> None:
    await start_two_cars(home)
    flow = sys.modules["loadjuggler.flow"]
    runs, run, tried_at = [], flow.run, []

    def counted(*args: Any, **named: Any) -> Any:
        runs.append(args)
        return run(*args, **named)

    def refuse(call: Call) -> None:
        if call.data["devid"] == "left":
            tried_at.append(len(runs))
            raise HomeAssistantError("left does not answer")

    flow.run = counted

    home.record("ocpp.set_charge_rate", refuse)
    set_meters(home, 31)  # 9 A of the house: 8 A each
    await home.wait_until(lambda: tried(home, "left"), "it is told")
    assert limit(tried(home, "left")[0]) == 8.0
    # Its 11 A stay reserved: 25 - 9 - 11 = 5 A, too few for the other.
    await home.wait_until(lambda: last_limits(home).get("right") == 0.0, "the other makes room")
    set_charger(home, "right", 0, transaction=2)
    set_meters(home, 20)
    await home.wait_until(lambda: len(tried(home, "left")) >= 5, "it is told again")
    reason = home.state("sensor.loadjuggler_left_reason") or ""
    assert "left does not answer" in reason
    assert len(warnings(home, "left does not answer")) == 1
    # Not in every run: 0.8 s or more after the fourth time, with a run each 0.2 s.
    assert tried_at[4] - tried_at[3] >= 2
    home.record("ocpp.set_charge_rate")
    await home.wait_until(lambda: last_limits(home)["left"] == 8.0, "it is told what it shall take")
    set_charger(home, "left", 8, transaction=1)
    set_meters(home, 17)
    await home.wait_until(lambda: last_limits(home)["right"] == 8.0, "and so is the other")
    await home.wait_until(
        lambda: "answer" not in (home.state("sensor.loadjuggler_left_reason") or ""), "all is well"
    )
    assert home.errors() == []


def tried(home: Home, devid: str) -> list[Call]:
    """Calls for one charger."""
    return [call for call in home.calls if call.data.get("devid") == devid]


# --- restarts -------------------------------------------------------------------------------------


async def test_a_restart_in_mid_session_sends_nothing(home: Home) -> None:
    """Chargers first, then the meters one after the other; the house is as it was."""
    await start_two_cars(home)

    def boot() -> None:
        for number, name in enumerate(("left", "right"), start=1):
            set_charger(home, name, 11, transaction=number)

    await home.restart(*READY, boot=boot)
    await home.settle(0.5)
    assert home.calls == []
    for phase in "abc":
        home.set_state(f"sensor.grid_{phase}", 25, unit_of_measurement="A")
        await home.settle(0.4)
        assert home.calls == []
    await home.wait_until(lambda: home.state(STATUS) == "ok", "it runs")
    await home.settle(0.6)
    assert home.calls == []
    assert home.state("sensor.loadjuggler_left_allocated_current") == "11.0"
    assert home.errors() == []
    set_meters(home, 27)  # and it does run: 5 A of the house
    await home.wait_until(lambda: last_limits(home) == {"left": 10.0, "right": 10.0}, "it juggles")


async def test_a_restart_in_mid_session_does_not_cut_a_solar_car(home: Home) -> None:
    """Sun 15 A, house 4 A, car 11 A; the sensors of sun and battery come last."""
    house = Living(home, house_a=4.0, sun_a=15.0, soc_pct=97.0, draws={"left": 0.0})
    await house.start(**AGAIN)
    await register(home, "site", sunny_site(battery_max_discharge_w=0))
    await register(home, "charger", charger_form("Left", mode="solar_only", **impatient()))
    await house.reaches("what the sun leaves over", left=11.0)
    await home.settle(0.5)
    home.calls.clear()
    late = ("sensor.solar", "sensor.soc", "sensor.battery")
    house.gone = {*late, "sensor.grid_a", "sensor.grid_b", "sensor.grid_c"}
    await home.restart(*READY, boot=house.show)
    await home.settle(0.5)
    assert home.calls == []
    house.set(gone=set(late))
    await home.settle(0.5)
    assert home.calls == []
    for number in range(1, len(late) + 1):
        house.set(gone=set(late[number:]))
        await home.settle(0.3)
        assert home.calls == []
    await home.settle(0.5)
    assert home.calls == []
    house.set(sun_a=14.0)
    await house.reaches("and it does run", left=10.0)


async def test_a_damaged_memory_is_set_aside_and_the_forms_are_kept(home: Home) -> None:
    set_options(home, **QUICK)
    await home.start(*READY)
    set_meters(home, 5)
    set_charger(home, "left", status="Preparing")
    await register(home, "site", site_form())
    await register(home, "charger", charger_form("Left"))
    await home.wait_until(lambda: last_limits(home) == {"left": 16.0}, "it runs")
    await home.stop()
    # pyscript's head does not wait for what ends: the last write may still be under way.
    await home.wait_until(lambda: "left" in stored(home)["memory"]["loads"], "it is stored")
    content = stored(home)
    content["memory"]["loads"]["left"]["calls"]["commanded_at"] = "yesterday"
    store(home, content)
    home.calls.clear()

    def boot() -> None:
        set_meters(home, 15)
        set_charger(home, "left", status="Preparing")

    await home.restart(*READY, boot=boot)
    await home.wait_until(lambda: last_limits(home) == {"left": 10.0}, "25 A - 15 A")
    assert len(warnings(home, "commanded_at is 'yesterday'")) == 1
    assert set_asides(home) == [content]
    await home.wait_until(
        lambda: stored(home)["memory"]["loads"]["left"]["calls"]["commanded_at"] != "yesterday",
        "it is written anew",
    )
    assert home.state(STATUS) == "problem"
    assert "commanded_at" in home.attributes(STATUS)["message"]
    assert home.errors() == []


async def test_a_file_of_a_newer_version_is_set_aside_before_anything_is_written(
    home: Home,
) -> None:
    newer = {"version": 99, "house": "of the future"}
    store(home, newer)
    set_options(home, **QUICK)
    await home.start(*READY)
    await home.wait_until(lambda: stored(home)["version"] == 1, "it is written anew")
    assert set_asides(home) == [newer]
    assert len(warnings(home, "version 99, this reads 1")) == 1
    assert "not-used" in warnings(home, "version 99")[0]
    set_meters(home, 5)
    set_charger(home, "left", status="Preparing")
    assert (await register(home, "site", site_form()))["ok"]
    assert (await register(home, "charger", charger_form("Left")))["ok"]
    await home.wait_until(lambda: last_limits(home) == {"left": 16.0}, "it runs")
    assert home.errors() == []


async def test_a_file_that_can_not_be_written_is_told_once_and_stops_nothing(home: Home) -> None:
    await start_two_cars(home, save_s=0)
    module = sys.modules["loadjuggler.runtime.file"]

    def full(*_: Any) -> None:
        raise OSError("no space left")

    good, module.write = module.write, full
    await home.wait_until(home.errors, "it is told")
    await home.settle(1.0)
    assert [text for text in home.errors() if "no space left" in text] == home.errors()
    assert len(home.errors()) == 1
    set_meters(home, 27)
    await home.wait_until(lambda: last_limits(home) == {"left": 10.0, "right": 10.0}, "it juggles")
    module.write = good
    command = lambda: stored(home)["memory"]["loads"]["left"]["command"]
    await home.wait_until(lambda: command()["tx_a"] == 10.0, "it is written again")


async def test_what_runs_is_stored_once_a_minute_and_what_is_set_at_once(home: Home) -> None:
    await start_two_cars(home, save_s=3600)
    module = sys.modules["loadjuggler.runtime.file"]
    writes, write = [], module.write

    def counted(path: str, content: Any) -> None:
        writes.append(content)
        write(path, content)

    module.write = counted
    for amps in range(20, 30):
        set_meters(home, amps)
        await home.settle(0.1)
    home.fire("loadjuggler_discover")  # all forms are sent again, as they were
    await home.settle(0.5)
    assert len(writes) == 0
    await home.call("pyscript.loadjuggler_set_mode", {"load": "left", "mode": "off"})
    assert len(writes) == 1
    assert writes[0]["memory"]["overrides"]["left mode"]["value"] == "off"
    await home.stop()
    assert len(writes) == 2  # and what has been since then, at the end


# --- a flood --------------------------------------------------------------------------------------


async def test_a_thousand_changes_in_ten_seconds_leave_no_backlog(home: Home) -> None:
    join_s = 0.25
    house = Living(home, house_a=3.0, draws={"left": 0.0, "right": 0.0})
    await house.start(join_s=join_s, tick_s=1)
    await register(home, "site", site_form(distribution="shared"))
    await register(home, "charger", charger_form("Left"))
    await register(home, "charger", charger_form("Right"))
    await house.reaches("they share 22 A", left=11.0, right=11.0)
    await home.settle(2 * join_s)
    home.calls.clear()
    flow = sys.modules["loadjuggler.flow"]
    runs, run = [], flow.run

    def counted(*args: Any, **named: Any) -> Any:
        runs.append(time.monotonic())
        return run(*args, **named)

    flow.run = counted
    started = time.monotonic()
    for change in range(333):  # of three meters each
        house.set(
            house_a=3 + change % 11 / 10
        )  # too little to stop a car, whatever it is taken for
        await asyncio.sleep(max(started + (change + 1) * 0.03 - time.monotonic(), 0))
    took_s = time.monotonic() - started
    during, runs_during = len(home.calls), len(runs)
    assert runs_during <= took_s / join_s + 5
    assert during <= 2 * runs_during  # never more than one for each car in a run
    house.set(house_a=8.0)  # the last word: 17 A for two
    await home.wait_until(
        lambda: max(last_limits(home).values()) <= 8.5, "the last state is heeded"
    )
    # By the next run that sees it: no run for a state that is gone comes before it.
    assert len(runs) - runs_during <= 3
    # What rose and fell so fast was taken for a ramp for some runs; what it is now wins.
    await home.settle(5.0)
    # All that flickered is taken for flicker, so the last ampere of room waits for a minute.
    await home.wait_until(
        lambda: all(7.5 <= amps <= 8.5 for amps in last_limits(home).values()),
        f"the last state wins: {last_limits(home)}",
    )
    # Nothing is left over that would come later: what was sent last is what holds.
    await home.settle(3 * join_s)
    assert last_limits(home) == {"left": 8.5, "right": 8.5}
    assert home.errors() == []


# --- what comes in by a service, and what fails in the shell --------------------------------------

CURRENT = "sensor.loadjuggler_main_current_a"


async def shows_the_meters(home: Home, amps: float) -> None:
    """Wait until the main breaker shows these A, which the meters are set to."""
    set_meters(home, amps)
    await home.wait_until(lambda: home.state(CURRENT) == str(float(amps)), f"{amps} A are shown")


async def test_a_form_with_any_text_for_its_automation_stops_nothing(home: Home) -> None:
    """A trigger on `sensor.grid_a.x` beside `sensor.grid_a` is one that pyscript can't make."""
    set_options(home, **{**QUICK, "save_s": 0.2})

    def boot() -> None:
        set_meters(home, 5)
        set_charger(home, "left", 6, transaction=1)

    await home.start(*READY, boot=boot)
    assert (await register(home, "site", site_form()))["ok"]
    assert (await register(home, "charger", charger_form("left")))["ok"]
    odd = ("sensor.grid_a.nope", "a.b.c.d", "sensor.left_current_import.L1", "foo", "{{ x }}", 5)
    for amps, text in enumerate(odd, start=20):
        answer = await register(home, "charger", {**charger_form("right"), "automation": text})
        assert not answer["ok"]
        assert "no id of an automation" in answer["message"]
        await shows_the_meters(home, amps)
    assert home.errors() == []
    await home.restart(*READY, boot=boot)
    await shows_the_meters(home, 11)


async def test_triggers_that_can_not_be_made_are_told_and_control_goes_on(home: Home) -> None:
    """Pyscript only logs a trigger that it can't make; the status and a notification tell it."""
    set_options(home, **{**QUICK, "tick_s": 0.3})
    home.record("persistent_notification.create")
    await home.start(*READY, boot=lambda: set_meters(home, 5))
    assert (await register(home, "site", site_form()))["ok"]
    await shows_the_meters(home, 6)
    keeper = sys.modules["loadjuggler.runtime.controller"].Keeper
    triggers = keeper.triggers
    keeper.triggers = lambda self: (*triggers(self), "sensor.grid a")
    await home.wait_until(lambda: home.state(STATUS) == "error", "the status says so")
    assert "beside the runs" in home.attributes(STATUS)["message"]
    await home.wait_until(
        lambda: [
            call
            for call in home.calls_of("persistent_notification.create")
            if call.data["notification_id"] == "loadjuggler_error"
        ],
        "people are notified",
    )
    await shows_the_meters(home, 7)
    keeper.triggers = triggers
    await home.wait_until(lambda: home.state(STATUS) == "ok", "it is over")


@pytest.mark.parametrize("ident", ["sensor.loadjuggler_x y", "sensor.loadjuggler_a..b"])
async def test_a_damaged_id_of_what_was_shown_ends_no_start(home: Home, ident: str) -> None:
    set_options(home, **{**QUICK, "save_s": 0.2})
    await home.start(*READY, boot=lambda: set_meters(home, 5))
    assert (await register(home, "site", site_form()))["ok"]
    await shows_the_meters(home, 6)
    await home.wait_until(lambda: is_stored(home), "it is stored")
    await home.stop()
    content = stored(home)
    content["shown"][0][0] = ident
    store(home, content)
    forget_modules("custom_components.pyscript", "loadjuggler")
    await home.start(*READY, boot=lambda: set_meters(home, 5))
    await shows_the_meters(home, 8)
