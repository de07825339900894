"""A house whose electrician did otherwise than its forms say."""

from __future__ import annotations

from dataclasses import dataclass, field

from loadjuggler.memory.wiring import Finding, Remap
from loadjuggler.site.model import Load

from .stories import Change, Claim, Stage


@dataclass(repr=False)
class Crooked(Stage):
    """A house with mistakes.

    `really` are the phases that the legs of a load are connected to. `clamps` says for a meter on
    which phase the clamp of each of its phases sits, `turned` which of its clamps are turned round.
    The phases in `unsigned` show how much flows, not which way, whatever the form says; all are
    shown in steps of `step_a` (0: exactly).
    The main meter does not see loads that are `unseen`: they hang before it, behind the breaker.
    Loads that are `elsewhere` hang on the main breaker, whatever their forms say; what those that
    are `hidden` take, a battery gives at once.
    """

    really: dict[str, dict[str, str]] = field(default_factory=dict)
    clamps: dict[str, dict[str, str]] = field(default_factory=dict)
    turned: dict[str, str] = field(default_factory=dict)
    unsigned: dict[str, str] = field(default_factory=dict)
    step_a: float = 0.0
    unseen: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)

    def connected(self, load: Load) -> dict[str, str]:
        """The phase that each leg of a load is really connected to."""
        return {**super().connected(load), **self.really.get(load.id, {})}

    def used(self, circuit: str, ours: bool = True) -> dict[str, float]:
        """A by phase that is used behind a breaker, by those that really are."""
        found = super().used(circuit, ours)
        for load in self.site.loads.values():
            gone = self.hidden | (self.elsewhere if circuit != "main" else set())
            if load.id in gone:
                for leg, amps in self.draws(load).items():
                    found[self.connected(load)[leg]] -= amps
        return found

    def metered(self, circuit: str) -> dict[str, float]:
        """A by phase that the meter of a breaker measures, as it is mounted."""
        flows, sits = self.flows(circuit), self.clamps.get(circuit, {})
        for load in self.unseen if circuit == "main" else ():
            for leg, amps in self.draws(self.site.loads[load]).items():
                flows[self.connected(self.site.loads[load])[leg]] -= amps
        turned, unsigned = self.turned.get(circuit, ""), self.unsigned.get(circuit, "")
        meter = self.site.circuits[circuit].meter
        shown = {
            phase: (-1.0 if phase in turned else 1.0) * flows[sits.get(phase, phase)]
            for phase in flows
        }
        for phase in unsigned:  # the house turns the sign as the form says; this undoes it
            shown[phase] = abs(shown[phase]) * (-1.0 if meter and meter.invert else 1.0)
        return {
            p: round(a / self.step_a) * self.step_a if self.step_a else a for p, a in shown.items()
        }


def legs(text: str) -> dict[str, str]:
    """Legs L1, L2, L3 on the phases of `text`, such as "BAC"."""
    return {f"L{number}": phase for number, phase in enumerate(text, 1)}


def swing(
    house: Stage,
    load: str,
    times: int,
    amps: tuple[float, float] = (16.0, 8.0),
    each_s: float = 30,
) -> None:
    """A car takes now less, now more by itself: so many clear changes, `each_s` apart."""
    for _ in range(times):
        house.cars[load].max_a = amps[1] if house.cars[load].max_a == amps[0] else amps[0]
        house.pass_time(each_s, each=1.0)


def switched(load: str, times: int) -> Change:
    """A plug is switched by hand so many times, half a minute apart."""

    def change(house: Stage) -> None:
        for _ in range(times):
            house.outlets[load].on = not house.outlets[load].on
            house.outlets[load].switched_at = house.now
            house.pass_time(30, each=1.0)

    return change


def found(house: Stage) -> dict[str, str]:
    """What was found: the code by what it is about, "load:car" for short."""
    return {":".join(key): one.code for key, one in house.memory.wiring.findings.items()}


def finding(house: Stage, key: str) -> Finding:
    """One finding, by what it is about ("load:car")."""
    kind, _, about = key.partition(":")
    return house.memory.wiring.findings[kind, about]


def remap(house: Stage, load: str) -> Remap | None:
    """On which legs a load is counted against its form."""
    return house.memory.wiring.remaps.get(load)


def finds(**codes: str) -> Claim:
    """What was found, as KIND_ID=code."""
    wanted = {key.replace("_", ":", 1): code for key, code in codes.items()}
    return lambda house: [] if found(house) == wanted else [f"{found(house)}, not {wanted}"]
