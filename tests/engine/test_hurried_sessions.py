"""A charger whose transaction id changes quicker than cars can: it is told with a back-off."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from .house import charger_form, site_form, state
from .test_keeper import Home

ID = "sensor.car_transaction_id"
LAYERS = ("TxProfile", "safe")


def told(home: Home, seconds: int, shown: Callable[[int], str]) -> list[tuple[int, int]]:
    """(second, transaction id) of each command while the sensor shows an id each second."""
    found = []
    for second in range(seconds):
        home.states[ID] = state(shown(second), None, home.now)
        for call in home.run(1.0).calls:
            home.keeper.succeeded(call)
            if call.slot == LAYERS[0] and call.load_id == "car":
                found.append((second, call.data["custom_profile"]["transactionId"]))
    return found


def charging() -> Home:
    home = Home(site_form(), charger_form("car"))
    home.states["sensor.car_status_connector"] = state("Charging", None, home.now)
    home.states["sensor.car_current_import"] = state(16.0, "A", home.now, L1=16, L2=16, L3=16)
    return home


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(lambda second: str(1 + second), id="it counts up"),
        pytest.param(lambda second: str(1 + second % 2), id="two take turns"),
    ],
)
def test_an_id_that_changes_each_second_is_told_once_a_minute_after_a_while(
    shown: Callable[[int], str],
) -> None:
    """Three at once, then after 5, 10, 20 and 40 s, then once a minute: at most 17 in 600 s.

    Each is told a second time 10 s later, and renewed after a minute.
    """
    found = told(charging(), 600, shown)
    begun = [now for before, now in pairwise([(0, 0), *found]) if before[1] != now[1]]
    assert 10 <= len(begun) <= 3 + 4 + 600 // 59
    assert len(found) <= 3 * len(begun)


def test_two_sessions_one_after_the_other_are_told_at_once() -> None:
    """A car is taken off, and another one begins 20 s later: no wait, whatever was before."""
    home = charging()
    ids = {0: "7", 40: "8", 60: "9"}
    found = told(home, 80, lambda second: ids[max(at for at in ids if at <= second)])
    first = {session: min(at for at, one in found if one == session) for session in (7, 8, 9)}
    assert first == {7: 0, 8: 40, 9: 60}


def test_once_it_rests_it_is_told_at_once_again() -> None:
    home = charging()
    told(home, 60, lambda second: str(100 + second))
    told(home, 120, lambda _: "500")
    found = told(home, 5, lambda _: "501")
    assert found[0] == (0, 501)


def paused(seconds: int, shown: Callable[[int], str]) -> list[tuple[int, int]]:
    """What is `told` where the house takes 30 A of the 25 A, so that the car has to pause."""
    home = charging()

    def at(second: int) -> str:
        for phase in "abc":
            home.states[f"sensor.grid_{phase}"] = state(30.0, "A", home.now)
        nothing = state(0.0, "A", home.now, L1=0, L2=0, L3=0)
        home.states["sensor.car_current_import"] = nothing
        return shown(second)

    return told(home, seconds, at)


def test_a_new_session_of_a_paused_car_does_not_wait_for_a_minute() -> None:
    """Until it is told its 0 A, its car takes the 6 A of the default, for which there is no room.

    Sessions follow each other after 12 s, each is told within 5 s.
    """
    found = paused(180, lambda second: str(1 + second // 12))
    late = {
        session: min([at for at, one in found if one == session], default=180) - 12 * (session - 1)
        for session in range(1, 16)
    }
    assert max(late.values()) <= 5, late


def test_a_paused_car_whose_id_changes_each_second_is_told_every_5_s_at_most() -> None:
    found = paused(300, lambda second: str(1 + second))
    begun = [now for before, now in pairwise([(0, 0), *found]) if before[1] != now[1]]
    assert len(begun) <= 3 + 300 // 5
