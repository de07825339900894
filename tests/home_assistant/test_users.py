"""Users of Home Assistant: who may wire, who may control, who may only read."""

from __future__ import annotations

from typing import Any

import pytest
from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.core import Context

from tests.home_assistant.harness import Home
from tests.home_assistant.house import Living, charger_form, register, site_form

pytestmark = pytest.mark.pyscript


async def ask(home: Home, group: str, service: str, data: dict[str, Any]) -> Any:
    """The answer of a service to a user of a group."""
    user = await home.hass.auth.async_create_user(f"Somebody of {group}", group_ids=[group])
    return await home.hass.services.async_call(
        "pyscript",
        f"loadjuggler_{service}",
        data,
        blocking=True,
        context=Context(user_id=user.id),
        return_response=True,
    )


async def start(home: Home) -> Living:
    """A house in which a car charges with 16 A below 25 A."""
    living = Living(home, draws={"left": 0.0})
    await living.start()
    await home.hass.auth.async_create_user("The owner")  # the first user owns the house
    await register(home, "site", site_form())
    await register(home, "charger", charger_form("Left"))
    await living.reaches("it charges", left=16.0)
    return living


async def test_who_may_only_read_can_not_make_the_main_breaker_larger(home: Home) -> None:
    living = await start(home)
    larger = site_form(main_breaker_a=250)
    for group in (GROUP_ID_READ_ONLY, GROUP_ID_USER):
        said = await ask(home, group, "register_site", larger)
        assert said["ok"] is False
        assert "administrators" in said["message"]
    forged = {**larger, "context": "none"}
    assert (await ask(home, GROUP_ID_READ_ONLY, "register_site", forged))["ok"] is False
    living.set(house_a=15.0)  # 25 - 15 A are left, as before
    await living.reaches("it makes room", left=10.0)
    assert (await ask(home, GROUP_ID_ADMIN, "register_site", larger))["ok"]
    await living.reaches("there is room", left=16.0)


async def test_who_may_only_read_controls_nothing_but_may_ask_why(home: Home) -> None:
    living = await start(home)
    said = await ask(home, GROUP_ID_READ_ONLY, "set_mode", {"load": "Left", "mode": "off"})
    assert (said["ok"], "ask an administrator" in said["message"]) == (False, True)
    assert (await ask(home, GROUP_ID_READ_ONLY, "explain", {"load": "Left"}))["ok"]
    await living.reaches("it goes on", left=16.0)
    assert (await ask(home, GROUP_ID_USER, "set_mode", {"load": "Left", "mode": "off"}))["ok"]
    await living.reaches("it is off", left=0.0)
