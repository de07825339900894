"""Forms that are renamed, refused or wait, in real pyscript: cars go on, and people are told."""

import pytest

from tests.home_assistant.harness import Home
from tests.home_assistant.house import (
    READY,
    automation,
    charger_form,
    form,
    register,
    set_charger,
    set_meters,
)
from tests.home_assistant.test_lifecycle import STATUS, garage, start_with_garage

pytestmark = pytest.mark.pyscript


def shown(home: Home) -> dict[str, str]:
    """The notifications that are shown now, by id."""
    found: dict[str, str] = {}
    for call in home.calls:
        ident = call.data.get("notification_id")
        if call.service == "persistent_notification.create":
            found[ident] = call.data["message"]
        elif call.service == "persistent_notification.dismiss":
            found.pop(ident, None)
    return found


async def edited(home: Home, place: int, kind: str, data: dict[str, object]) -> None:
    """Save another form instead of the one at this place of the garage's."""
    forms = garage()
    forms[place] = automation(kind, data)
    home.set_automations(forms)
    await home.reload_automations()


async def test_a_renamed_breaker_keeps_its_cars_over_a_restart(home: Home) -> None:
    await start_with_garage(home)
    await edited(home, 2, "circuit", {**form("Garage", limit_a=20), "name": "Workshop"})
    await home.wait_until(
        lambda: (
            home.attributes("sensor.loadjuggler_garage_limit").get("friendly_name")
            == "Workshop limit"
        ),
        "it has its new name",
    )
    await home.settle(0.5)
    assert home.state(STATUS) == "ok"
    assert home.calls_of("ocpp.set_charge_rate") == []
    assert await allocated(home) == {"left": 14.0, "right": 6.0}
    await home.settle(0.5)

    def boot() -> None:
        set_meters(home, 25)
        set_charger(home, "left", 14, transaction=1)
        set_charger(home, "right", 6, transaction=2)

    await home.restart(*READY, boot=boot)
    await home.wait_until(lambda: home.state(STATUS) == "ok", "all is as before")
    await home.settle(0.5)
    assert await allocated(home) == {"left": 14.0, "right": 6.0}
    assert home.calls_of("ocpp.set_charge_rate") == []
    assert shown(home) == {}


async def allocated(home: Home) -> dict[str, float]:
    """What the loads are told, in A per leg."""
    answer = await home.call("pyscript.loadjuggler_recalculate", response=True)
    return {load: one["allocated_a"] for load, one in answer["loads"].items()}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"step_a": "coarse", "priority": 99}, ["Step: 'coarse'", "Priority: 99"]),
        ({"devid": "right"}, ["Charge point id: connector 1 of right is used by 'Right'"]),
        ({"circuit": "Grage"}, ["Breaker: it is waiting for Grage", "main breaker, Garage"]),
    ],
)
async def test_a_wrong_form_is_a_notification_and_lets_no_car_go(
    home: Home, wrong: dict[str, object], says: list[str]
) -> None:
    await start_with_garage(home)
    good = charger_form("Left", circuit="Garage")
    await edited(home, 0, "charger", {**good, **wrong})
    await home.wait_until(lambda: shown(home), "somebody is told")
    (message,) = shown(home).values()
    assert message.startswith("charger 'Left': ")
    assert all(text in message for text in [*says, "The form before it stays in force."])
    assert message in home.attributes(STATUS)["warnings"]
    await home.settle(0.5)
    assert home.calls_of("ocpp.set_charge_rate") == [], "both cars go on"
    assert home.state("sensor.loadjuggler_left_allocated_current") == "14.0"
    await edited(home, 0, "charger", good)
    await home.wait_until(lambda: not shown(home), "it is withdrawn when the form is right")
    await home.wait_until(lambda: home.state(STATUS) == "ok", "and the warning with it")


async def test_the_form_of_a_breaker_that_is_deleted_protects_on_until_it_is_made_again(
    home: Home,
) -> None:
    await start_with_garage(home)
    home.set_automations([one for one in garage() if one["id"] != "garage"])
    await home.reload_automations()
    await home.wait_until(lambda: shown(home), "somebody is told")
    (message,) = shown(home).values()
    assert "circuit 'Garage': its automation is gone" in message
    await home.settle(0.5)
    assert home.calls_of("ocpp.set_charge_rate") == [], "both cars go on"
    again = automation("circuit", {**form("Garage", limit_a=20), "node": "another"})
    home.set_automations([*(one for one in garage() if one["id"] != "garage"), again])
    await home.reload_automations()
    await home.wait_until(lambda: not shown(home), "it is there again")
    assert home.calls_of("ocpp.set_charge_rate") == []


async def test_an_unknown_breaker_is_answered_with_those_that_exist(home: Home) -> None:
    await start_with_garage(home)
    answer = await register(home, "charger", charger_form("Third", circuit="Grage"))
    assert answer["waiting"] == "waiting for Grage"
    assert "main breaker, Garage" in answer["message"]
