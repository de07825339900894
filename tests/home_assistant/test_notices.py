"""Notifications in real pyscript: in Home Assistant, and on the phone."""

import pytest

from tests.home_assistant.harness import Home
from tests.home_assistant.house import Living, charger_form, register, site_form

pytestmark = [pytest.mark.pyscript, pytest.mark.any_pyscript]


async def test_an_overload_by_others_is_told_and_taken_back(home: Home) -> None:
    home.record("notify.mobile_app_phone")
    living = Living(home)
    living.draws["left"] = 0.0
    await living.start(heat_s=0.2)
    chosen = {"notify_overload": True, "notify_target": "notify.mobile_app_phone"}
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
