"""A restart in the middle of a session: nothing is told before its meters speak, nothing jerks.

Source: docs/product.md sections 5 and 6. Entities appear one after the other; the engine runs
from the first moment. A house that has not changed gets no call at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from loadjuggler.calls import ServiceCall
from loadjuggler.runtime.controller import Keeper
from loadjuggler.runtime.exchange import Actions
from loadjuggler.snapshot import EntityState

from .house import BATTERY, SUN, House, charger_form, circuit_form, plug_form, site_form

MAIN_METERS = ("sensor.grid_a", "sensor.grid_b", "sensor.grid_c")
GARAGE_METERS = ("sensor.garage_a", "sensor.garage_b", "sensor.garage_c")
SOURCES = ("sensor.solar", "sensor.soc", "sensor.battery")


class Home:
    """A keeper in a house that answers; its entities come and go."""

    def __init__(self, *forms: Mapping[str, Any]) -> None:
        self.house = House.of(*forms)
        for number, car in enumerate(self.house.cars.values()):
            car.transaction = 40 + number
        self.keeper = Keeper()
        self.missing: set[str] = set()
        self.made: list[ServiceCall] = []
        self.shown_as: EntityState | None = None
        for form in forms:
            self.house.extra[form["automation"]] = EntityState("on")
            values = {key: value for key, value in form.items() if key != "kind"}
            assert self.keeper.register(form["kind"], values, self.house.now)["ok"]

    def run(self, seconds: float = 1.0) -> list[ServiceCall]:
        """Let `seconds` pass and run once; the calls, which are obeyed, but for renewals."""
        self.house.now += seconds
        self.house.lost = dict.fromkeys(self.missing, self.shown_as)
        turn: Actions = self.keeper.run(self.house.snapshot(), self.house.now)
        assert self.keeper.report.status != "error", turn.log
        self.made += turn.calls
        new = [call for call in turn.calls if not self.renews(call)]
        self.house.obey(turn.calls)
        for call in turn.calls:
            self.keeper.succeeded(call)
        return new

    def renews(self, call: ServiceCall) -> bool:
        """Whether a charger is told what it holds."""
        profile = call.data.get("custom_profile", {"stackLevel": None})
        held = self.house.cars[call.load_id].tx_limits if call.domain == "ocpp" else {}
        limit = held.get(profile["stackLevel"])
        if limit is None or profile["chargingProfilePurpose"] != "TxProfile":
            return False
        period = profile["chargingSchedule"]["chargingSchedulePeriod"][0]
        return bool(period["limit"] == limit.amps)

    def live(self, seconds: float) -> list[ServiceCall]:
        """Run once a second; all calls."""
        return [call for _ in range(int(seconds)) for call in self.run()]

    def restart(self, away_s: float = 40.0) -> None:
        """Stop and start again, nothing being there yet; cars go on as they were told."""
        stored = json.loads(json.dumps(self.keeper.dump(), allow_nan=False))
        self.keeper = Keeper()
        assert self.keeper.load(stored) == []
        self.house.now += away_s
        self.missing = {e for e in self.house.snapshot() if not e.startswith("automation.")}

    def appear(self, *entities: str) -> None:
        """Entities are there from now on."""
        assert self.missing.issuperset(entities)
        self.missing.difference_update(entities)

    def charger(self, name: str) -> tuple[str, ...]:
        """Entities of a charger."""
        return tuple(e for e in self.missing if e.startswith(f"sensor.{name}_"))


@pytest.fixture(params=["absent", "unavailable", "unknown"])
def shown_as(request: pytest.FixtureRequest) -> EntityState | None:
    """How entities look that are not there yet."""
    return None if request.param == "absent" else EntityState(request.param)


def garage(shown_as: EntityState | None, **charger: Any) -> Home:
    """A car at 11 A: 20 A of the garage, 9 A of which a workshop takes; the main one has more."""
    home = Home(
        site_form(main_breaker_a=40),
        circuit_form("garage", 20, metered="ABC"),
        charger_form("car", circuit="garage", **charger),
    )
    home.house.household["garage"] = dict.fromkeys("ABC", 9.0)
    home.shown_as = shown_as
    home.live(90)
    assert home.house.offered("car") == 11.0
    return home


def test_a_car_in_mid_session_is_told_nothing_by_a_restart(shown_as: EntityState | None) -> None:
    home = garage(shown_as)
    home.restart()
    assert home.live(3) == []
    home.appear(*home.charger("car"))
    assert home.live(5) == []
    home.appear("sensor.grid_a", "sensor.grid_b")
    assert home.live(5) == []
    home.appear("sensor.grid_c")
    assert home.live(5) == []  # the garage's own meter is above it, too
    home.appear(*GARAGE_METERS)
    assert home.live(120) == []
    assert home.house.offered("car") == 11.0


def test_meters_that_are_there_before_the_charger_change_nothing(
    shown_as: EntityState | None,
) -> None:
    home = garage(shown_as)
    home.restart()
    home.appear(*GARAGE_METERS)
    assert home.live(5) == []
    home.appear(*MAIN_METERS)
    assert home.live(10) == []
    home.appear(*home.charger("car"))
    assert home.live(120) == []
    assert home.house.offered("car") == 11.0


def test_what_has_changed_meanwhile_counts_once_the_meters_are_there() -> None:
    home = garage(None)
    home.restart()
    home.house.household["garage"] = {"A": 9.0, "B": 12.0, "C": 9.0}
    home.appear(*home.charger("car"), *MAIN_METERS)
    assert home.live(10) == []
    home.appear(*GARAGE_METERS)
    home.run()
    # 20 A - 12 A, in the run that sees them.
    assert home.house.offered("car") == 8.0


def test_what_a_meter_said_before_the_restart_is_not_set_off_against_a_report_of_now() -> None:
    """The car is nearly full by now, it takes 6 A of its 11; the 20 A of before are not 14 + 6."""
    home = garage(None)
    home.restart(away_s=5.0)
    home.house.cars["car"].max_a = 6.0
    home.appear(*home.charger("car"), *MAIN_METERS)
    assert home.live(15) == []
    home.appear(*GARAGE_METERS)
    assert home.live(40) == []
    assert home.house.offered("car") == 11.0


def test_a_restart_of_a_second_does_nothing_either() -> None:
    home = garage(None)
    home.restart(away_s=1.0)
    home.appear(*home.missing)
    assert home.live(120) == []


def test_a_car_that_was_never_told_anything_is_left_alone_until_its_meters_are_there() -> None:
    home = garage(None)
    home.restart()
    home.keeper = Keeper()  # and the file is lost, too
    for form in home.house.forms:
        values = {key: value for key, value in form.items() if key != "kind"}
        home.keeper.register(form["kind"], values, home.house.now)
    home.appear(*home.charger("car"))
    assert home.live(5) == []
    home.appear(*MAIN_METERS)
    assert home.live(5) == []
    home.appear(*GARAGE_METERS)
    home.made.clear()
    home.live(60)
    calls = home.made[:3]
    # It draws 11 A, which is what there is: told so once, and never less on the way. Below that,
    # and for the next car, its safe current.
    told = [c.data["custom_profile"] for c in calls]
    limits = [made["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"] for made in told]
    purposes = [made["chargingProfilePurpose"] for made in told]
    assert limits == [11.0, 6.0, 6.0]
    assert all(home.renews(call) for call in home.made[3:])
    assert purposes == ["TxProfile", "TxProfile", "TxDefaultProfile"]


def test_a_car_whose_charger_comes_late_keeps_its_current_from_others() -> None:
    home = Home(site_form(main_breaker_a=20), charger_form("left", "A"), charger_form("right", "A"))
    home.house.cars["left"].max_a = home.house.cars["right"].max_a = 10.0
    home.live(600)
    before = home.house.offered("left"), home.house.offered("right")
    home.restart()
    home.appear(*MAIN_METERS, *home.charger("right"))
    assert home.live(10) == []
    home.appear(*home.charger("left"))
    assert home.live(60) == []
    assert (home.house.offered("left"), home.house.offered("right")) == before


# --- the sun ------------------------------------------------------------------------------------


def sunny(mode: str, shown_as: EntityState | None = None, **site: Any) -> Home:
    """A car that lives from the sun at 11 A; the sun gives 15 A on each phase, the house takes 4.

    The battery (above its target) is idle: it is full, and nothing is missing.
    """
    home = Home(
        site_form(main_breaker_a=25, **SUN, **BATTERY, **site), charger_form("car", mode=mode)
    )
    home.house.power.sun_w = 15 * 690.0
    home.house.power.soc_pct = 97.0
    home.house.power.most_w = 0.0
    home.house.household["main"] = dict.fromkeys("ABC", 4.0)
    home.shown_as = shown_as
    home.live(180)
    return home


@pytest.mark.parametrize("mode", ["solar_only", "solar_priority"])
def test_a_solar_car_is_not_cut_while_sun_and_battery_are_not_there_yet(
    mode: str, shown_as: EntityState | None
) -> None:
    home = sunny(mode, shown_as, battery_max_discharge_w=0)
    assert home.house.offered("car") == 11.0
    home.restart()
    home.appear(*home.charger("car"))
    assert home.live(3) == []
    home.appear(*MAIN_METERS)
    assert home.live(10) == []
    for entity in SOURCES:
        home.appear(entity)
        assert home.live(5) == [], entity
    assert home.live(60) == []
    assert home.house.offered("car") == 11.0


def test_a_solar_car_that_the_battery_helps_is_not_cut_in_the_first_seconds() -> None:
    """Sun 8 A, house 4 A: the battery, above its target, gives what the car takes beyond 4 A."""
    home = sunny("solar_only", battery_max_discharge_w=5000)
    home.house.power.sun_w = 8 * 690.0
    home.house.power.most_w = 5000.0
    home.live(180)
    before_a = home.house.offered("car")
    assert before_a > 6.0
    home.restart()
    home.appear(*home.charger("car"), *MAIN_METERS)
    assert home.live(10) == []
    home.appear(*SOURCES)
    assert home.live(60) == []
    assert home.house.offered("car") == before_a


def test_a_solar_car_is_cut_when_the_sun_never_comes_back_to_be_seen() -> None:
    """After 60 s (hold_s) what is not heard counts as nothing: here all of it is from the grid."""
    home = sunny("solar_only", battery_max_discharge_w=0)
    home.restart()
    home.house.power.sun_w = 0.0
    home.appear(*home.charger("car"), *MAIN_METERS)
    home.live(60 + 300 + 10)  # and its grace of five minutes
    assert home.house.offered("car") == 0.0


def test_a_breaker_that_is_overloaded_cuts_a_solar_car_though_the_sun_is_not_seen_yet() -> None:
    home = sunny("solar_only", battery_max_discharge_w=0)
    home.restart()
    home.house.household["main"] = {"A": 36.0, "B": 4.0, "C": 4.0}
    home.appear(*home.charger("car"), *MAIN_METERS)
    home.run()
    # The meter on A shows 36 + 11 - 15 = 32 A; 7 A less fit, which is below the minimum of 6 A.
    assert home.house.offered("car") == 0.0


def test_a_plug_that_runs_is_not_switched_by_a_restart(shown_as: EntityState | None) -> None:
    home = Home(site_form(main_breaker_a=25), plug_form("boiler"), plug_form("pump", mode="off"))
    home.shown_as = shown_as
    home.live(60)
    assert home.house.outlets["boiler"].on
    home.restart()
    assert home.live(5) == []
    home.appear("switch.boiler", "switch.pump")
    assert home.live(5) == []
    home.appear(*MAIN_METERS)
    assert home.live(60) == []


# --- timers and clocks ----------------------------------------------------------------------------


def test_a_pause_goes_on_over_a_restart() -> None:
    home = Home(site_form(**SUN), charger_form("car", mode="solar_only", solar_grace_min=0))
    home.house.power.sun_w = 10 * 690.0
    home.live(60)
    assert home.house.offered("car") > 6.0
    home.house.power.sun_w = 0.0
    home.live(30)
    assert home.house.offered("car") == 0.0
    home.house.power.sun_w = 10 * 690.0
    home.restart(away_s=20.0)
    home.appear(*home.missing)
    home.live(60)
    assert home.keeper.report.loads["car"].reason.code == "pause"
    home.live(150)  # it starts when the sun has been enough for three minutes again
    assert home.house.offered("car") > 6.0


def test_a_clock_that_was_set_back_leaves_no_time_that_is_still_to_come() -> None:
    """By a day: nothing waits for tomorrow, and no value of a sensor holds until then."""
    home = garage(None)
    home.house.now -= 86400.0
    home.missing = {*GARAGE_METERS}
    home.run()
    now = home.house.now
    memory = home.keeper.memory
    assert max(held.at for held in memory.held.values()) <= now
    assert max(seen.at for seen in memory.seen.values()) <= now
    load = memory.load("car")
    times = (load.pacing.raised_at, load.calls.commanded_at, load.delays.started_at)
    assert max(at or 0.0 for at in times) <= now
    home.live(70)
    # The last values were held for 60 s, not for a day: the meter is not known any more.
    assert home.keeper.report.circuits["garage"].draw["A"] is None


def test_a_clock_that_was_set_back_during_the_restart_holds_nothing_either() -> None:
    home = garage(None)
    home.restart(away_s=-86400.0)
    home.run()
    assert home.keeper.memory.held  # what it told, and what its charger said
    assert max(held.at for held in home.keeper.memory.held.values()) <= home.house.now
    assert (home.keeper.memory.load("car").pacing.raised_at or 0.0) <= home.house.now
