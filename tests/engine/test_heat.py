"""When an overload is told: by how warm the breaker is, IEC 60898-1, table 7."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from loadjuggler.calls import ServiceCall

from .house import charger_form, site_form, state
from .test_events import told
from .test_keeper import Home

RATING_A = 25.0
PHONE = "notify.mobile_app_phone"


def lived(
    home: Home, seconds: float, carries_a: Callable[[float], float], step_s: float = 1.0
) -> tuple[list[tuple[float, ServiceCall]], list[Any]]:
    """(when, call) of the notifications while phase A carries `carries_a`, and problem events."""
    began, calls, events = home.now, [], []
    while home.now - began < seconds:
        for phase, amps in zip("abc", (carries_a(home.now - began), 3.0, 3.0), strict=True):
            home.states[f"sensor.grid_{phase}"] = state(amps, "A", reported_at=home.now)
        turn = home.run(step_s)
        calls += [
            (home.now - began, call)
            for call in turn.calls
            if call.domain in ("notify", "persistent_notification")
        ]
        events += told(turn, "problem")
    return calls, events


def house(before_times: float, **site: Any) -> Home:
    """A house whose main breaker has carried so many times its rating for two hours."""
    home = Home(
        site_form(main_breaker_a=25, notify_overload=True, notify_target=PHONE, **site),
        charger_form("car"),
    )
    home.states["sensor.car_status_connector"] = state("Available")
    calls, events = lived(home, 7200, lambda _: before_times * RATING_A, step_s=5.0)
    assert (calls, events) == ([], [])
    return home


def told_after_s(home: Home, times: float, most_s: float) -> float | None:
    """When the phone is told while the breaker carries so many times its rating."""
    calls, _ = lived(home, most_s, lambda _: times * RATING_A)
    sent = [at for at, call in calls if call.domain == "notify"]
    return sent[0] if sent else None


@pytest.mark.parametrize(
    ("before", "times", "most_s", "between"),
    [
        pytest.param(0.1, 1.08, 8 * 3600, None, id="27 A of 25 A for a night"),
        pytest.param(0.1, 1.12, 3600, None, id="just under 1.13, cold: carried for an hour"),
        pytest.param(0.1, 1.45, 3600, (30, 300), id="1.45, cold: trips after minutes"),
        pytest.param(0.1, 2.55, 60, (1, 60), id="2.55, cold: trips in 1 to 60 s"),
        pytest.param(0.1, 2.55, 60, (1, 20), id="2.55, cold: told before most breakers trip"),
    ],
)
def test_an_overload_is_told_before_the_breaker_trips_and_not_when_it_carries_it(
    before: float, times: float, most_s: float, between: tuple[float, float] | None
) -> None:
    after_s = told_after_s(house(before), times, most_s)
    if between is None:
        assert after_s is None
    else:
        assert after_s is not None
        assert between[0] <= after_s <= between[1]


def test_a_warm_breaker_is_told_earlier_than_a_cold_one() -> None:
    """After an hour at 1.12 In it has no patience left; after one at 0.8 In half of it."""
    cold, used, warm = (told_after_s(house(before), 1.45, 600) for before in (0.1, 0.8, 1.12))
    assert cold is not None
    assert used is not None
    assert warm is not None
    assert warm < used < cold
    assert warm <= 5, "right after 1.13 In, 1.45 In trips"


def test_noise_around_the_limit_is_never_told() -> None:
    """25 A with a standard deviation of 0.5 A, once a second: an hour of it trips nothing."""
    chance = random.Random(1)
    calls, events = lived(house(0.8), 3600, lambda _: 25 + chance.gauss(0, 0.5))
    assert (calls, events) == ([], [])


@pytest.mark.parametrize("period_s", [6, 40, 120])
def test_a_hob_that_overloads_at_each_turn_is_told_once(period_s: int) -> None:
    """24 A, and 44 A for half of the time: 1.42 times the rating in the mean of squares."""
    home = house(0.8)
    calls, events = lived(home, 3600, lambda at: 44.0 if at % period_s < period_s / 2 else 24.0)
    assert [call.service for _, call in calls] == ["create", "mobile_app_phone"]
    assert len(events) == 1
    calls, _ = lived(home, 1200, lambda _: 10.0)
    assert [call.service for _, call in calls] == ["dismiss"]


def test_a_warning_ends_below_the_limit_and_not_just_below_1_13() -> None:
    home = house(0.8)
    assert told_after_s(home, 1.6, 120) is not None
    calls, _ = lived(home, 1800, lambda _: 26.5)
    assert calls == [], "1.06 times the rating keeps it as warm as that"
    calls, _ = lived(home, 600, lambda _: 20.0)
    assert [call.service for _, call in calls] == ["dismiss"]


def test_the_status_says_at_once_what_is_too_much_and_is_told_to_nobody() -> None:
    home = house(0.8)
    calls, _ = lived(home, 60, lambda _: 27.0)
    assert calls == []
    assert home.keeper.report.status == "problem"
    assert "carries 27 A" in home.keeper.report.sentence


def test_an_import_limit_knows_no_tolerance() -> None:
    """13.8 kW are 60 A over all phases: 64 A for minutes are told, 60 A are not."""
    home = house(0.1, max_import_w=13_800)

    def total(amps: float) -> Callable[[float], float]:
        return lambda _: amps - 6.0

    home.register(site_form(main_breaker_a=100, max_import_w=13_800, notify_overload=True))
    calls, _ = lived(home, 3600, total(60.0))
    assert calls == []
    calls, _ = lived(home, 600, total(64.0))
    assert [call.service for _, call in calls] == ["create"]
    assert "920 W more than the limit" in calls[0][1].data["message"]


def test_what_is_known_of_its_warmth_outlives_a_restart() -> None:
    """A breaker that was told goes on being told, without a second message to the phone."""
    home = house(0.8)
    assert told_after_s(home, 1.6, 120) is not None
    warm = home.keeper.memory.heat[("main", "A")].heat
    stored = home.keeper.dump()
    other = Home()
    assert other.keeper.load(stored) == []
    assert other.keeper.memory.heat[("main", "A")].heat == pytest.approx(warm)
