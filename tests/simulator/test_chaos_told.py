"""The judge: copied sensors, forms that can't be, calls that fail, chargers that are silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from loadjuggler import flow
from loadjuggler.calls import ServiceCall
from loadjuggler.config import uses
from loadjuggler.control import undelivered
from loadjuggler.diagnostics import plausibility
from loadjuggler.diagnostics.plausibility import copies as rule
from loadjuggler.report import About, Notice, Report

from simulator import names
from simulator.cars import Car, Visit
from simulator.chaos.blame import IMPORT, Blame
from simulator.chaos.chance import Episode, episode
from simulator.chaos.copies import CODE, CopiesTold, copied, hidden
from simulator.chaos.episode import Outcome, run
from simulator.chaos.moves import START
from simulator.chaos.rejected import FOR_GOOD_S, Rejected
from simulator.chaos.verdict import Findings
from simulator.chaos.wrong_forms import judge, wrong_form
from simulator.faults import Fault, FaultyHouse
from simulator.faults.faulty import FaultyLiving
from simulator.mistakes import Mistakes
from simulator.scenario import CircuitSpec, Scenario

from .test_chaos import REAL, judged, profile, rules, trial

CURRENT = "current_import"
SHOWS = {names.grid("B"): names.grid("A")}


def flickering(copies: Mapping[str, str], **given: Any) -> Episode:
    """The phases of this house move each second, each by itself, around 5 A."""
    made = trial(rises_a=0.0, **given)
    cars = {load: replace(car, wanders_a=0.5) for load, car in made.life.cars.items()}
    life = replace(
        made.life,
        cars=cars,
        household=lambda now: {
            phase: 5.0 + int(now * (7 + place)) % 11 / 10 for place, phase in enumerate("ABC")
        },
        mistakes=Mistakes(copies=copies),
    )
    return replace(made, life=life)


def of_rule(outcome: Outcome, name: str) -> list[str]:
    return [found.place for found in outcome.violations if found.rule == name]


def without(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the engine looks for no copies."""
    silent = tuple(check for check in plausibility._CHECKS if check is not rule.check)
    monkeypatch.setattr(plausibility, "_CHECKS", silent)


# --- copied sensors ------------------------------------------------------------------------------


def test_a_copy_shows_what_its_source_shows_even_what_is_wrong() -> None:
    made = flickering(SHOWS)
    fault = Fault("jump", "grid A", START + 3, 5, 9.0)
    house = FaultyHouse(made.scenario, made.life, START, (fault,))
    for second in range(12):
        house.advance(START + second)
        shown = house.snapshot()
        assert shown[names.grid("B")] == shown[names.grid("A")]
        right_a = round(house.flows.meters["main"]["A"], 1)
        wrong_a = 9.0 if 3 <= second < 8 else 0.0
        assert float(shown[names.grid("A")].value) == pytest.approx(right_a + wrong_a)


def test_a_copy_that_fails_by_itself_shows_that() -> None:
    made = flickering(SHOWS)
    fault = Fault("unavailable", "grid B", START, 5)
    shown = FaultyHouse(made.scenario, made.life, START, (fault,)).snapshot()
    assert shown[names.grid("B")].value == "unavailable" != shown[names.grid("A")].value


def test_a_copied_phase_must_be_told_and_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """100 changes, each in a look of 10 s: within half an hour."""
    made = flickering(SHOWS, length_s=1500)
    assert rules(run(made)) == set()
    without(monkeypatch)
    assert of_rule(run(made), "untold") == [names.grid("B")]


def test_what_is_told_of_copies_must_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is copied, and the engine doubts its first two sensors after one change."""
    monkeypatch.setattr(rule, "MOST", 1.0)
    monkeypatch.setattr(rule, "_alike", lambda _site, _before, now: [tuple(sorted(now)[:2])])
    assert of_rule(run(flickering({}, length_s=60)), "false alarm") == [CODE]


@pytest.mark.parametrize(
    ("told", "noted", "found"),
    [
        pytest.param("sensor.grid_a, sensor.grid_b are one", True, set(), id="told"),
        pytest.param("sensor.grid_a, sensor.grid_b are one", False, {"untold"}, id="by a warning"),
        pytest.param("", False, {"untold"}, id="not told"),
        pytest.param(
            "sensor.grid_a, sensor.grid_c are one", True, {"untold", "false alarm"}, id="of others"
        ),
    ],
)
def test_people_are_told_by_a_notification_of_the_right_sensors(
    told: str, noted: bool, found: set[str]
) -> None:
    made = flickering(SHOWS)
    house, findings = FaultyHouse(made.scenario, made.life, START, ()), Findings(START)
    judge = CopiesTold(house, findings)
    problems = {About(CODE, "main"): told} if told else {}
    notices = (Notice("x", "wiring", "", told),) if noted else ()
    report = Report(START, "", "", problems=problems, notices=notices)
    for look in range(200):
        house.advance(START + 10.0 * look)
        house.snapshot()
        judge.second({}, look + 1, report)
    assert {one.rule for one in findings.violations} == found


def test_nothing_must_be_told_where_nothing_shows_it() -> None:
    """The phases never change, or move by whole amperes: that is no evidence for anybody."""
    for by_a in (0.0, 1.0):
        made = flickering(SHOWS)

        def household(now: float, by_a: float = by_a) -> dict[str, float]:
            return dict.fromkeys("ABC", 5.0 + by_a * (now // 10 % 3))

        calm = replace(made.life, household=household, cars={"car1": Car(())})
        house, findings = FaultyHouse(made.scenario, calm, START, ()), Findings(START)
        judge = CopiesTold(house, findings)
        for look in range(300):
            house.advance(START + 10.0 * look)
            house.snapshot()
            judge.second({}, look + 1, Report(START, "", ""))
        assert judge.changes == 0
        assert not findings.violations


def test_a_meter_with_a_phase_that_gives_nothing_shows_no_copies() -> None:
    """C is unavailable for 20 of 30 looks; A and B show the same and change in each look."""
    made = flickering(SHOWS)
    fault = Fault("unavailable", "grid C", START, 195)
    house, findings = FaultyHouse(made.scenario, made.life, START, (fault,)), Findings(START)
    judge = CopiesTold(house, findings)
    for look in range(30):
        house.advance(START + 10.0 * look)
        house.snapshot()
        judge.second({}, look + 1, Report(START, "", ""))
    assert judge.changes <= 10


def test_what_flows_on_a_copied_phase_is_nobodys_doing() -> None:
    """B carries 18 A of 20 A beside the car, and its sensor shows the 2 A of A."""
    made = flickering(SHOWS, length_s=300)
    life = replace(made.life, household=lambda _: {"A": 2.0, "B": 18.0, "C": 2.0})
    outcome = run(replace(made, life=life))
    assert outcome.over_s > 200
    assert outcome.violations == ()
    right = run(replace(made, life=replace(life, mistakes=Mistakes())))
    assert right.over_s < 30


def test_of_other_phases_all_is_known() -> None:
    made = flickering(SHOWS)
    blame = Blame.of(made.scenario, made.life, ())
    unseen = {place for place in blame.window_s if blame.is_unseen(place, START)}
    assert unseen == {("main", "B"), (IMPORT, "")}


def test_two_chargers_with_one_sensor_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both cars draw up to half an ampere less than they might, ever another current."""
    copies = {names.charger("car2", key): names.charger("car1", key)
              for key in (CURRENT, "power_active_import")}  # fmt: skip
    made = flickering(copies, cars=2, main_breaker=63, length_s=3000)
    life = replace(made.life, cars={k: replace(c, most_a=11.0) for k, c in made.life.cars.items()})
    assert hidden(made.scenario, copies) == ([], ["car2"])
    told: list[bool] = []
    outcome = run(
        replace(made, life=life),
        lambda now: told.append(any(x.code == CODE for x in now.living.report.problems)),
    )
    assert rules(outcome) == set()
    assert told[-1]
    without(monkeypatch)
    assert of_rule(run(replace(made, life=life)), "untold") == [names.charger("car2", CURRENT)]


def test_houses_have_copies_of_all_kinds() -> None:
    made = [episode(7, number) for number in range(200)]
    found = [next(iter(one.life.mistakes.copies.items()), None) for one in made]
    pairs = [pair for pair in found if pair]
    assert 20 <= len(pairs) <= 60
    chargers = [copy for copy, _ in pairs if copy.endswith("current_import")]
    breakers = [pair for pair in pairs if "circuit" in pair[0] and pair[0][:-1] != pair[1][:-1]]
    assert chargers
    assert breakers
    assert len(chargers) + len(breakers) < len(pairs)


def test_a_lively_house_moves_at_each_meter_and_adds_up() -> None:
    """What flows behind a breaker is a part of what flows in the whole house."""

    class Always:
        def random(self) -> float:
            return 0.0

    made = next(one for one in (episode(7, n) for n in range(200)) if one.life.behind)
    life = replace(made.life, household=lambda _: {"A": 1.0}, behind=lambda _: {})
    first = copied(Always(), made.scenario, life)  # type: ignore[arg-type]
    assert first.household is not None
    assert all(car.wanders_a for car in first.cars.values())
    seen = {first.household(START + second)["A"] for second in range(20)}
    assert len(seen) == 20
    assert min(seen) > 1.0


def test_what_flows_behind_a_breaker_of_a_lively_house_flows_through_the_main_breaker_too() -> None:
    class Always:
        def random(self) -> float:
            return 0.0

    made = next(
        one
        for one in (episode(7, n) for n in range(200))
        if any(circuit.measured for circuit in one.scenario.circuits)
    )
    (below, *_) = [circuit.id for circuit in made.scenario.circuits if circuit.measured]
    still = {below: {"A": 2.0}}
    life = replace(made.life, household=lambda _: {"A": 5.0}, behind=lambda _: still)
    lively = copied(Always(), made.scenario, life)  # type: ignore[arg-type]
    assert lively.household is not None
    assert lively.behind is not None
    seen = set()
    for second in range(20):
        through_a = lively.household(START + second)["A"] - 5.0
        behind_a = lively.behind(START + second)[below]["A"] - 2.0
        assert 0.0 < behind_a < through_a
        seen.add(behind_a)
    assert len(seen) == 20


# --- forms ---------------------------------------------------------------------------------------


def scenarios() -> list[tuple[int, Scenario]]:
    return [(number, episode(3, number).scenario) for number in range(60)]


def test_wrong_forms_of_all_kinds_are_refused() -> None:
    kinds = set()
    for number, scenario in scenarios():
        wrong = wrong_form(Random(number), scenario)
        kinds.add(wrong.why)
        findings = Findings(START)
        judge(scenario, wrong, findings)
        assert findings.violations == []
    assert len(kinds) == 7


def test_a_wrong_form_that_is_taken_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uses.EntityUses, "errors", lambda *_: [])
    found = [rules(run(episode(3, number, 5))) for number in range(12)]
    assert sum("taken" in one for one in found) >= 10


# --- calls that fail -----------------------------------------------------------------------------


def test_a_charger_that_rejects_everything_must_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    made = trial(Fault("reject", "charger car1", 0, FOR_GOOD_S), rises_a=0.0)
    assert rules(run(made)) == set()
    monkeypatch.setattr(undelivered, "untold", lambda *_: None)
    outcome = run(made)
    assert set(of_rule(outcome, "untold")) == {"car1"}
    assert "its status is charging" in outcome.violations[0].text


def test_a_rejection_without_a_notification_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    made = trial(Fault("reject", "charger car1", 0, FOR_GOOD_S), rises_a=0.0)
    real = flow.run

    def mute(*given: Any) -> flow.RunResult:
        outcome = real(*given)
        return replace(outcome, report=replace(outcome.report, problems={}))

    monkeypatch.setattr(flow, "run", mute)
    found = run(made).violations
    assert found
    assert all(one.text.endswith("and no warning is about it") for one in found)


def test_a_charger_without_a_car_need_not_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    made = trial(Fault("reject", "charger car1", 0, FOR_GOOD_S), rises_a=0.0)
    away = {"car1": Car((Visit(START + 1e5, START + 1e6, 30.0),))}
    monkeypatch.setattr(undelivered, "untold", lambda *_: None)
    assert rules(run(replace(made, life=replace(made.life, cars=away)))) == set()


def test_a_charger_that_is_called_no_more_need_not_be_told() -> None:
    """Three calls fail in 20 s; the next one to do so is 80 s later, and nobody has been told."""
    made = trial(rises_a=0.0)
    living = FaultyLiving(FaultyHouse(made.scenario, made.life, START, ()))
    findings = Findings(START)
    judge = Rejected(living.house, living.site, findings)
    call = ServiceCall("car1", "ocpp", "set_charge_rate", {}, delivers=(6.0, 1, 6.0))
    for second in range(200):
        living.second()
        judge.second([(call, "refused")] if second in {100, 110, 120} else [], living.report)
    assert not findings.violations
    judge.second([(call, "refused")], living.report)
    assert [one.rule for one in findings.violations] == ["untold"]


def test_some_chargers_reject_everything_for_good() -> None:
    made = [episode(7, number) for number in range(200)]
    whole = [one for one in made if any(fault.for_s == FOR_GOOD_S for fault in one.faults)]
    assert 10 <= len(whole) <= 40


# --- chargers that are not heard of ---


@pytest.mark.parametrize("metered", [False, True])
def test_what_a_charger_takes_unheard_of_is_unknown_without_a_meter(
    metered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two cars behind 20 A. car2 restarts, and is offline while it takes its own 16 A beside 9 A.

    A meter of the breaker shows the 25 A; without one nobody can know for 90 s.
    """
    gone = Fault("offline", "charger car2", 90, 60)
    made = trial(Fault("reboot", "charger car2", 90, 10), gone, rises_a=0.0, cars=2, length_s=150)
    circuit = CircuitSpec("c1", limit=20.0, loads=("car1", "car2"), measured=metered)
    site = replace(made.scenario.site, main_breaker=63.0)
    made = replace(made, scenario=replace(made.scenario, site=site, circuits=(circuit,)))

    def both(site: Any, memory: Any, snapshot: Any, *more: Any) -> flow.RunResult:
        told = {"car1": 9.0, "car2": 0.0}
        ids = {load: snapshot[f"sensor.{load}_transaction_id"].value for load in told}
        calls = tuple(
            profile(told[load], int(tx), load) for load, tx in ids.items() if tx.isdigit()
        )
        return replace(REAL(site, memory, snapshot, *more), commands=calls)

    found = [one.place for one in judged(monkeypatch, both, made).violations]
    assert found == (["c1 A", "c1 B", "c1 C"] if metered else [])
