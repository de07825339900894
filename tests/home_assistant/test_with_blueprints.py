"""The whole way in real pyscript: the project's blueprints, a meter, chargers, a plug."""

from typing import Any

import pytest
from homeassistant.helpers import issue_registry

from tests.home_assistant.harness import PROJECT, Home
from tests.home_assistant.house import (
    PLAIN,
    QUICK,
    READY,
    Living,
    last_limits,
    set_charger,
    set_meters,
    set_options,
)

KINDS = ("site", "circuit", "charger", "plug")
BLUEPRINTS = [PROJECT / "blueprints/automation/loadjuggler" / f"{kind}.yaml" for kind in KINDS]

pytestmark = [
    pytest.mark.pyscript,
    pytest.mark.skipif(
        not all(path.exists() for path in BLUEPRINTS), reason="MISSING: the blueprints"
    ),
]


def filled_in(ident: str, kind: str, **inputs: Any) -> dict[str, Any]:
    """An automation as the form of a blueprint makes it; its ids are digits, as the editor's."""
    use = {"path": f"loadjuggler/{kind}.yaml", "input": inputs}
    return {"id": ident, "alias": inputs["name"], "use_blueprint": use}


async def test_a_house_wired_by_blueprints_is_juggled(home: Home) -> None:
    def boot() -> None:
        set_meters(home, 18, 5, 5)
        set_charger(home, "left", status="Charging", transaction=7)
        set_charger(home, "right", status="Available")
        home.set_state("switch.boiler", "on")

    meters = {f"grid_{phase}": f"sensor.grid_{phase}" for phase in "abc"}
    set_options(home, **QUICK)
    home.set_automations(
        [
            filled_in("1700000000001", "site", name="Home", main_breaker_a=25, **meters),
            filled_in("1700000000002", "circuit", name="Garage", limit_a=20),
            filled_in(
                "1700000000003", "charger", name="Left", devid="left", circuit="garage", **PLAIN
            ),
            filled_in(
                "1700000000004", "charger", name="Right", devid="right", circuit="Garage", **PLAIN
            ),
            filled_in("1700000000005", "plug", name="Boiler", switch="switch.boiler", power_w=3000),
        ]
    )
    await home.start(*READY, boot=boot)
    status = "sensor.loadjuggler_status"
    await home.wait_until(lambda: home.state("sensor.loadjuggler_right_status"), "all are wired")
    await home.wait_until(lambda: home.state(status) == "ok", "and all is well")
    # On A 25 A - (18 - 13.0) A - 13.0 A of the boiler leave 7 A; the loads have the same priority,
    # and the boiler goes first by its name. Right has no car: its minimum, for the next one.
    await home.wait_until(
        lambda: last_limits(home) == {"left": 7.0, "right": 6.0}, "left gets what is left"
    )
    assert home.calls_of("switch.turn_off") == []
    assert home.errors() == []
    assert not issue_registry.async_get(home.hass).issues
    answer = await home.call("pyscript.loadjuggler_recalculate", response=True)
    # What right would get: nothing, for 7 A are all used on A.
    assert answer["loads"]["right"]["available_a"] == 0.0


async def test_a_house_with_sun_wired_by_blueprints_lives_on_it(home: Home) -> None:
    living = Living(home, sun_a=9, soc_pct=90, battery_a=3, draws={"left": 0.0})
    meters = {f"grid_{phase}": f"sensor.grid_{phase}" for phase in "abc"}
    site = {
        "solar_entity": "sensor.solar",
        "battery_soc_entity": "sensor.soc",
        "battery_power_entity": "sensor.battery",
        "battery_max_charge_w": 2070,
        "battery_max_discharge_w": 2070,
    }
    car = {"devid": "left", "mode": "solar_only", "solar_grace_min": 0, "solar_pause_min": 0}
    home.set_automations(
        [
            filled_in("1700000000001", "site", name="Home", **meters, **site),
            filled_in("1700000000002", "charger", name="Left", **car, **PLAIN),
        ]
    )
    await living.start()
    await living.reaches("9 A - 1 A, and 3 A of the battery", left=11.0)
    living.set(soc_pct=50)
    await living.reaches("below 80 % the battery comes first", left=0.0)
    assert home.state("sensor.loadjuggler_status") == "ok"
    assert home.errors() == []
    assert not issue_registry.async_get(home.hass).issues
