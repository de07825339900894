"""A user limits a session by the number of the OCPP integration (v0.12), in real Home Assistant."""

from dataclasses import dataclass, field

import pytest

from tests.home_assistant.harness import Call, Home
from tests.home_assistant.house import Living, charger_form, limit, purpose, register, site_form

pytestmark = [pytest.mark.pyscript, pytest.mark.any_pyscript]

NUMBER = "number.left_session_current_limit"
COMMAND_ID = 7001
REASON = "sensor.loadjuggler_left_reason"


@dataclass
class Layered(Living):
    """Chargers obey the profile of the session with the highest stack level (3.13.2)."""

    held: dict[str, dict[int, float]] = field(default_factory=dict)

    def _charge(self, call: Call) -> None:
        if purpose(call) == "TxProfile":
            self.hold(call.data["devid"], call.data["custom_profile"]["stackLevel"], limit(call))

    def hold(self, load: str, level: int, amps: float) -> None:
        """A charger takes in a profile."""
        levels = self.held.setdefault(load, {})
        levels[level] = amps
        in_force_a = levels[max(levels)]
        self.draws[load] = in_force_a if in_force_a >= 6 else 0.0
        self.show()

    def user_sets(self, amps: float) -> None:
        """What v0.12 of the integration does when a user sets the number."""
        self.hold("left", 3, amps)
        self.home.set_state(NUMBER, amps, unit_of_measurement="A")


async def two_cars(home: Home) -> Layered:
    """Left, which is served first, has 16 A of 25 A, right 8 A beside 1 A of the house.

    Their chargers say that 3 is their highest stack level.
    """
    home.record("ocpp.get_configuration", lambda _call: {"value": "3"})
    living = Layered(home)
    living.draws |= {"left": 0.0, "right": 0.0}
    await living.start()
    home.set_state(NUMBER, "unknown", unit_of_measurement="A")
    await register(home, "site", site_form())
    for priority, name in enumerate(("Left", "Right"), 1):
        await register(home, "charger", charger_form(name, layers="auto", priority=priority))
    await living.reaches("both charge", left=16.0, right=8.0)
    return living


def levels(home: Home, load: str) -> list[int]:
    """The stack levels of the commands of its session that a charger was sent."""
    sent = [call.data for call in home.calls_of("ocpp.set_charge_rate")]
    profiles = [data["custom_profile"] for data in sent if data["devid"] == load]
    return [p["stackLevel"] for p in profiles if p["chargingProfileId"] == COMMAND_ID + 10]


async def test_it_is_its_maximum_and_others_have_the_rest(home: Home) -> None:
    living = await two_cars(home)
    assert set(levels(home, "left")) == {1}
    living.user_sets(10.0)
    await living.reaches("25 A less 1 and 10 are 14", left=10.0, right=14.0)
    assert levels(home, "left")[-1] == 3, "where the user's limit is, so that it can be lower"
    assert set(levels(home, "right")) == {1}
    await home.wait_until(
        lambda: f"what the Session Current Limit ({NUMBER}) allows" in str(home.state(REASON)),
        "its sentence names the number",
    )
    home.set_state(NUMBER, "unavailable")
    await living.reaches("it is gone with its value", left=16.0, right=8.0)
    assert home.errors() == []


async def test_one_that_is_too_low_is_told_to_who_set_it(home: Home) -> None:
    living = await two_cars(home)
    living.user_sets(3.0)
    await living.reaches("a car takes nothing below 6 A", left=0.0, right=16.0)
    assert str(home.state(REASON)).startswith(
        f"Paused: the Session Current Limit of the OCPP integration ({NUMBER}) is 3 A, and it "
        "needs 6 A."
    )
