"""A target of notifications that Home Assistant does not have is told in the form's answer."""

from __future__ import annotations

from typing import Any

import pytest
from loadjuggler.runtime.answers import answer

from .house import site_form
from .played import Played


async def message(played: Played, target: str) -> str:
    host = await played.open(picture_s=0)
    form = site_form(notify_target=target)
    data = {key: form[key] for key in form if key != "kind"}
    said: dict[str, Any] = await answer(host, "register_site", data)
    assert said["ok"], said
    return str(said["message"])


@pytest.fixture
def phone(played: Played) -> Played:
    """Home Assistant with two actions and an entity."""
    played.notify = ["mobile_app_phone", "notify"]
    played.show("notify.tablet", "unknown")
    return played


async def test_a_mistyped_target_is_told_with_those_that_there_are(phone: Played) -> None:
    assert (await message(phone, "notify.mobile_app_fone")).endswith(
        "Send to: Home Assistant has no notify.mobile_app_fone at this moment; it has "
        "notify.mobile_app_phone, notify.notify, notify.tablet."
    )


@pytest.mark.parametrize("target", ["notify.mobile_app_phone", "notify.tablet", ""])
async def test_one_that_is_there_is_no_news(phone: Played, target: str) -> None:
    assert "Send to" not in await message(phone, target)


async def test_where_there_is_none_that_is_said(played: Played) -> None:
    assert "it has none yet" in await message(played, "notify.phone")
