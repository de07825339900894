"""The judge of random houses: it must catch bad engines, and blame nobody without reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import pytest
from loadjuggler import flow
from loadjuggler.calls import ServiceCall
from loadjuggler.control import compliance, inforce
from loadjuggler.memory.memory import Held
from loadjuggler.report import About
from loadjuggler.units import DAY_S

from simulator import names
from simulator.cars import Car, Visit
from simulator.chaos import command
from simulator.chaos.blame import Blame
from simulator.chaos.chance import Episode, episode
from simulator.chaos.episode import Outcome, run
from simulator.chaos.moves import START
from simulator.chaos.needless import Needless
from simulator.chaos.untold import Untold
from simulator.chaos.verdict import Findings
from simulator.devices import TAKES, Habits, Water
from simulator.faults import Fault, FaultyHouse
from simulator.house import Life
from simulator.mistakes import MeterMistake, Mistakes
from simulator.quirks import Quirks
from simulator.scenario import Battery, Solar
from simulator.scenario_file import read_all
from tests.effort import at_length

THREE = {"L1": "A", "L2": "B", "L3": "C"}
REAL = flow.run
Run = Callable[..., flow.RunResult]


def trial(
    *faults: Fault, rises_a: float = 8.0, cars: int = 1, length_s: int = 300, **site: Any
) -> Episode:
    """Cars below a 20 A main breaker; the household rises by so much on all phases after 100 s."""
    loads = [
        {"id": f"car{n}", "type": "charger", "phases": THREE, "status": "Charging"}
        for n in range(1, cars + 1)
    ]
    data = {"name": "test", "site": {"main_breaker": 20, **site}, "loads": loads}
    life = Life(
        household=lambda now: dict.fromkeys("ABC", 2.0 if now < START + 100 else 2.0 + rises_a),
        cars={load["id"]: Car((Visit(START, START + 1e6, 30.0),)) for load in loads},
        habits=Habits(reaction_s=2.0, report_s=5.0, untold_a=16.0),
        meter_s=1.0,
        meter_step_a=0.1,
    )
    shifted = tuple(replace(fault, at=START + fault.at) for fault in faults)
    return Episode(0, 0, read_all([data])[0], life, shifted, length_s)


def rules(outcome: Outcome) -> set[str]:
    return {violation.rule for violation in outcome.violations}


def profile(amps: float, transaction: int, load: str = "car1") -> ServiceCall:
    made = {
        "chargingProfileId": 7,
        "stackLevel": 0,
        "chargingProfileKind": "Relative",
        "chargingProfilePurpose": "TxProfile",
        "transactionId": transaction,
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": amps}],
        },
    }
    data = {"devid": load, "conn_id": 1, "custom_profile": made}
    return ServiceCall(load, "ocpp", "set_charge_rate", data)


def always(amps: Callable[[Any], float]) -> Run:
    """An engine that commands what `amps` says of the snapshot, whenever there is a session."""

    def bad(site: Any, memory: Any, snapshot: Any, *more: Any) -> flow.RunResult:
        outcome = REAL(site, memory, snapshot, *more)
        state = snapshot.get("sensor.car1_transaction_id")
        known = state is not None and state.value.isdigit()
        calls = (profile(amps(snapshot), int(state.value)),) if known else ()
        return replace(outcome, commands=calls)

    return bad


def judged(monkeypatch: pytest.MonkeyPatch, engine: Run, made: Episode) -> Outcome:
    monkeypatch.setattr(flow, "run", engine)
    return run(made)


def stops_at(seconds: int) -> Run:
    """An engine that tells the car 16 A, and 0 A from so many seconds on."""

    def told(site: Any, memory: Any, snapshot: Any, now: float, *more: Any) -> flow.RunResult:
        amps = 16.0 if now < START + seconds else 0.0
        return always(lambda _: amps)(site, memory, snapshot, now, *more)

    return told


# --- bad engines are caught ----------------------------------------------------------------------


def test_an_engine_that_always_gives_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = judged(monkeypatch, always(lambda _: 16.0), trial())
    assert rules(outcome) == {"limit"}
    found = outcome.violations[0]
    # Over from 100 s on; 3 s are a meter's second and a car's two.
    assert (found.place, found.at_s, found.seconds) == ("main A", 103.0, 198)
    assert found.worst == pytest.approx(6.0)


def test_an_engine_that_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def lazy(*given: Any) -> flow.RunResult:
        return replace(REAL(*given), commands=())

    assert rules(judged(monkeypatch, lazy, trial())) == {"limit"}


def test_an_engine_that_breaks_the_import_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    made = trial(rises_a=0.0, max_import_power=8000)
    outcome = judged(monkeypatch, always(lambda _: 16.0), made)
    assert rules(outcome) == {"import"}
    assert outcome.violations[0].worst == pytest.approx(18 * 3 * 230 - 8000)


def test_an_engine_that_is_too_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(site: Any, memory: Any, snapshot: Any, now: float, *more: Any) -> flow.RunResult:
        amps = 16.0 if now < START + 110 else 10.0
        return always(lambda _: amps)(site, memory, snapshot, now, *more)

    (found, *_) = judged(monkeypatch, slow, trial()).violations
    # From 110 s on it has been told, and is given its time.
    assert (found.at_s, found.seconds) == (103.0, 7)


def test_an_engine_that_raises_while_blind(monkeypatch: pytest.MonkeyPatch) -> None:
    made = trial(Fault("unavailable", "grid B", 50, 20), rises_a=0.0)

    def blind(site: Any, memory: Any, snapshot: Any, now: float, *more: Any) -> flow.RunResult:
        amps = 12.0 if START + 55 <= now < START + 70 else 8.0
        return always(lambda _: amps)(site, memory, snapshot, now, *more)

    (found,) = judged(monkeypatch, blind, made).violations
    assert (found.rule, found.place, found.at_s) == ("blind raise", "car1", 55.0)
    assert found.worst == pytest.approx(4.0)


def test_a_raise_in_the_run_that_first_misses_the_meter(monkeypatch: pytest.MonkeyPatch) -> None:
    made = trial(Fault("unavailable", "grid B", 50, 20), rises_a=0.0)
    blind = always(lambda seen: 12.0 if seen["sensor.grid_b"].value == "unavailable" else 8.0)
    assert judged(monkeypatch, blind, made).violations == ()


@pytest.mark.parametrize("what", ["vanish", "nan", "text"])
def test_all_ways_of_being_blind_count(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = iter(8 + n / 10 for n in range(10_000))
    made = trial(Fault(what, "grid", 50, 20), rises_a=0.0)
    rising = always(lambda _: min(next(steps), 16.0))
    assert "blind raise" in rules(judged(monkeypatch, rising, made))


def test_an_engine_that_goes_on_blind(monkeypatch: pytest.MonkeyPatch) -> None:
    made = trial(Fault("unavailable", "grid", 50, 200), rises_a=0.0)
    outcome = judged(monkeypatch, always(lambda _: 10.0), made)
    assert rules(outcome) == {"blind fallback"}
    (found,) = outcome.violations
    assert (found.at_s, found.worst) == (121.0, 4.0)
    assert not judged(monkeypatch, always(lambda _: 6.0), made).violations


@pytest.mark.parametrize("amps", [3.0, 5.9, 16.1, 8.05, 10.123])
def test_an_engine_that_commands_what_is_no_level(
    amps: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = judged(monkeypatch, always(lambda _: amps), trial(rises_a=0.0))
    assert "level" in rules(outcome)
    assert "10.123" in outcome.violations[0].text or amps != 10.123


def test_an_engine_that_throws(monkeypatch: pytest.MonkeyPatch) -> None:
    def throws(site: Any, memory: Any, snapshot: Any, now: float, *more: Any) -> flow.RunResult:
        if now >= START + 50:
            raise ZeroDivisionError("amps by nothing")
        return REAL(site, memory, snapshot, now, *more)

    outcome = judged(monkeypatch, throws, trial())
    assert rules(outcome) == {"crash"}
    assert 50 <= outcome.violations[0].at_s <= 55
    assert "amps by nothing" in outcome.violations[0].text


def test_an_engine_that_throws_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def throws(*_: Any) -> flow.RunResult:
        raise KeyError("nothing")

    assert rules(judged(monkeypatch, throws, trial())) == {"crash"}


@pytest.mark.parametrize("value", [float("nan"), object(), (1.0, 2.0)])
def test_a_memory_that_cannot_be_stored(value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(*given: Any) -> flow.RunResult:
        outcome = REAL(*given)
        held = {**outcome.memory.held, "x": Held(value, 1.0)}
        return replace(outcome, memory=replace(outcome.memory, held=held))

    assert rules(judged(monkeypatch, forgetful, trial(rises_a=0.0))) == {"memory"}


def test_a_load_that_is_told_nothing_about(monkeypatch: pytest.MonkeyPatch) -> None:
    def mute(*given: Any) -> flow.RunResult:
        outcome = REAL(*given)
        loads = {key: replace(one, sentence="") for key, one in outcome.report.loads.items()}
        return replace(outcome, report=replace(outcome.report, loads=loads))

    assert rules(judged(monkeypatch, mute, trial(rises_a=0.0))) == {"report"}


def test_calls_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = judged(monkeypatch, always(lambda _: 8.0), trial(rises_a=0.0))
    assert outcome.calls == outcome.stormy == outcome.runs - 1  # there is no session at first
    assert outcome.stormy_load == "car1"


# --- nobody is blamed for what he can't help -----------------------------------------------------


def test_the_engine_on_a_calm_house() -> None:
    assert run(trial(cars=2)).violations == ()


def test_a_house_that_is_too_much_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged(monkeypatch, stops_at(100), trial(rises_a=30.0)).violations == ()


def test_a_house_that_is_too_much_is_no_excuse(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = judged(monkeypatch, always(lambda _: 16.0), trial(rises_a=30.0))
    assert outcome.violations[0].worst == pytest.approx(16.0)  # all that the car takes


@pytest.mark.parametrize(
    ("what", "amount"), [("freeze", 0.0), ("jump", -8.0), ("sign", 0.0), ("unavailable", 0.0)]
)
def test_meters_that_lie_excuse(what: str, amount: float, monkeypatch: pytest.MonkeyPatch) -> None:
    made = trial(Fault(what, "grid", 90, 60, amount))
    (found, *_) = judged(monkeypatch, always(lambda _: 16.0), made).violations
    # Until it is over, for the 10 s that a car may take, meter and reaction (3 s), a tick of 5 s.
    assert found.at_s == 168.0


def test_meters_of_other_phases_do_not_excuse(monkeypatch: pytest.MonkeyPatch) -> None:
    made = trial(Fault("freeze", "grid B", 90, 60))
    places = {
        found.place: found.at_s
        for found in judged(monkeypatch, always(lambda _: 16.0), made).violations
    }
    assert places == {"main A": 103.0, "main B": 168.0, "main C": 103.0}


def test_a_charger_that_does_not_obey_excuses_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    made = trial(Fault("ignore", "charger car1", 90, 1000))
    assert judged(monkeypatch, stops_at(100), made).violations == ()


def test_a_charger_that_does_not_obey_excuses_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def both(site: Any, memory: Any, snapshot: Any, *more: Any) -> flow.RunResult:
        ids = {load: snapshot[f"sensor.{load}_transaction_id"].value for load in ("car1", "car2")}
        calls = tuple(profile(9.0, int(tx), load) for load, tx in ids.items() if tx.isdigit())
        return replace(REAL(site, memory, snapshot, *more), commands=calls)

    outcome = judged(monkeypatch, both, trial(Fault("ignore", "charger car1", 90, 1000), cars=2))
    assert rules(outcome) == {"limit"}
    assert "loads 9.0 A" in outcome.violations[0].text


def test_a_restart_excuses(monkeypatch: pytest.MonkeyPatch) -> None:
    made = trial(Fault("restart", "", 90, 60, 10.0))
    assert run(made).violations == ()
    (found, *_) = judged(monkeypatch, always(lambda _: 16.0), made).violations
    assert found.at_s == 178.0


@pytest.mark.parametrize(("rises_a", "needless"), [(8.0, True), (12.5, False)])
def test_a_stop_of_a_car_that_had_its_minimum_is_needless(
    rises_a: float, needless: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """20 A. With 10 A of house 6 A of the car leave 4 A; with 14.5 A they do not fit."""
    found = rules(judged(monkeypatch, stops_at(250), trial(rises_a=rises_a)))
    assert ("needless stop" in found) == needless


@pytest.mark.parametrize(("start_s", "needless"), [(100.0, False), (-1.0, True)])
def test_a_car_that_has_just_come_takes_part(
    start_s: float, needless: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """20 A, 10 A of house, two cars of 6 A: they do not fit. The second one comes at 250 s.

    Without it (it is never there) the first one has 4 A to spare.
    """
    made = trial(cars=2)
    cars = {"car1": made.life.cars["car1"], "car2": Car((Visit(START + 250, START + 1e6, 30.0),))}
    if start_s < 0:
        cars["car2"] = Car(())
    life = replace(made.life, cars=cars, habits=replace(made.life.habits, start_s=abs(start_s)))
    found = rules(judged(monkeypatch, stops_at(250), replace(made, life=life)))
    assert ("needless stop" in found) == needless


@pytest.mark.parametrize(("on", "needless"), [(True, False), (False, True)])
def test_a_plug_that_is_warm_and_on_may_take_its_power_again(on: bool, needless: bool) -> None:
    """20 A, 10 A of house, 6 A of the car; the 5 A of a warm boiler do not fit as well."""
    made = trial()
    plug = {"id": "boiler", "type": "plug", "phases": {"L1": "A"}, "power": 1150}
    plug |= {"status": "Charging"}
    car = {"id": "car1", "type": "charger", "phases": THREE, "status": "Charging"}
    data = {"name": "test", "site": {"main_breaker": 20}, "loads": [car, plug]}
    life = replace(made.life, water={"boiler": Water(litres=100.0, first_c=60.0)})
    house = FaultyHouse(read_all([data])[0], life, START, ())
    house.plugs["boiler"].on = on
    findings = Findings(START)
    judge = Needless(house, Blame.of(house.scenario, life, ()), findings)
    for second in range(251):
        house.advance(START + second)
        judge.second({"car1": 16.0 if second < 250 else 0.0})
    assert bool(findings.violations) == needless


@pytest.mark.parametrize(("follows", "needless"), [(True, True), (False, False)])
def test_a_battery_that_does_not_follow_relieves_no_import_limit(
    follows: bool, needless: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """10 A of house and 6 A of the car are 11,040 W. 9,000 W may be imported, 4,000 W are given."""
    made = trial(max_import_power=9000, battery_follows_load=follows)
    battery = Battery(soc=90.0, soc_target=50.0, max_charge_power=4000, max_discharge_power=4000)
    scenario = replace(made.scenario, battery=battery)
    made = replace(made, scenario=scenario, life=replace(made.life, battery_kwh=10.0))
    found = rules(judged(monkeypatch, stops_at(250), made))
    assert ("needless stop" in found) == needless


@pytest.mark.parametrize(
    ("late_s", "lasts_s", "wrong"),
    [
        pytest.param(60.0, 2, False, id="taken away as soon as the meter shows it"),
        pytest.param(60.0, 60, True, id="left, although the meter shows it"),
        pytest.param(0.0, 60, True, id="the battery is shown as it is"),
    ],
)
def test_what_a_battery_takes_is_known_from_its_report_until_the_meter_shows_import(
    late_s: float, lasts_s: int, wrong: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """6,000 W of sun, 1,380 W of house: the battery takes 4,620 W, from 110 s on 2,620 W.

    It is nearly empty and gives nothing. 4,000 W may be imported, so by a report of a minute ago
    8,620 W are there. At 130 s the car gets 12 A, that is 8,280 W: 5,660 W of import.
    """
    made = trial(rises_a=0.0, max_import_power=4000)
    battery = Battery(soc=12.0, soc_target=80.0, max_charge_power=5000, max_discharge_power=5000)
    scenario = replace(made.scenario, battery=battery, solar=Solar(measured=True))
    life = replace(
        made.life,
        battery_kwh=10.0,
        sun=lambda now: 6000.0 if now < START + 110 else 4000.0,
        quirks=Quirks(late_s=late_s, every_s=late_s),
    )

    def engine(site: Any, memory: Any, snapshot: Any, now: float, *more: Any) -> flow.RunResult:
        amps = 12.0 if START + 130 <= now < START + 130 + lasts_s else 0.0
        return always(lambda _: amps)(site, memory, snapshot, now, *more)

    made = replace(made, scenario=scenario, life=life, length_s=240)
    assert ("import" in rules(judged(monkeypatch, engine, made))) == wrong


@pytest.mark.parametrize(("came_s", "needless"), [(0, True), (200, False)])
def test_a_leg_counts_until_it_can_be_known_to_be_idle(
    came_s: int, needless: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The car is on A only, and 5 A are left on C: nobody can know that in its first minute.

    It had been there before; what was known of its legs then says nothing of this visit.
    """
    made = trial()
    visits = (Visit(START, START + 150, 30.0), Visit(START + 200, START + 1e6, 30.0))
    if not came_s:
        visits = (Visit(START, START + 1e6, 30.0),)
    life = replace(
        made.life,
        cars={"car1": Car(visits, legs=("L1",))},
        household=lambda _: {"A": 2.0, "B": 2.0, "C": 15.0},
    )
    found = rules(judged(monkeypatch, stops_at(250), replace(made, life=life)))
    assert ("needless stop" in found) == needless


def test_a_household_that_goes_on_rising_has_new_windows() -> None:
    made = trial(rises_a=0.0)
    rising = replace(
        made.life,
        household=lambda now: dict.fromkeys("ABC", 2.0 + max(now - START - 100, 0.0) * 0.1),
    )
    assert run(replace(made, life=rising)).violations == ()


# --- episodes ------------------------------------------------------------------------------------


def told(outcome: Outcome) -> dict[str, Any]:
    """What came of an episode, but for the time that this computer took."""
    return {**asdict(outcome), "engine_s": 0, "took_s": 0}


def test_the_same_seed_is_the_same_episode() -> None:
    one, again = (run(episode(1, 3, 300)) for _ in range(2))
    assert told(one) == told(again)
    assert told(run(episode(2, 3, 300))) != told(one)


def test_episodes_are_of_all_kinds() -> None:
    made = [episode(7, number) for number in range(60)]
    assert {len(one.scenario.site.phases) for one in made} == {1, 3}
    assert {len(one.scenario.circuits) for one in made} == {0, 1, 2, 3, 4}
    assert {load.mode for one in made for load in one.scenario.loads} >= {
        "standard", "solar_priority", "solar_only", "excess", "off",
    }  # fmt: skip
    assert {len(load.phases) for one in made for load in one.scenario.loads} == {1, 2, 3}
    assert {len(one.faults) for one in made} >= {0, 1, 2, 3, 4, 5, 6}
    assert {one.scenario.battery is None for one in made} == {True, False}
    whats = {fault.what for number in range(200) for fault in episode(7, number).faults}
    assert len(whats) == 17


def test_no_household_behind_a_breaker_without_meter() -> None:
    for number in range(20):
        one = episode(5, number)
        metered = {circuit.id for circuit in one.scenario.circuits if circuit.measured}
        below = {c.id: {d.id for d in one.scenario.circuits if c.id in one.scenario.path(d.id)}
                 for c in one.scenario.circuits}  # fmt: skip
        assert one.life.behind
        for circuit, amps in one.life.behind(START + 900).items():
            assert not any(amps.values()) or below[circuit] & metered


def test_a_few_episodes_run_to_their_end(capsys: pytest.CaptureFixture[str]) -> None:
    status = command.main(["--episodes", "2", "--seed", "11", "--workers", "1", "--json"])
    data = json.loads(capsys.readouterr().out)
    assert (data["episodes"], data["hours"]) == (2, 1.0)
    assert status == (1 if data["violations"] else 0)
    assert "crash" not in data["rules"]
    assert data["runs"] > 500


def test_workers_come_to_the_same() -> None:
    alone = [told(one) for one in command.outcomes(3, range(4), 120, workers=1)]
    assert [told(one) for one in command.outcomes(3, range(4), 120, workers=2)] == alone


def test_an_episode_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "episode", lambda *_: trial(Fault("freeze", "grid", 30, 5)))
    assert command.main(["--only", "0", "--all"]) == 0
    out = capsys.readouterr().out
    for words in (
        "site: ABC, 20 A, priority",
        "charger car1: standard, 6 to 16 A, L1:A L2:B L3:C, below main",
        "fault: 30 to 35 s: grid: freeze",
        "30 s  grid: freeze begins",
        "100 s  household A10.0 B10.0 C10.0",
        "OVER main A",
        "violations: none",
    ):
        assert words in out, out


def test_violations_are_told_and_end_with_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "episode", lambda *_: trial())
    monkeypatch.setattr(flow, "run", always(lambda _: 16.0))
    assert command.main(["--episodes", "1", "--workers", "1"]) == 1
    out = capsys.readouterr().out
    assert "--seed 0 --only 0: limit main A at 103 s for 198 s, 6.0 A: 26.0 A of 20 A" in out
    assert "violations: 3 limit (in 1 episodes)" in out
    assert command.main(["--only", "0"]) == 1
    assert "VIOLATION limit main A" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong", [["--episodes", "0"], ["--episodes", "2", "--days", "1"], ["--all"], ["x"]]
)
def test_options_that_do_not_go_together(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main(wrong)
    assert stopped.value.code == 2


# --- the engine ---


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, at_length(usual=20, long=200), 5))
def test_random_houses_in_which_things_fail(first: int) -> None:
    """The same as `script/chaos --episodes 200`, in parts that can be run side by side."""
    wrong = [
        f"--only {number}: {violation}"
        for number in range(first, first + 5)
        for violation in run(episode(1, number)).violations
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("meter", "code", "told"),
    [
        pytest.param(MeterMistake(unsigned=("A",)), "setup_unsigned", True, id="told"),
        pytest.param(MeterMistake(unsigned=("A",)), "not_seen", False, id="told as something else"),
        pytest.param(MeterMistake(without=("car1",)), "", False, id="a meter beside the cars"),
        pytest.param(MeterMistake(without=("car1",)), "not_seen", True, id="which is told"),
        pytest.param(None, "", True, id="a meter that is right"),
    ],
)
def test_a_wrong_main_meter_must_be_told_of(
    meter: MeterMistake | None, code: str, told: bool
) -> None:
    """For 2 h the car draws the 16 A that it was never told, and 60 kW of sun are fed in."""
    made = trial()
    mistakes = Mistakes(meters={"main": meter} if meter else {})
    scenario = replace(made.scenario, solar=Solar(measured=True))
    life = replace(made.life, mistakes=mistakes, sun=lambda _: 60_000.0)
    house = FaultyHouse(scenario, life, START, ())
    house.advance(START + 10)  # its session has begun
    findings = Findings(START)
    judge = Untold(house, findings)
    for _ in range(7200):
        judge.second([About(code, "")] if code else [])
    judge.end()
    assert ({x.rule for x in findings.violations} == {"untold"}) is not told


@pytest.mark.parametrize("takes", [kind for kind in TAKES if kind != "all"])
def test_a_charger_that_refuses_profiles_must_be_told_otherwise(
    takes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its fallback current is 6 A, and the house leaves 3 A of 20 A for it after 100 s."""
    made = trial(rises_a=15.0, length_s=900)
    life = replace(made.life, habits=replace(made.life.habits, takes=takes))
    made = replace(made, life=life)
    assert rules(run(made)) == set()
    monkeypatch.setattr(inforce, "level_a", lambda *_: None)
    monkeypatch.setattr(compliance, "_escalated", lambda _l, _r, tried, *_: ("again", tried))
    assert rules(run(made)) == {"not in force"}


@pytest.mark.parametrize(
    ("hour", "sleeps", "told"),
    [
        pytest.param(23.0, "sun", False, id="at night, and told"),
        pytest.param(20.0, "sun", True, id="by day it may be told"),
        pytest.param(23.0, "", True, id="a sensor that never sleeps"),
    ],
)
def test_sleeping_sensors_must_not_be_told_at_night(hour: float, sleeps: str, told: bool) -> None:
    made = trial()
    scenario = replace(made.scenario, solar=Solar(measured=True))
    life = replace(made.life, sun=lambda _: 0.0, quirks=Quirks(sleeps=sleeps))
    midnight = START - START % DAY_S
    house = FaultyHouse(scenario, life, midnight + hour * 3600.0, ())
    findings = Findings(START)
    judge = Untold(house, findings)
    judge.second([About("sensor_missing", names.BATTERY_SOC), About("stale_meter", names.SOLAR)])
    assert not findings.violations
    judge.second([About("sensor_missing", names.SOLAR)])
    assert ({x.rule for x in findings.violations} == {"told asleep"}) is not told
