"""The shell in real pyscript: states in, calls out, entities."""

import asyncio
import gc
import logging
import sys
import time
from typing import Any

import pytest
from homeassistant.exceptions import HomeAssistantError

from tests.home_assistant.harness import Call, Home
from tests.home_assistant.house import (
    QUICK,
    READY,
    charger_form,
    form,
    last_limits,
    limit,
    plug_form,
    purpose,
    register,
    set_charger,
    set_meters,
    set_options,
    site_form,
)

pytestmark = pytest.mark.pyscript

# Nothing happens by itself within a test: what does, follows a change.
NO_TICK = {"tick_s": 60}


async def start_with_one_car(home: Home, **options: float) -> None:
    """Start with a car on the charger `left` that draws the 16 A it is offered; the house 2 A."""
    set_options(home, **{**QUICK, **options})
    await home.start(*READY)
    set_meters(home, 12)
    set_charger(home, "left", 10, transaction=42)
    assert (await register(home, "site", site_form()))["ok"]
    assert (await register(home, "charger", charger_form("Left")))["ok"]
    # 25 A - (12 - 10) A are more than its maximum.
    await home.wait_until(lambda: last_limits(home) == {"left": 16.0}, "the car may take 16 A")
    set_charger(home, "left", 16, transaction=42)
    set_meters(home, 18)
    await home.settle(0.2)  # the triggers on the wired entities are set
    home.calls.clear()


async def start_with_two_cars(home: Home, **options: float) -> None:
    """Start with cars on `left` and `right` that draw the 12 A they are offered; the house 1 A."""
    set_options(home, **{**QUICK, **options})
    await home.start(*READY)
    set_meters(home, 21)
    set_charger(home, "left", 10, transaction=1)
    set_charger(home, "right", 10, transaction=2)
    assert (await register(home, "site", site_form(distribution="shared")))["ok"]
    assert (await register(home, "charger", charger_form("Left")))["ok"]
    assert (await register(home, "charger", charger_form("Right", solar_pause_min=0)))["ok"]
    await home.wait_until(
        lambda: last_limits(home) == {"left": 12.0, "right": 12.0}, "the cars share 24 A"
    )
    set_charger(home, "left", 12, transaction=1)
    set_charger(home, "right", 12, transaction=2)
    set_meters(home, 25)
    await home.settle(0.2)
    home.calls.clear()


async def test_an_overload_sends_the_exact_profile_at_once(home: Home) -> None:
    await start_with_one_car(home, **NO_TICK)
    # An oven: 20 A beside the car's 16 A. 25 - 20 = 5 A are left, less than the minimum of 6 A.
    set_meters(home, 36, 18, 18)
    await home.wait_until(lambda: home.calls, "the car is cut")
    assert [(call.service, call.data) for call in home.calls] == [
        (
            "ocpp.set_charge_rate",
            {
                "devid": "left",
                "conn_id": 1,
                "custom_profile": {
                    "chargingProfileId": 7011,
                    "stackLevel": 0,
                    "chargingProfilePurpose": "TxProfile",
                    "chargingProfileKind": "Relative",
                    "chargingSchedule": {
                        "chargingRateUnit": "A",
                        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 0.0}],
                    },
                    "transactionId": 42,
                },
            },
        )
    ]
    assert home.errors() == []


async def test_a_charger_that_says_so_is_told_in_watts_in_two_layers(home: Home) -> None:
    """The answer comes back through the shell: 25 A - 2 A are more than its maximum of 16 A.

    16 A on three phases at 230 V are 11 040 W, the fallback current of 6 A is 4140 W.
    """
    home.record("ocpp.get_configuration", lambda _call: {"value": "Power"})
    set_options(home, **QUICK)
    await home.start(*READY)
    set_meters(home, 12)
    set_charger(home, "left", 10, transaction=42)
    await register(home, "site", site_form())
    await register(home, "charger", charger_form("Left", layers="2", rate_unit="auto"))

    def told() -> set[tuple[str, float, int]]:
        made = [call.data["custom_profile"] for call in home.calls_of("ocpp.set_charge_rate")]
        return {
            (
                one["chargingSchedule"]["chargingRateUnit"],
                one["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"],
                one["stackLevel"],
            )
            for one in made
            if one["chargingProfilePurpose"] == "TxProfile"
        }

    wanted = {("W", 11040.0, 1), ("W", 4140.0, 0)}
    await home.wait_until(lambda: wanted <= told(), "both layers are in W")
    assert [call.data for call in home.calls_of("ocpp.get_configuration")] == [
        {"devid": "left", "ocpp_key": "ChargingScheduleAllowedChargingRateUnit"}
    ]
    assert home.errors() == []


async def test_without_a_transaction_the_default_profile_is_set(home: Home) -> None:
    set_options(home, **QUICK)
    await home.start(*READY)
    set_meters(home, 5, 13, 5)
    set_charger(home, "left", status="Preparing")
    await register(home, "site", site_form())
    await register(home, "charger", charger_form("Left"))
    # 25 A - 13 A on phase B.
    await home.wait_until(lambda: last_limits(home) == {"left": 12.0}, "12 A are offered")
    profile = home.calls[-1].data["custom_profile"]
    assert profile["chargingProfilePurpose"] == "TxDefaultProfile"
    assert "transactionId" not in profile


async def test_a_change_of_one_leg_alone_is_followed(home: Home) -> None:
    await start_with_one_car(home, **NO_TICK)
    set_meters(home, 30, 18, 18)
    await home.wait_until(lambda: last_limits(home) == {"left": 11.0}, "25 A - 14 A")
    legs = {"L1": 11.0, "L2": 9.0, "L3": 10.0}
    home.set_state("sensor.left_current_import", 10, unit_of_measurement="A", **legs)
    set_meters(home, 25, 11, 12)
    await home.settle(0.2)
    # The state stays what it was, but the car takes 9 A on leg L1: 28 A in all.
    home.set_state("sensor.left_current_import", 10, unit_of_measurement="A", **{**legs, "L1": 9})
    power = "sensor.loadjuggler_left_power"
    await home.wait_until(lambda: home.state(power) == "6440", "28 A times 230 V")


async def test_a_plug_goes_off_and_on(home: Home) -> None:
    def switch(call: Call) -> None:
        home.set_state(call.data["entity_id"], call.service.removeprefix("switch.turn_"))

    set_options(home, **QUICK)
    home.record("switch.turn_on", switch)
    home.record("switch.turn_off", switch)
    await home.start(*READY)
    set_meters(home, 15, 5, 5)
    home.set_state("switch.boiler", "on")
    await register(home, "site", site_form())
    await register(home, "plug", plug_form("Boiler", min_off_min=0))
    await home.wait_until(lambda: home.state("sensor.loadjuggler_boiler_status") == "on", "it runs")
    assert home.calls == []  # it is on, as it should be
    # 3 kW are 13.0 A: 28 A on a breaker of 25 A.
    set_meters(home, 28, 5, 5)
    await home.wait_until(lambda: home.calls_of("switch.turn_off"), "it is switched off")
    assert home.calls[0].data == {"entity_id": "switch.boiler"}
    # 15 A of the house, and 13.0 A would not fit; 11 A, and they do.
    set_meters(home, 15, 5, 5)
    await home.settle()
    assert not home.calls_of("switch.turn_on")
    set_meters(home, 11, 5, 5)
    await home.wait_until(lambda: home.calls_of("switch.turn_on"), "it is switched on")


async def test_a_burst_of_changes_makes_few_runs_and_the_last_state_wins(home: Home) -> None:
    await start_with_one_car(home, **NO_TICK, join_s=0.2)
    flow = sys.modules["loadjuggler.flow"]
    runs, run = [], flow.run

    def counted(*args: Any, **named: Any) -> Any:
        runs.append(args)
        return run(*args, **named)

    flow.run = counted
    began = time.monotonic()
    for step in range(50):
        set_meters(home, 26 + step / 10, 18, 18)
        await asyncio.sleep(0.002)
    # The last: 30.9 A - 16 A of the car = 14.9 A, which leaves 10.1 A.
    await home.wait_until(lambda: last_limits(home).get("left") == 10.1, "25 A - 14.9 A")
    most = 2 + (time.monotonic() - began) / 0.2
    await home.settle()
    # The first change, then one run in each 0.2 s; a busy machine takes longer for the burst.
    assert len(runs) <= min(most, 25)


async def test_a_failing_charger_is_logged_once_and_does_not_stop_the_others(home: Home) -> None:
    await start_with_two_cars(home)

    def refuse(call: Call) -> None:
        if call.data["devid"] == "left":
            raise HomeAssistantError("charger left is unavailable")

    home.record("ocpp.set_charge_rate", refuse)
    set_meters(home, 35)  # 11 A of the house: 7 A each
    tried = lambda: [call for call in home.calls if call.data["devid"] == "left"]
    await home.wait_until(lambda: len(tried()) > 3, "the command is tried again")
    assert limit(tried()[0]) == 7.0
    # What the left one was told before, 12 A, stays reserved: 25 - 11 - 12 = 2 A, too few.
    await home.wait_until(lambda: last_limits(home).get("right") == 0.0, "the other makes room")
    failures = [entry for entry in home.log.records if "left is unavailable" in entry.getMessage()]
    assert len(failures) == 1
    assert "unavailable" in (home.state("sensor.loadjuggler_left_reason") or "")
    home.record("ocpp.set_charge_rate")
    await home.wait_until(
        lambda: last_limits(home).get("left") == 7.0, "it is told what it shall take"
    )
    set_charger(home, "left", 7, transaction=1)
    set_charger(home, "right", 0, transaction=2)
    set_meters(home, 18)
    await home.wait_until(lambda: last_limits(home).get("right") == 7.0, "and so is the other")


async def test_a_hanging_charger_holds_up_nobody_and_gets_the_newest_command(home: Home) -> None:
    await start_with_two_cars(home)
    answered = asyncio.Event()

    async def hang(call: Call) -> None:
        if call.data["devid"] == "left":
            await answered.wait()

    home.record("ocpp.set_charge_rate", hang)
    for house_a, each_a in ((3, 11.0), (5, 10.0), (7, 9.0)):
        set_meters(home, house_a + 24)
        await home.wait_until(
            lambda each_a=each_a: last_limits(home).get("right") == each_a,
            f"{each_a} A for the other",
        )
    lefts = lambda: [limit(call) for call in home.calls if call.data["devid"] == "left"]
    assert lefts() == [11.0]  # and it is not answered yet
    answered.set()
    await home.wait_until(lambda: len(lefts()) > 1, "what waited is sent")
    await home.settle()
    assert lefts() == [11.0, 9.0]


async def test_a_meter_that_gives_nothing_raises_nobody(home: Home) -> None:
    await start_with_one_car(home)
    set_meters(home, 30)
    await home.wait_until(lambda: last_limits(home) == {"left": 11.0}, "25 A - 14 A")
    set_charger(home, "left", 11, transaction=42)
    set_meters(home, 25)
    await home.settle(0.2)
    home.calls.clear()
    home.set_state("sensor.grid_a", "unavailable")
    home.set_state("sensor.grid_b", 0, unit_of_measurement="A")
    home.set_state("sensor.grid_c", 0, unit_of_measurement="A")
    status = "sensor.loadjuggler_status"
    await home.wait_until(lambda: home.state(status) == "blind", "the status says so")
    await home.settle()
    assert home.calls == []
    assert "sensor.grid_a" in home.attributes(status)["message"]
    set_meters(home, 18)
    await home.wait_until(lambda: last_limits(home) == {"left": 16.0}, "it goes on by itself")
    assert home.errors() == []


async def test_an_error_in_a_run_is_shown_and_logged_once_and_the_next_run_works(
    home: Home,
) -> None:
    await start_with_one_car(home)
    flow = sys.modules["loadjuggler.flow"]
    run = flow.run

    def broken(*_args: Any, **_named: Any) -> Any:
        raise RuntimeError("a mistake in the engine")

    flow.run = broken
    status = "sensor.loadjuggler_status"
    await home.wait_until(lambda: home.state(status) == "error", "the status shows it")
    assert "a mistake in the engine" in home.attributes(status)["message"]
    await home.settle(0.6)
    assert len([text for text in home.errors() if "a mistake in the engine" in text]) == 1
    flow.run = run
    await home.wait_until(lambda: home.state(status) == "ok", "the next run works")
    set_meters(home, 30)
    await home.wait_until(lambda: last_limits(home) == {"left": 11.0}, "25 A - 14 A")


async def test_entities_have_ids_names_units_and_classes(home: Home) -> None:
    set_options(home, **QUICK)
    await home.start(*READY)
    set_meters(home, 12, 11, 10)
    set_charger(home, "left", 8, transaction=1)
    await register(home, "site", site_form())
    await register(home, "circuit", form("Garage", limit_a=20))
    await register(home, "charger", charger_form("Left", name="Left car", circuit="Garage"))
    reason = "sensor.loadjuggler_left_car_reason"
    await home.wait_until(lambda: "16 A" in (home.state(reason) or ""), "the reason says it")
    current = {
        "unit_of_measurement": "A",
        "device_class": "current",
        "state_class": "measurement",
    }
    power = {"unit_of_measurement": "W", "device_class": "power", "state_class": "measurement"}
    expected = {
        # 25 A - (12 - 8) A of the house on A is more than its maximum.
        "sensor.loadjuggler_left_car_allocated_current": ("16.0", current),
        "sensor.loadjuggler_left_car_power": ("5520", power),  # 3 · 8 A · 230 V
        "sensor.loadjuggler_main_current_a": ("12.0", current),
        "sensor.loadjuggler_main_current_c": ("10.0", current),
        "sensor.loadjuggler_garage_current_b": ("8.0", current),
        # (25 - 12 + 25 - 11 + 25 - 10) A · 230 V
        "sensor.loadjuggler_grid_available_power": ("9660", power),
    }
    for entity, (value, attributes) in expected.items():
        assert (entity, home.state(entity)) == (entity, value)
        assert attributes.items() <= home.attributes(entity).items(), entity
    assert home.state("sensor.loadjuggler_left_car_status") == "charging"
    named = home.attributes("sensor.loadjuggler_left_car_power")["friendly_name"]
    assert named == "Left car power"
    assert home.state("sensor.loadjuggler_status") == "ok"


async def test_time_over_a_limit_is_told_in_the_time_of_home_assistants_zone(home: Home) -> None:
    await start_with_one_car(home, tick_s=0.1, join_s=0.05, save_s=0.2)
    set_charger(home, "left", 16, transaction=42)
    await home.hass.config.async_set_time_zone("Pacific/Kiritimati")  # UTC + 14 h all year
    set_meters(home, 30, 18, 18)  # 14 A of house and 16 of the car: 5 A too much
    over = "sensor.loadjuggler_main_over_limit_ampere_seconds_a"
    await home.wait_until(lambda: float(home.state(over) or 0) > 0, "something is counted")
    told = home.attributes(over)
    assert told["state_class"] == "total_increasing"
    assert (told["worst"], told["worst_times_limit"]) == (30.0, 1.2)
    assert told["worst_at"].endswith("+14:00")
    assert told["unmanaged"] == 0
    assert home.state("sensor.loadjuggler_main_over_limit_time_b") == "0"
    assert "5 A too much" in home.attributes("sensor.loadjuggler_status")["message"]
    assert home.errors() == []


async def test_triggers_follow_the_wiring_and_old_ones_are_gone(home: Home) -> None:
    await start_with_one_car(home, **NO_TICK)
    state = sys.modules["custom_components.pyscript.state"].State

    def queues() -> dict[str, int]:
        gc.collect()  # pyscript 2.0 leaves what is replaced in circles of references
        return {entity: len(found) for entity, found in state.notify.items() if found}

    await home.wait_until(lambda: queues()["sensor.grid_a"] == 1, "those of the site are gone")
    one_car = queues()
    # One for the state; for the attributes L1, L2 and L3 one each.
    assert one_car["sensor.left_current_import"] == 4
    set_charger(home, "right", status="Available")
    home.set_state("automation.right", "on")
    right = charger_form("Right", solar_pause_min=0, automation="automation.right")
    await register(home, "charger", right)
    await home.wait_until(lambda: queues().get("sensor.right_current_import") == 4, "one more")
    await home.wait_until(lambda: queues()["sensor.grid_a"] == 1, "the old triggers are gone")
    home.set_state("automation.right", "off")  # it leaves, and only its automation is followed
    await home.wait_until(lambda: queues() == {**one_car, "automation.right": 1}, "as before")
    # And what the triggers cost nobody sees: no events for the logbook and the database.
    events = []
    home.hass.bus.async_listen("pyscript_running", events.append)
    set_meters(home, 30)
    await home.wait_until(lambda: home.calls, "the car is cut")
    assert events == []


async def test_debug_log_has_a_line_for_each_run_that_changed_something(home: Home) -> None:
    await start_with_one_car(home, **NO_TICK)
    home.log.set_level(logging.DEBUG, logger="custom_components.pyscript.file.loadjuggler")
    set_meters(home, 30)
    await home.wait_until(lambda: last_limits(home) == {"left": 11.0}, "25 A - 14 A")
    lines = [text for text in home.log.messages if text.startswith("run in ")]
    assert len(lines) == 1
    assert "'limit': 11.0" in lines[0]
    assert "'sensor.loadjuggler_main_headroom_a': '11.0'" in lines[0]


async def test_a_load_that_leaves_is_told_all_its_safe_levels(home: Home) -> None:
    await start_with_one_car(home)
    assert (await register(home, "charger", charger_form("Left", devid="another")))["ok"]
    await home.wait_until(lambda: home.calls, "its session is told; the next one's 6 A are there")
    await home.settle()
    assert [(purpose(call), limit(call)) for call in home.calls] == [("TxProfile", 6.0)]
