"""Notifications: all that were not unticked, in words that stay, withdrawn when it is over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from loadjuggler.calls import ServiceCall
from loadjuggler.config.notify import KINDS
from loadjuggler.runtime.exchange import Actions

from .house import charger_form, site_form, state
from .test_keeper import Home

PHONE = "notify.mobile_app_phone"


def notes(turn: Actions) -> list[ServiceCall]:
    return [call for call in turn.calls if call.domain in ("persistent_notification", "notify")]


def said(calls: Iterable[ServiceCall]) -> list[tuple[str, str]]:
    return [(f"{call.domain}.{call.service}", call.data.get("message", "")) for call in calls]


def meters(home: Home, amps: float) -> None:
    """The meters show `amps`, and the car reports at the same time that it draws nothing."""
    for phase in "abc":
        home.states[f"sensor.grid_{phase}"] = state(amps, "A", at=home.now)
    home.states["sensor.car_current_import"] = state(0.0, "A", at=home.now)


def house(phases: str = "ABC", **site: Any) -> Home:
    home = Home(site_form(phases, **site), charger_form("car", phases))
    meters(home, 5)
    home.run()
    home.now += 60.0  # it has had all the time that a car needs to take up what it may
    return home


def lasts(home: Home, amps: float, seconds: float) -> list[ServiceCall]:
    """The notifications while the meters show `amps` for so long."""
    found, ends = [], home.now + seconds
    while home.now < ends:
        meters(home, amps)
        found += notes(home.run())
    return found


def test_an_overload_by_others_is_told_once_and_taken_back() -> None:
    """Main breaker 25 A; the house alone takes 40 A, then 41 A, then 5 A."""
    home = house(notify_overload=True)
    first = lasts(home, 40, 60)
    assert {call.service for call in first} == {"create"}
    assert all("25 A" in text for _, text in said(first))
    assert all(call.data["title"] == "Load Juggler" for call in first)
    assert lasts(home, 41, 60) == [], "its numbers are no news"
    last = lasts(home, 5, 60)
    assert {call.service for call in last} == {"dismiss"}
    shown, gone = ({call.data["notification_id"] for call in calls} for calls in (first, last))
    assert shown == gone


NONE = {f"notify_{kind}": False for kind in KINDS}


def test_all_that_needs_a_person_is_told_unless_somebody_unticks_it() -> None:
    """docs/product.md section 7: overloads, chargers that do not follow, and the like."""
    assert house().keeper.site.notify.kinds == set(KINDS)
    assert house(notify_overload=False).keeper.site.notify.kinds == set(KINDS) - {"overload"}
    home = house()
    assert any("25 A" in text for _, text in said(lasts(home, 40, 120)))


def test_nothing_is_told_that_was_unticked() -> None:
    home = house(**NONE)
    assert lasts(home, 40, 120) == []


def test_it_goes_to_the_phone_too_once_for_each_time_it_happens() -> None:
    home = house("A", notify_overload=True, notify_target=PHONE)
    for _ in range(2):
        sent = [call for call in lasts(home, 40, 60) if call.domain == "notify"]
        assert [call.service for call in sent] == ["mobile_app_phone"]
        assert sent[0].data.keys() == {"title", "message"}
        assert lasts(home, 41, 60) == []
        assert [call.service for call in lasts(home, 5, 60)] == ["dismiss"]
        home.now += 660.0  # what comes back within ten minutes is the same problem


def test_a_notify_entity_is_sent_a_message() -> None:
    home = house("A", notify_overload=True, notify_target="notify.phone")
    home.states["notify.phone"] = state("unknown")
    sent = [call for call in lasts(home, 40, 60) if call.domain == "notify"]
    assert [call.service for call in sent] == ["send_message"]
    assert sent[0].data["entity_id"] == "notify.phone"


def test_a_message_that_fails_is_told_in_the_log_and_not_sent_again() -> None:
    home = house("A", notify_overload=True, notify_target=PHONE)
    sent = next(call for call in lasts(home, 40, 60) if call.domain == "notify")
    assert home.keeper.failed(sent, "no such action")
    assert notes(home.run()) == []


def test_a_target_that_is_not_there_is_logged_once_and_stays_in_the_status() -> None:
    """Three overloads, an hour apart; then the phone is there."""
    home = house("A", notify_overload=True, notify_target=PHONE)
    logged = []
    for _ in range(3):
        sent = [call for call in lasts(home, 40, 60) if call.domain == "notify"]
        logged += [home.keeper.failed(call, "Action not found") for call in sent]
        lasts(home, 5, 60)
        home.now += 3600.0
    assert logged == [True, False, False]
    assert f"can't be sent to {PHONE}: Action not found" in home.keeper.report.sentence
    (sent_now,) = [call for call in lasts(home, 40, 60) if call.domain == "notify"]
    home.keeper.succeeded(sent_now)
    lasts(home, 5, 60)
    assert home.keeper.report.status == "ok"
    home.keeper.failed(sent_now, "Action not found")
    home.register(site_form("A", notify_overload=True, notify_target="notify.other"))
    lasts(home, 5, 10)
    assert home.keeper.report.status == "ok", "what failed is not what is named now"


def test_a_meter_is_lost_after_five_minutes() -> None:
    home = house("A", notify_meter_lost=True)
    home.states["sensor.grid_a"] = state("unavailable")
    began, told_at = home.now, None
    for _ in range(120):
        if notes(home.run()) and told_at is None:
            told_at = home.now
    assert told_at is not None
    assert 300 <= told_at - began <= 310
    meters(home, 5)
    assert [call.service for call in notes(home.run())] == ["dismiss"]


def test_a_charger_that_does_not_follow_is_told() -> None:
    """Told its maximum of 6 A it draws 16 A, long after: more than 1 A above its command."""
    home = Home(site_form(notify_not_following=True), charger_form("car", max_current_a=6))
    told: list[ServiceCall] = []
    for _ in range(20):
        at = home.now
        meters(home, 20)
        home.states["sensor.car_current_import"] = state(16, "A", at=at, L1=16, L2=16, L3=16)
        told += notes(home.run())
    assert [call.service for call in told] == ["create"]
    assert told[0].data["message"].startswith("car: Draws 16 A although it was told 6 A")


def test_a_new_charger_is_told_until_a_form_names_it() -> None:
    home = house("A", notify_new_charger=True)
    seen = {**home.states, "sensor.garage_status_connector": state("Available")}
    seen["sensor.garage_current_import"] = state(0, "A")
    assert home.keeper.newcomers.due(home.keeper.site, home.now)
    home.keeper.newcomers.look(seen, home.keeper.site, home.now)
    assert not home.keeper.newcomers.due(home.keeper.site, home.now + 60)
    ((service, text),) = said(notes(home.run()))
    assert service == "persistent_notification.create"
    assert "a charger that no form names: garage." in text
    home.register(charger_form("garage", "A"))
    home.keeper.newcomers.look(seen, home.keeper.site, home.now)
    assert [call.service for call in notes(home.run())] == ["dismiss"]


def test_nobody_looks_for_new_chargers_if_that_is_unticked() -> None:
    keeper = house(**NONE).keeper
    assert not keeper.newcomers.due(keeper.site, 1e12)


def test_an_error_in_other_words_each_time_is_shown_again_once_a_minute() -> None:
    home = house()
    calls: list[ServiceCall] = []
    for number in range(60):
        home.keeper.trouble = f"No luck at {number}"
        calls += notes(home.run())
    assert {call.service for call in calls} == {"create"}
    assert len(calls) <= 2 + 60 * 5 / 60


@pytest.mark.parametrize("target", ["my phone", "notify", "notify.a.b", "{{ x }}"])
def test_what_is_no_action_is_refused_with_what_would_be(target: str) -> None:
    answer = Home().register(site_form(notify_target=target))
    assert not answer["ok"]
    assert f"'{target}' is no action" in answer["errors"][0]
