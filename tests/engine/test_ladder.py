"""Which of all that is true of a load it is told: what a person must know first.

There is a car for which everything is true at once. What it is told is put right, one thing after
the other, and each time the next thing is told. The order is argued at each step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from loadjuggler.control import decide as deciding
from loadjuggler.control.decide import LADDER, Decision, decide
from loadjuggler.control.delays import Grace, Pause
from loadjuggler.control.dispatched import DispatchResult
from loadjuggler.control.pace import Paced
from loadjuggler.limits.obeying import exceeding
from loadjuggler.measure.readings import MeterReading, Readings
from loadjuggler.memory.memory import Memory
from loadjuggler.options import DEFAULTS
from loadjuggler.reasons import Outcome, Reason, RowKind
from loadjuggler.sharing.allocate import Allocation
from loadjuggler.sharing.utilisation import Usage
from loadjuggler.site.model import Site
from loadjuggler.units import PerPhase

from .house import charger_form, site_form, wire_forms
from .readings import charging

NOW = 1_000_000.0
LONG_AGO = NOW - 3600.0
FULL = Reason(limits=RowKind.CIRCUIT, outcome=Outcome.FULL, numbers={"circuit": "main"})
NO_ROOM = replace(FULL, outcome=Outcome.TOO_SMALL)
NO_SUN = Reason(limits=RowKind.SURPLUS, outcome=Outcome.TOO_SMALL)
MOST = Reason("maximum", {"max_a": 16.0})


def site(beside: str = "station") -> Site:
    """Two connectors of one station, or the second one of the station `beside`."""
    wired = wire_forms(
        site_form(),
        charger_form("car", connector=1, devid="station"),
        charger_form("beside", connector=2, devid=beside),
    )
    assert wired.site is not None
    return wired.site


def draw(amps: float) -> PerPhase:
    return PerPhase(amps, amps, amps)


@dataclass
class Facts:
    """What is true of the car; by default nothing but that it has 8 A of its breaker."""

    reading: dict[str, Any]
    beside_a: float = 0.0
    share: Allocation | None = None
    paced: Paced | None = None
    pause: Pause | None = None
    wished: Allocation | None = None
    grace: Grace | None = None
    fixed_a: float | None = None
    silent: bool = False
    blind: bool = False
    changing: bool = False
    idle: bool = False
    cap_a: float | None = None
    essential: bool = False
    station: str = "station"

    def decision(self) -> Decision:
        """What the car is told, and why."""
        wired = site(self.station)
        car = replace(wired.loads["car"], essential=self.essential)
        wired = replace(wired, loads={**wired.loads, "car": car})
        known = {
            "legs": wired.loads["car"].legs,
            "draw": draw(8.0),
            "draw_at": NOW,
            "command_a": 8.0,
            "commanded_at": LONG_AGO,
        }
        told_a = self.beside_a
        beside = {**known, "command_a": told_a, "draw": draw(told_a)}
        loads = {"car": charging(**{**known, **self.reading}), "beside": charging(**beside)}
        meters = {"main": MeterReading(draw(8.0), silent_s=400.0)}
        readings = Readings(NOW, meters, {"main": 25.0}, loads, "priority", None, 0.0)
        found = self.found(exceeding(readings, DEFAULTS))
        return decide(wired, readings, Memory(), found, DEFAULTS)["car"]

    def found(self, over_told: frozenset[str]) -> DispatchResult:
        """What a run would have found out; the loads in `over_told` exceed their commands."""

        def of_car(value: Any) -> dict[str, Any]:
            return {} if value is None else {"car": value}

        def named(holds: bool) -> frozenset[str]:
            return frozenset(["car"] if holds else [])

        other = Allocation("beside", self.beside_a, self.beside_a, FULL)
        return DispatchResult(
            shares={**of_car(self.share), "beside": other},
            paced={**of_car(self.paced), "beside": Paced(self.beside_a)},
            fixed=of_car(self.fixed_a),
            pauses=of_car(self.pause),
            wished=of_car(self.wished),
            holds=of_car(self.grace),
            makes_way=frozenset(),
            changing=named(self.changing),
            over=frozenset(),
            over_told=over_told,
            untold={},
            silent={"car": "main"} if self.silent else {},
            usage=Usage(of_car(self.cap_a), named(self.idle)),
            blind=named(self.blind),
            free_a={},
        )


def share(amps: float, reason: Reason) -> Allocation:
    return Allocation("car", amps, amps, reason)


def everything() -> Facts:
    """A car that gets 8 A by the rules, of which everything is true that a load may be told."""
    back = {"status": "SuspendedEVSE", "draw": draw(0.0), "paused_s": 600.0, "connected": False}
    return Facts(
        reading=back,
        beside_a=10.0,
        share=share(8.0, FULL),
        pause=Pause(None, Reason("to_one_phase")),
        wished=share(0.0, NO_ROOM),
        grace=Grace(NOW - 10.0, 50.0, NO_SUN),
        silent=True,
        blind=True,
        changing=True,
        idle=True,
    )


def steps() -> list[tuple[str, Facts]]:
    """What is told, and what is true then: each time what was told before is put right."""
    told: list[tuple[str, Facts]] = []
    now = everything()

    def tell(code: str, reading: dict[str, Any] | None = None, **other: Any) -> None:
        nonlocal now
        now = replace(now, reading={**now.reading, **(reading or {})}, **other)
        told.append((code, now))

    # Nothing can be sent to it, so nothing else can be put right.
    tell("unreachable")
    # Its charger holds it back, because the other car of the station has its turn: no fault.
    tell("waits_turn", {"connected": True})
    # The other car has left: the charger still holds it back, whatever it is told.
    tell("held_back", beside_a=0.0)
    # The charger lets it charge. A person has paused it, so no meter and no sun would start it.
    charging = {"status": "Charging", "draw": draw(8.0)}
    tell("paused_by_you", charging, idle=False)
    # The pause is over. The breaker's meter is silent: what there is for it is not known.
    tell("silent_stops", {"paused_s": 0.0})
    # The meter is back. It is being switched to one phase: off for a moment, room or not.
    tell("to_one_phase", silent=False)
    # It is switched. It was stopped, and a meter above gives nothing: no room can be seen.
    stopped = Pause(None, Reason("pause", {"wait_s": 180.0, "stopped_for": "circuit"}))
    tell("blind_off", changing=False, pause=stopped)
    # The meter gives something: there is no room for it.
    tell("circuit_too_small", blind=False)
    # There is room, and has to be for the rest of its pause.
    tell("pause", wished=share(8.0, FULL))
    # Its pause is over, it runs. The meter is silent again: that is why it has no more.
    raises = Reason("raise_waits", {"to_a": 12.0, "wait_s": 5.0})
    running = Paced(8.0, raises)
    tell("silent_fallback", pause=None, silent=True, paced=running, cap_a=8.0)
    # The meter is back. The sun is not enough: it stops soon, a raise would not come to pass.
    tell("grace", silent=False)
    # There is sun again. It waits for the next step.
    tell("raise_waits", grace=None)
    # It has been raised. It takes no more than it has, so more would change nothing.
    tell("takes_less", paced=Paced(8.0))
    # It takes what it gets: the breaker is full.
    tell("circuit_full", cap_a=None)
    return told


STEPS = steps()


@pytest.mark.parametrize(("code", "facts"), STEPS, ids=[code for code, _ in STEPS])
def test_what_must_be_known_first_is_told_first(code: str, facts: Facts) -> None:
    assert facts.decision().reason.code == code


def unshared() -> list[tuple[str, Facts]]:
    """The same for a load that takes no part in the sharing."""
    quiet = {"active": False, "lost": True}
    plug = Facts(reading=quiet, fixed_a=8.0, silent=True)
    heard = replace(plug, reading={})
    unset = {"mode": "off", "max_a": 5.0, "paused_s": 600.0}
    return [
        # It takes more than it was told: what it was told, and why, explains nothing.
        ("not_following", replace(heard, reading={"draw": draw(14.0)})),
        # Nothing is heard of it: the silent meter above is the smaller trouble.
        ("lost", plug),
        # It is heard: below a silent meter it stays as it is.
        ("silent_stays", heard),
        # It is essential: a silent meter changes nothing for it.
        ("essential", replace(heard, essential=True)),
        ("essential", replace(heard, silent=False)),
        # It takes no part, by its mode: neither its limits nor its pause would change that.
        ("off", Facts(reading=unset)),
        # It has a mode again; it could not run after its pause either.
        ("maximum_below_minimum", Facts(reading={**unset, "mode": "standard"})),
        # Its maximum is put right.
        ("paused_by_you", Facts(reading={"paused_s": 600.0}, share=share(8.0, FULL))),
    ]


@pytest.mark.parametrize(
    ("code", "facts"), unshared(), ids=[f"{place} {one[0]}" for place, one in enumerate(unshared())]
)
def test_a_load_that_does_not_share_is_told_why(code: str, facts: Facts) -> None:
    decision = facts.decision()
    assert decision.reason.code == code
    if code not in ("not_following", "paused_by_you"):
        assert decision.allocation.reason == decision.reason


@pytest.mark.parametrize("rung", LADDER, ids=[rung.__name__ for rung in LADDER])
def test_no_rung_could_be_left_out(rung: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it, at least one of the cars above would be told something else."""
    shorter = tuple(one for one in LADDER if one is not rung)
    monkeypatch.setattr(deciding, "LADDER", shorter)

    def told(facts: Facts) -> str:
        try:
            return facts.decision().reason.code
        except AssertionError:
            return "nothing"

    assert any(told(facts) != code for code, facts in [*STEPS, *unshared()])


# --- what it is told, and what others see of it --------------------------------------------------


def test_a_car_that_takes_nothing_makes_way_for_a_limit_and_waits_for_the_sun() -> None:
    """A breaker has no room: others need it more. The sun is not enough: nobody gets its share."""
    quiet = Facts({"draw": draw(0.0)}, share=share(0.0, NO_ROOM), paced=Paced(0.0), idle=True)
    assert quiet.decision().reason.code == "circuit_gave_way"
    assert quiet.decision().allocation.reason.code == "circuit_too_small"
    assert replace(quiet, idle=False).decision().reason.code == "circuit_too_small"
    assert replace(quiet, share=share(0.0, NO_SUN)).decision().reason.code == "surplus_too_small"


def test_a_maximum_that_pacing_sees_too_does_not_hide_that_it_takes_less() -> None:
    facts = Facts({}, share=share(16.0, MOST), paced=Paced(8.0, MOST), cap_a=8.0)
    assert facts.decision().reason.code == "takes_less"
    assert replace(facts, cap_a=None).decision().reason.code == "maximum"
    cut = replace(facts, paced=Paced(8.0, FULL))  # a cut is why it has no more
    assert cut.decision().reason.code == "circuit_full"


def test_the_reason_changes_nothing_of_what_is_told() -> None:
    """8 A for a car that does not follow are 8 A all the same."""
    follows = Facts({}, share=share(8.0, FULL), paced=Paced(8.0, small="raise"))
    disobeys = replace(follows, reading={"draw": draw(14.0)})
    assert disobeys.decision().reason.code == "not_following"
    assert disobeys.decision().paced == follows.decision().paced == Paced(8.0, small="raise")
    assert disobeys.decision().allocation == follows.decision().allocation


def test_a_load_that_can_not_be_told_anything_is_not_said_to_disobey() -> None:
    """Nobody told it anything (no meter has spoken yet), so it can't do something else."""
    facts = Facts(
        {"draw": draw(14.0)}, share=share(8.0, FULL), paced=Paced(None, Reason("blind_start"))
    )
    assert facts.decision().reason.code == "blind_start"
    assert facts.decision().paced.amps is None


def test_a_car_that_is_told_0_a_does_not_hold_its_minimum_for_a_while() -> None:
    """It lacks sun and would hold its minimum for its grace, but the breaker has no room for that.

    So it stops now, and not at the end of its grace.
    """
    grace = Grace(NOW - 10.0, 50.0, NO_SUN)
    stops = Facts({}, share=share(0.0, NO_ROOM), paced=Paced(0.0), grace=grace)
    assert stops.decision().reason.code == "circuit_too_small"
    assert replace(stops, paced=Paced(6.0)).decision().reason.code == "grace"


def test_a_pause_with_a_known_end_is_told_although_there_is_no_room() -> None:
    """When it ends is sure; what room there is then is not."""
    why = Reason("pause", {"wait_s": 120.0, "stopped_for": "circuit"})
    ends = Facts({}, share=share(0.0, NO_ROOM), pause=Pause(120.0, why), wished=share(0.0, NO_ROOM))
    assert ends.decision().reason.code == "pause"
    assert replace(ends, pause=Pause(None, why)).decision().reason.code == "circuit_too_small"


def test_only_a_car_of_the_same_station_can_have_its_turn_first() -> None:
    """Its charger holds it back, and 10 A flow at the other one."""
    back = {"status": "SuspendedEVSE", "draw": draw(0.0)}
    held = Facts(back, beside_a=10.0, share=share(8.0, FULL), paced=Paced(8.0), idle=True)
    assert held.decision().reason.code == "waits_turn"
    assert replace(held, station="garage").decision().reason.code == "held_back"


def test_what_a_charger_without_a_car_could_have_below_a_silent_meter_is_not_known() -> None:
    """It is left at its safe level, so it is told nothing; nobody sees what room there is."""
    empty = {"status": "Available", "active": False, "draw": draw(0.0), "command_a": None}
    could = Allocation("car", 0.0, 16.0, Reason("idle"))
    decision = Facts(empty, share=could, silent=True, blind=True).decision()
    assert (decision.paced.amps, decision.allocation.available_a) == (None, None)
