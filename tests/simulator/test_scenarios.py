"""Every scenario of the project, and the given ones where they are at hand, both ways.

The expected values are worked out by hand from the rules; each scenario's `because` says how.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.runs import Result, closed_loop, once
from simulator.scenario import Scenario
from simulator.scenario_file import read_file
from simulator.simulate import failures

ROOT = Path(__file__).resolve().parents[2]
OWN = sorted((ROOT / "tests" / "scenarios").glob("*.yaml"))
SHARED = ROOT.parent / "shared" / "data"
GIVEN, REFERENCE = SHARED / "circuit_cases.yaml", SHARED / "reference_scenarios.yaml"
NOT_GIVEN = f"no {GIVEN.name} beside the project (../shared/data): its 11 scenarios are not run"
NO_REFERENCE = f"no {REFERENCE.name} beside the project (../shared/data): its 54 are not run"


def _params(paths: list[Path]) -> list[object]:
    return [pytest.param(s, id=s.name) for path in paths if path.exists() for s in read_file(path)]


OWN_SCENARIOS = [scenario for path in OWN for scenario in read_file(path)]


def _right(result: Result) -> None:
    assert not failures(result), result.scenario.because
    assert result.stable
    assert result.worst.worst_a == 0.0


@pytest.mark.parametrize("scenario", _params(OWN))
def test_once(scenario: Scenario) -> None:
    result = once(scenario)
    # One look sees a battery as it is with all loads at 0 A, so its answer is not the settled one.
    if scenario.battery is None:
        _right(result)


@pytest.mark.parametrize("scenario", _params(OWN))
def test_closed_loop(scenario: Scenario) -> None:
    _right(closed_loop(scenario))


@pytest.mark.skipif(not GIVEN.exists(), reason=NOT_GIVEN)
@pytest.mark.parametrize("scenario", _params([GIVEN]))
def test_given_cases(scenario: Scenario) -> None:
    _right(once(scenario))
    _right(closed_loop(scenario))


@pytest.mark.skipif(not REFERENCE.exists(), reason=NO_REFERENCE)
@pytest.mark.parametrize("scenario", _params([REFERENCE]))
def test_reference(scenario: Scenario) -> None:
    assert not failures(closed_loop(scenario)), scenario.because


def test_there_are_scenarios_each_with_its_argument() -> None:
    assert len(OWN_SCENARIOS) >= 40
    assert len({scenario.name for scenario in OWN_SCENARIOS}) == len(OWN_SCENARIOS)
    assert [s.name for s in OWN_SCENARIOS if not s.because or not s.expected] == []


def test_house_alone_over_a_breaker_is_told_apart() -> None:
    scenario = next(s for s in OWN_SCENARIOS if s.name == "household-alone-is-over-a-breaker")
    result = closed_loop(scenario)
    assert result.worst.household_a == pytest.approx(2.0)  # 18 A on a breaker of 16
    assert result.worst.worst_a == 0.0
