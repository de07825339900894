"""Stories: what happens in a house, one line a step, as a table to be read from top to bottom.

    story(
        "25 A, the house takes 16 A, so the car has 9 A; the meter is lost",
        settled(house),
        (0, nothing, told(car=9)),
        (5, lose("sensor.grid_a"), told(car=9), says(car="Holds 9 A")),
        (70, nothing, told(car=6), status(car="stale_meter")),
    )

A step is the time (s since the story began), what changes then, and what holds right after the run
that sees it. Between the steps the house runs at every tick, and calls are obeyed at once, but for
what a `Stage` was told: chargers that are `deaf`, and calls that fail.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from loadjuggler.calls import ServiceCall
from loadjuggler.loads import drive as drivers
from loadjuggler.memory.load import LoadMemory
from loadjuggler.snapshot import EntityState

from .house import VOLTAGE_V, House, charger_form, site_form, state

Change = Callable[["Stage"], None]
Claim = Callable[["Stage"], list[str]]
"""What is wrong: nothing, if the claim holds."""

SAME_A = 0.01
GONE = EntityState("unavailable")


@dataclass(repr=False)
class Stage(House):
    """A house in which chargers may be deaf (they go on as before) and calls may fail.

    `answers` are what chargers answer when they are asked for a key of their configuration.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    deaf: set[str] = field(default_factory=set)
    failing: dict[str, str] = field(default_factory=dict)
    step_calls: list[tuple[float, ServiceCall]] = field(default_factory=list)
    elapsed_s: float = 0.0

    def obey(self, calls: Iterable[ServiceCall]) -> None:
        """Do what the calls say, and tell the memory how each of them ended."""
        for call in calls:
            self.step_calls.append((self.elapsed_s, call))
            error = self.failing.get(call.load_id)
            if call.asks and call.load_id in self.answers and error is None:
                old = self.memory.load(call.load_id)
                answer = {"value": self.answers[call.load_id]}
                self._remember(call.load_id, drivers.answered(old, call, answer))
            elif error is not None or not call.asks:
                self._remember(call.load_id, self._ended(call, error))
            if error is None and call.load_id not in self.deaf:
                super().obey([call])

    def _ended(self, call: ServiceCall, error: str | None) -> LoadMemory:
        old = self.memory.load(call.load_id)
        if error is None:
            return drivers.succeeded(old, call)
        return drivers.failed(old, call, error)

    def _remember(self, load: str, memory: LoadMemory) -> None:
        self.memory = replace(self.memory, loads={**self.memory.loads, load: memory})


def garage(legs: str = "A", house_a: float = 0.0, **form: Any) -> Stage:
    """A car in session 7 on these phases, below 25 A; nothing has been told yet."""
    house = Stage.of(site_form("ABC"[: len(legs)]), charger_form("car", legs, **form))
    house.cars["car"].transaction = 7
    household(house_a)(house)
    return house


def profiles(house: Stage) -> list[dict[str, Any]]:
    """The profiles that chargers were told, in order."""
    return [dict(c.data["custom_profile"]) for c in house.calls if "custom_profile" in c.data]


def settled(house: House, seconds: float = 60.0) -> Any:
    """The house after it has run for a while, so that no raise is under way."""
    house.pass_time(seconds)
    return house


def story(because: str, house: Stage, *steps: tuple[Any, ...], every_s: float = 5.0) -> None:
    """Tell a story; `because` is why it must end so, and is shown if it does not."""
    house.elapsed_s, house.step_calls = 0.0, []
    for at_s, change, *claims in steps:
        while house.elapsed_s < at_s:
            seconds = min(every_s, at_s - house.elapsed_s)
            house.now += seconds
            house.elapsed_s += seconds
            if house.elapsed_s < at_s:
                house.tick(0.0)
        change(house)
        house.tick(0.0)
        wrong = [text for claim in claims for text in claim(house)]
        assert not wrong, f"{because}\nAt {at_s:g} s: " + "\n".join(wrong)
        house.step_calls = []


# --- what changes --------------------------------------------------------------------------------


def nothing(_: Stage) -> None:
    """Nothing changes."""


def together(*changes: Change) -> Change:
    """Several things change at once."""

    def change(house: Stage) -> None:
        for one in changes:
            one(house)

    return change


def household(amps: float, circuit: str = "main", phases: str = "") -> Change:
    """What is not managed behind a breaker takes `amps` on each phase, or on `phases`."""

    def change(house: Stage) -> None:
        for phase in phases or house.site.phases:
            house.household[circuit][phase] = amps

    return change


def sun(amps: float) -> Change:
    """The sun gives `amps` on each phase."""

    def change(house: Stage) -> None:
        house.power.sun_w = amps * VOLTAGE_V * len(house.site.phases)

    return change


def shows_power(house: Stage) -> None:
    """The current of the charger "car" is not there from now on; its power of this moment is."""
    drawn_a = sum(house.draws(house.site.loads["car"]).values())
    house.lost["sensor.car_current_import"] = None
    house.extra["sensor.car_power_active_import"] = state(drawn_a * VOLTAGE_V, "W", house.now)


def lose(*entities: str, shows: str | None = "unavailable") -> Change:
    """Sensors give nothing any more; `None`: they are not even there."""

    def change(house: Stage) -> None:
        house.lost |= dict.fromkeys(entities, None if shows is None else EntityState(shows))

    return change


def freeze(*entities: str) -> Change:
    """Sensors report no more; what they show stays."""

    def change(house: Stage) -> None:
        shown = house.snapshot()
        house.lost |= {entity: shown[entity] for entity in entities}

    return change


def back(*entities: str) -> Change:
    """Sensors are there again."""

    def change(house: Stage) -> None:
        for entity in entities:
            del house.lost[entity]

    return change


def reads(entity: str, value: float | str) -> Change:
    """Another entity shows `value`."""

    def change(house: Stage) -> None:
        house.extra[entity] = state(value, None, house.now)

    return change


def car(load: str, **values: Any) -> Change:
    """What is plugged in: `status`, `max_a`, `legs`, `transaction`, `reported_at`."""

    def change(house: Stage) -> None:
        for name, value in values.items():
            setattr(house.cars[load], name, value)

    return change


def plug(load: str, **values: Any) -> Change:
    """A plug: switched by hand (`on`), or its power (`power_w`) changes."""

    def change(house: Stage) -> None:
        for name, value in values.items():
            setattr(house.outlets[load], name, value)
        if "on" in values:
            house.outlets[load].switched_at = house.now

    return change


def deafen(load: str) -> Change:
    """A charger goes on as before, whatever it is told; nothing that it was told runs out."""

    def change(house: Stage) -> None:
        house.deaf.add(load)
        limits = house.cars[load].tx_limits
        limits |= {level: limit._replace(until=math.inf) for level, limit in limits.items()}

    return change


def heal(load: str) -> Change:
    """A charger does what it is told from now on, and calls to it go through."""

    def change(house: Stage) -> None:
        house.deaf.discard(load)
        house.failing.pop(load, None)

    return change


def fail(load: str, error: str = "no answer") -> Change:
    """Calls to a load fail."""
    return lambda house: house.failing.__setitem__(load, error)


def clock(seconds: float) -> Change:
    """Somebody sets the clock, by so much; no time passes."""

    def change(house: Stage) -> None:
        house.now += seconds

    return change


# --- what is expected ----------------------------------------------------------------------------


def _same(expected: Any, found: Any) -> bool:
    if isinstance(expected, float | int) and isinstance(found, float):
        return abs(expected - found) <= SAME_A
    return bool(expected == found)


def _compare(
    what: str, expected: Mapping[str, Any], found: Callable[[Stage, str], Any], same: Any = _same
) -> Claim:
    def claim(house: Stage) -> list[str]:
        pairs = [(load, wanted, found(house, load)) for load, wanted in expected.items()]
        return [
            f"{load} {what} {shown!r}, not {wanted!r}: {house.sentence(load)}"
            for load, wanted, shown in pairs
            if not same(wanted, shown)
        ]

    return claim


def told(**amps: float) -> Claim:
    """A per leg that loads are told now, exactly; 0: paused or off."""
    return _compare("is told", amps, lambda house, load: house.told(load))


def at_least(**amps: float) -> Claim:
    """A per leg that loads are told at least."""
    return _compare("is told", amps, lambda house, load: house.told(load), lambda x, y: y >= x)


def available(**amps: float) -> Claim:
    """A per leg that loads could have."""
    return _compare("could have", amps, lambda house, load: _report(house, load).available_a)


def offers(**amps: float) -> Claim:
    """A per leg that cars may draw by the profiles that their chargers hold."""
    return _compare("is offered", amps, lambda house, load: house.offered(load))


def draws(**amps: float) -> Claim:
    """A per leg that cars draw."""
    return _compare("draws", amps, lambda house, load: house.cars[load].draw_a(house.now))


def status(**codes: str) -> Claim:
    """The status of loads."""
    return _compare("has status", codes, lambda house, load: _report(house, load).status)


def says(**texts: str) -> Claim:
    """What the sentence of a load contains."""
    return _compare(
        "says", texts, lambda house, load: house.sentence(load), lambda text, said: text in said
    )


def on(**switched: bool) -> Claim:
    """Whether plugs are on."""
    return _compare("is on:", switched, lambda house, load: house.outlets[load].on)


def calls(**counts: int) -> Claim:
    """How many calls went to loads since the last step."""
    return _compare("got calls:", counts, lambda house, load: len(_calls(house, load)))


def services(**names: list[str]) -> Claim:
    """Which services were called for loads since the last step, in order."""
    return _compare(
        "got", names, lambda house, load: [call.service for _, call in _calls(house, load)]
    )


def resent(**times_s: list[float]) -> Claim:
    """When loads got a call since the last step, in s since the story began."""
    return _compare(
        "got calls at", times_s, lambda house, load: [x for x, _ in _calls(house, load)]
    )


def site(wanted: str, *texts: str) -> Claim:
    """The status of the site, and what its warnings contain."""

    def claim(house: Stage) -> list[str]:
        assert house.outcome is not None
        report = house.outcome.report
        wrong = [] if report.status == wanted else [f"site {report.status}: {report.sentence}"]
        missing = [text for text in texts if text not in report.sentence]
        return wrong + [f"{text!r} is not said, but {report.sentence!r}" for text in missing]

    return claim


def under(limit_a: float, circuit: str = "main") -> Claim:
    """A breaker carries no more than that."""

    def claim(house: Stage) -> list[str]:
        flows = house.flows(circuit)
        return [f"{circuit} carries {flows}"] if max(flows.values()) > limit_a + SAME_A else []

    return claim


def _report(house: Stage, load: str) -> Any:
    assert house.outcome is not None
    return house.outcome.report.loads[load]


def _calls(house: Stage, load: str) -> list[tuple[float, ServiceCall]]:
    return [(at, call) for at, call in house.step_calls if call.load_id == load]


def called(load: str, **counts: int) -> Claim:
    """How often services were called for a load since the last step."""

    def claim(house: Stage) -> list[str]:
        names = [call.service for _, call in _calls(house, load)]
        wrong = {name: count for name, count in counts.items() if names.count(name) != count}
        return [f"{load} got {names}, not {wrong}"] if wrong else []

    return claim


def further_apart(load: str, most_s: float, least: int) -> Claim:
    """At least so many calls since the last step, ever further apart, up to `most_s`."""

    def claim(house: Stage) -> list[str]:
        times_s = [at_s for at_s, _ in _calls(house, load)]
        gaps_s = [later - earlier for earlier, later in pairwise(times_s)]
        fine = len(times_s) >= least and gaps_s == sorted(gaps_s) and max(gaps_s) <= most_s
        doubled = fine and gaps_s[-1] >= 8 * gaps_s[0]
        return [] if doubled else [f"{load} got calls at {times_s} s"]

    return claim
