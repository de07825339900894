"""Chargers that another system has told before are taken over, and are slow to answer.

`clear_profile` takes all profiles from a charger. Until our command has come nothing limits it but
its car, which takes 16 A; two such cars are more than the breaker carries. What is judged is what
the stations say themselves, at each moment: what their cars draw, and what they may draw.
"""

import pytest

from tests.end_to_end.house import House
from tests.end_to_end.taking_over import (
    build,
    cars_come,
    cleared,
    settles,
    start,
    told_to_clear,
)

pytestmark = [pytest.mark.pyscript, pytest.mark.any_pyscript, pytest.mark.ocpp]


@pytest.mark.parametrize("habit", ["slow", "late"])
async def test_of_two_that_charge_one_is_cleared_while_it_fits_without_a_limit(
    house: House, habit: str
) -> None:
    # 25 A - 1 A: without a limit one takes 16 A, and the other 8 A, as the other system said.
    build(house, 25, "priority")
    await start(house, left=f"{habit}=2", right=f"{habit}=3", cars=True)
    await settles(house, "left first, then right with what is left", 25, left=16.0, right=8.0)
    assert len(cleared(house)) == 1


async def test_of_two_that_charge_none_is_cleared_where_it_does_not_fit(house: House) -> None:
    # 20 A - 1 A: 16 A and the 6 A that the other one gets at least are more.
    build(house, 20, "shared")
    await start(house, left="slow=2", right="slow=3", cars=True)
    await settles(house, "19 A for two", 20, left=9.5, right=9.5)
    assert cleared(house) == []


@pytest.mark.parametrize("moment", ["told", "done"])
async def test_cars_that_come_while_a_charger_is_cleared_find_room(
    house: House, moment: str
) -> None:
    # 25 A - 1 A carry 16 A without a limit and 6 A beside; not two without a limit.
    build(house, 25, "shared")
    await start(house, left="slow=2", right="slow=3", cars=False)
    by_then = told_to_clear if moment == "told" else cleared
    await house.wait_until(lambda: by_then(house), f"the first is {moment}: cleared")
    cars_come(house)
    await settles(house, "24 A for two", 25, left=12.0, right=12.0)


async def test_two_without_cars_are_cleared_one_after_the_other(house: House) -> None:
    build(house, 25, "shared")
    await start(house, left="slow=2", right="slow=3", cars=False)
    await house.wait_until(lambda: len(told_to_clear(house)) == 2, "both are told, in some order")
    cars_come(house)
    await settles(house, "24 A for two", 25, left=12.0, right=12.0)
    assert sorted(cleared(house)) == ["left", "right"]


async def test_a_charger_that_clears_after_the_call_has_failed_still_has_room(
    house: House,
) -> None:
    # Clearing takes 6 s, and who waits gives up after 4 s: the charger is without a limit later
    # than anybody was told.
    build(house, 25, "priority", call_timeout_s=4.0)
    await start(house, left="slow=0.5,clear=5.5", right="slow=0.5,clear=5.5", cars=True)
    await settles(house, "left first, then right with what is left", 25, left=16.0, right=8.0)
    assert len(cleared(house)) == 1


async def test_a_charger_that_rejects_its_first_commands_has_room_without_them(
    house: House,
) -> None:
    # Left takes profiles in W only, which is not known yet: those in A are rejected, and the
    # integration does not pass that on.
    build(house, 25, "priority")
    await start(house, left="slow=2,watts-only", right="slow=3", cars=True, left_unit="W")
    await settles(house, "left first, then right with what is left", 25, left=16.0, right=8.0)
