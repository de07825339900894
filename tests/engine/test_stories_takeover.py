"""Stories of chargers that somebody else has told before: taken over without a moment of freedom.

`clear_profile` of the OCPP integration takes away all profiles, Load Juggler's own included. Until
the next command has gone through nothing limits the charger but its own maximum. So it is cleared
only while the wires carry that beside everybody else, and it counts with its maximum until then:

    0 s        left: cleared, then told 6 A     right: holds its 6 A, 16 + 6 A fit into 25 A
    0 to 4 s   left may take 16 A and counts as such (its station takes 2 s for a call)
    4 s        left holds 6 A                   right: cleared, then told 6 A

One phase, 230 V. A call takes a while; a charger carries out one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from loadjuggler.calls import ServiceCall

from .house import charger_form, circuit_form, site_form
from .stories import Stage, car


@dataclass(repr=False)
class SlowStage(Stage):
    """A house whose stations take `answer_s` for each call, one after the other.

    The charger does what it is told just before it answers, or at once (`acts_first`). A call that
    waits is replaced by a newer one of the same slot. Services, and loads, in `broken` fail.
    """

    answer_s: float = 2.0
    acts_first: bool = False
    broken: set[str] = field(default_factory=set)
    waiting: dict[str, list[ServiceCall]] = field(default_factory=dict)
    busy: dict[str, tuple[ServiceCall, float]] = field(default_factory=dict)
    worst: list[str] = field(default_factory=list)

    def obey(self, calls: Iterable[ServiceCall]) -> None:
        """Queue the calls, as the host does."""
        newer: dict[str, list[ServiceCall]] = {}
        for call in calls:
            newer.setdefault(call.load_id, []).append(call)
        for load, batch in newer.items():
            slots = {call.slot for call in batch}
            still = [one for one in self.waiting.get(load, ()) if one.slot not in slots]
            self.waiting[load] = still + batch
        self._go_on()

    def _go_on(self) -> None:
        for load, queue in self.waiting.items():
            if queue and load not in self.busy:
                call = queue.pop(0)
                self.busy[load] = (call, self.now + self.answer_s)
                if self.acts_first:
                    self._act(call)

    def _act(self, call: ServiceCall) -> None:
        if {call.service, call.load_id} & self.broken:
            self.failing[call.load_id] = "no answer"
        super().obey([call])
        self.failing.pop(call.load_id, None)

    def second(self) -> None:
        """A run, and a second in which stations answer; breakers are looked at all along."""
        self.tick(1)
        for load, (call, at) in list(self.busy.items()):
            if at <= self.now:
                del self.busy[load]
                if not self.acts_first:
                    self._act(call)
                self._look()
                self._go_on()
        self._look()

    def _look(self) -> None:
        """Note breakers that are exceeded, and chargers without a limit that do not count so."""
        self.worst += self.overloads()
        for load, car_there in self.cars.items():
            free = car_there.default_limit_a is None and not car_there.tx_limits
            if free and not self.memory.load(load).command.bare:
                self.worst.append(f"nothing limits {load}, and it does not count with its maximum")

    def cleared(self) -> list[str]:
        """The loads whose profiles were cleared, in order."""
        return [call.load_id for call in self.calls if call.service == "clear_profile"]


def garage(garage_a: float = 20.0, **slow: object) -> SlowStage:
    """Two cars that want 16 A behind a breaker; somebody holds each at 8 A."""
    house = SlowStage.of(
        site_form("A", main_breaker_a=63),
        circuit_form("garage", garage_a, "A"),
        charger_form("left", "A", circuit="garage", clear_first=True),
        charger_form("right", "A", circuit="garage", clear_first=True),
    )
    for name, value in slow.items():
        setattr(house, name, value)
    for one in ("left", "right"):
        car(one, max_a=16.0, transaction=7, default_limit_a=8.0)(house)
    return house


@pytest.mark.parametrize("acts_first", [False, True], ids=["acts last", "acts first"])
@pytest.mark.parametrize("answer_s", [0, 1, 2, 5, 9])
def test_no_moment_of_a_take_over_exceeds_a_breaker(answer_s: int, acts_first: bool) -> None:
    """16 A + 16 A are more than 20 A, and so are 16 A + 8 A: nobody is cleared beside the other."""
    house = garage(answer_s=float(answer_s), acts_first=acts_first)
    for _ in range(300):
        house.second()
    assert not house.worst
    told = [house.offered(load) for load in ("left", "right")]
    assert told == [pytest.approx(14), pytest.approx(6)] or told == [pytest.approx(10)] * 2


@pytest.mark.parametrize("answer_s", [0, 2, 9])
@pytest.mark.parametrize("comes", [("left",), ("right",), ("left", "right")], ids=" and ".join)
def test_cars_that_come_while_a_charger_is_cleared_find_room(
    comes: tuple[str, ...], answer_s: int
) -> None:
    """22 A carry 16 A + 6 A, and not 16 A + 16 A: idle chargers are cleared one after the other.

    Cars come to one of them, or to both, in any second of that.
    """
    for second in range(30):
        house = garage(22.0, answer_s=float(answer_s))
        for one in ("left", "right"):
            car(one, status="Available", transaction=0, default_limit_a=6.0)(house)
        for _ in range(second):
            house.second()
        for one in comes:
            car(one, status="Charging", transaction=9)(house)
        for _ in range(20):
            house.second()
        assert not house.worst, f"after {second} s"


def test_an_idle_charger_is_not_cleared_while_the_wires_do_not_carry_its_maximum() -> None:
    """25 A with 5 A of house leave 20 A; 16 A + 6 A are more. Without the house they fit."""
    house = garage(25.0)
    house.household["garage"]["A"] = 5.0
    for one in ("left", "right"):
        car(one, status="Available", transaction=0)(house)
    for _ in range(60):
        house.second()
    assert not house.cleared()
    house.household["garage"]["A"] = 0.0
    for _ in range(60):
        house.second()
    assert sorted(house.cleared()) == ["left", "right"], "once each"


@pytest.mark.parametrize("broken", ["set_charge_rate", "clear_profile"])
def test_calls_that_fail_leave_nobody_without_a_limit_that_fits(broken: str) -> None:
    """For a minute one kind of call fails; then all go through."""
    house = garage(answer_s=1.0)
    house.broken = {broken}
    for second in range(400):
        if second == 60:
            house.broken = set()
        house.second()
    assert not house.worst


def test_a_charger_whose_profiles_are_gone_counts_with_its_maximum() -> None:
    """25 A: the left one is idle and is cleared, but no command reaches it for half a minute.

    So 16 A stay reserved for a car that may come, and the right one, which wants 16 A, gets 9 A.
    Then a command goes through, and it gets all.
    """
    house = garage(25.0, answer_s=1.0)
    car("left", status="Available", transaction=0)(house)
    car("right", status="Available", transaction=0)(house)
    house.second()
    assert house.cleared() == ["left"]
    house.broken = {"left"}
    for _ in range(5):
        house.second()
    car("right", status="Charging", transaction=9)(house)
    for _ in range(30):
        house.second()
    assert house.told("right") == 9
    house.broken = set()
    for _ in range(400):
        house.second()
    assert house.offered("right") == pytest.approx(16)
    assert not house.worst
