"""What is still believed of a meter that hides what flows: tables, without a run (section 6).

The main meter of two phases shows 9 A on A and -4 A on B. A car draws 5 A on A.
"""

from __future__ import annotations

import pytest
from loadjuggler.limits.distrust import believed
from loadjuggler.measure.readings import MeterReading, Readings
from loadjuggler.memory.memory import Memory
from loadjuggler.memory.wiring import Finding, WiringMemory
from loadjuggler.options import Options
from loadjuggler.units import PerPhase

from .house import House, charger_form, circuit_form, site_form
from .readings import charging

MINUTE = 1000
NOW = MINUTE * 60.0 + 5.0
SITE = House.of(
    site_form("AB"), circuit_form("garage", 16, metered="A"), charger_form("car", "A")
).site
TURNED = {("sign", "main"): Finding("meter_inverted", {"phase": "B"}, NOW)}
UNSEEN = {("seen", "car"): Finding("not_seen", {}, NOW)}
Peaks = tuple[tuple[int, float], ...]


def after(wiring: WiringMemory, peaks: dict[tuple[str, str], Peaks]) -> tuple[Readings, Memory]:
    """The readings and the memory after a run."""
    car = charging(draw=PerPhase(5.0), draw_at=NOW, command_a=5.0)
    meters = {"main": MeterReading(PerPhase(9.0, -4.0)), "garage": MeterReading(PerPhase(0.0))}
    readings = Readings(NOW, meters, {}, {"car": car}, "priority", None, 0.0)
    return believed(SITE, readings, Memory(wiring=wiring, peaks=peaks), Options())


@pytest.mark.parametrize(
    ("wiring", "house_a"),
    [
        pytest.param(WiringMemory(findings=TURNED), (4.0, 4.0), id="turned on B: it sees the car"),
        pytest.param(WiringMemory(findings=UNSEEN), (9.0, 0.0), id="it does not see the car"),
    ],
)
def test_what_the_house_takes_at_most(wiring: WiringMemory, house_a: tuple[float, float]) -> None:
    """What the meter shows, turned round where it goes the wrong way, less the loads it sees."""
    readings, memory = after(wiring, {})
    assert (readings.meters["main"].hides, readings.meters["main"].stale) == (True, True)
    assert not readings.meters["garage"].hides
    assert memory.peaks == {
        ("main", "A"): ((MINUTE, house_a[0]),),
        ("main", "B"): ((MINUTE, house_a[1]),),
    }
    assert memory.wiring.hidden == ("main",)


def test_peaks_from_before_the_mistake_was_known_do_not_count_and_others_do() -> None:
    """The main meter had a part in its own. What the garage took, its meter has seen rightly."""
    peaks = {("main", "A"): ((MINUTE - 1, 20.0),), ("garage", "A"): ((MINUTE - 1, 7.0),)}
    _, memory = after(WiringMemory(findings=TURNED), peaks)
    assert memory.peaks["main", "A"] == ((MINUTE, 4.0),)
    assert memory.peaks["garage", "A"] == ((MINUTE - 1, 7.0),)


def test_since_then_the_highest_of_each_of_the_last_15_minutes_counts() -> None:
    known = ((MINUTE - 15, 20.0), (MINUTE - 14, 12.0), (MINUTE - 1, 6.0), (MINUTE, 3.0))
    wiring = WiringMemory(findings=TURNED, hidden=("main",))
    _, memory = after(wiring, {("main", "A"): known})
    assert memory.peaks["main", "A"] == ((MINUTE - 14, 12.0), (MINUTE - 1, 6.0), (MINUTE, 4.0))
    higher = {("main", "A"): ((MINUTE, 8.0),)}
    assert after(wiring, higher)[1].peaks["main", "A"] == ((MINUTE, 8.0),)


def test_when_the_meter_is_put_right_it_is_believed_again() -> None:
    readings, memory = after(WiringMemory(hidden=("main",)), {})
    assert not readings.meters["main"].hides
    assert memory.wiring.hidden == ()


@pytest.mark.parametrize("code", ["meter_crossed", "wrong_phase"])
def test_a_meter_with_another_mistake_hides_nothing(code: str) -> None:
    """What flows is counted on another phase, but all of it is seen."""
    other = {("legs", "car"): Finding(code, {}, NOW)}
    readings, memory = after(WiringMemory(findings=other), {})
    assert readings.meters["main"] == MeterReading(PerPhase(9.0, -4.0))
    assert (memory.peaks, memory.wiring.hidden) == ({}, ())
