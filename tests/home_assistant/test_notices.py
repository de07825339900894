"""Notifications in real pyscript: in Home Assistant, and on the phone."""

import pytest

from tests.home_assistant.harness import Home
from tests.home_assistant.house import Living, charger_form, register, site_form

CREATE, STATUS = "persistent_notification.create", "sensor.loadjuggler_status"

pytestmark = [pytest.mark.pyscript, pytest.mark.any_pyscript]


async def test_an_overload_by_others_is_told_and_taken_back(home: Home) -> None:
    home.record("notify.mobile_app_phone")
    living = Living(home)
    living.draws["left"] = 0.0
    await living.start(heat_s=0.2)
    chosen = {"notify_target": "notify.mobile_app_phone", "notify_new_charger": False}
    await register(home, "site", site_form(**chosen))
    await register(home, "charger", charger_form("Left"))
    await living.reaches("it charges", left=16.0)
    living.set(house_a=30.0)
    await home.wait_until(lambda: home.calls_of("notify.mobile_app_phone"), "it is sent")
    sent = home.calls_of("notify.mobile_app_phone")[0].data
    assert sent["title"] == "Load Juggler"
    assert "main breaker (25 A)" in sent["message"]
    shown = home.calls_of("persistent_notification.create")[0].data
    living.set(house_a=1.0)
    await home.wait_until(
        lambda: (
            shown["notification_id"]
            in [c.data["notification_id"] for c in home.calls_of("persistent_notification.dismiss")]
        ),
        "it is taken away",
    )
    assert [text for text in home.errors() if "pyscript" in text] == []


async def test_a_breaker_that_carries_it_for_hours_pushes_nothing(home: Home) -> None:
    """25 A: 27 A now and then, with each meter reading other than the one before."""
    home.record("notify.mobile_app_phone")
    living = Living(home)
    living.draws["left"] = 0.0
    await living.start()  # with a breaker that warms up as it does: only 28 A and more count
    chosen = {"notify_target": "notify.mobile_app_phone", "notify_new_charger": False}
    await register(home, "site", site_form(**chosen))
    await register(home, "charger", charger_form("Left"))
    await living.reaches("it charges", left=16.0)
    for number in range(30):
        living.set(house_a=27.0 + number / 100 if number % 3 else 22.0)
        await home.settle(0.2)
    assert home.calls_of("notify.mobile_app_phone") == []
    shown = [call.data["notification_id"] for call in home.calls_of(CREATE)]
    assert not [one for one in shown if "overload" in one]


async def test_a_target_that_is_not_there_is_told_in_the_answer(home: Home) -> None:
    home.record("notify.mobile_app_phone")
    living = Living(home)
    await living.start()
    answer = await register(home, "site", site_form(notify_target="notify.mobile_app_fone"))
    assert answer["ok"]
    assert "Home Assistant has no notify.mobile_app_fone" in answer["message"]
    assert "notify.mobile_app_phone" in answer["message"]
    answer = await register(home, "site", site_form(notify_target="notify.mobile_app_phone"))
    assert "Send to" not in answer["message"]


async def test_what_can_not_be_stored_is_told_everywhere_until_it_can(home: Home) -> None:
    """A folder stands where the file is to be written."""
    living = Living(home)
    living.draws["left"] = 0.0
    await living.start()
    await register(home, "site", site_form())
    answer = await register(home, "charger", charger_form("Left"))
    assert "stored" not in answer
    await home.wait_until(lambda: home.state(STATUS) == "ok", "all is well")
    (home.config / ".storage" / "loadjuggler.new").mkdir()
    answer = await home.call(
        "pyscript.loadjuggler_set_mode", {"load": "left", "mode": "off"}, response=True
    )
    assert (answer["ok"], answer["stored"]) == (True, False)
    assert "does not outlive a restart" in answer["message"]
    await home.wait_until(lambda: home.state(STATUS) == "problem", "the status says so")
    assert "can't be stored" in home.attributes(STATUS)["message"]
    await home.wait_until(
        lambda: (
            "loadjuggler_unstored"
            in [call.data["notification_id"] for call in home.calls_of(CREATE)]
        ),
        "it is notified",
    )
    (home.config / ".storage" / "loadjuggler.new").rmdir()
    answer = await home.call(
        "pyscript.loadjuggler_set_mode", {"load": "left", "mode": "standard"}, response=True
    )
    assert "stored" not in answer
    await home.wait_until(lambda: home.state(STATUS) == "ok", "it is over")
