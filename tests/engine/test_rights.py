"""Who may do what by services; where notifications may go; the picture that is not wanted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from loadjuggler.runtime.answers import ANSWERS, answer
from loadjuggler.runtime.host import Host
from loadjuggler.runtime.rights import Right, needed
from loadjuggler.runtime.services import SERVICES

from .house import site_form
from .played import Played, told, until

USERS = {
    "reads": ("read",),
    "controls": ("read", "control"),
    "administers": ("read", "control", "administer"),
}
BOILER = {"load": "boiler"}


async def ask(host: Host, user: str, service: str, **data: Any) -> Any:
    return await answer(host, service, data, USERS[user])


def site(**fields: Any) -> dict[str, Any]:
    """The site's form as its automation sends it."""
    sent = site_form(**{"main_breaker_a": 25, "automation": "automation.site", **fields})
    return {key: sent[key] for key in sent if key != "kind"}


@pytest.mark.parametrize("user", ["reads", "controls"])
async def test_only_administrators_wire(played: Played, user: str) -> None:
    host = await played.wired()
    before = host.keeper.site
    said = await ask(host, user, "register_site", **site(main_breaker_a=1000))
    assert (said["ok"], said["errors"]) == (False, [said["message"]])
    assert "administrators" in said["message"]
    assert host.keeper.site is before
    undone = await ask(host, user, "undo_remap", **BOILER)
    assert undone["message"] == said["message"]


async def test_administrators_and_automations_wire(played: Played) -> None:
    host = await played.wired()
    said = await ask(host, "administers", "register_site", **site(main_breaker_a=35))
    assert said["ok"]
    assert (await answer(host, "register_site", site(main_breaker_a=20)))["ok"]
    assert host.keeper.site is not None
    assert host.keeper.site.circuits["main"].limit.value == 20


async def test_who_reads_sets_nothing_and_is_told(
    played: Played, caplog: pytest.LogCaptureFixture
) -> None:
    host = await played.wired()
    for service, data in (("set_mode", {"mode": "off"}), ("boost", {}), ("pause", {})):
        said = await ask(host, "reads", service, **BOILER, **data)
        assert (said["ok"], "ask an administrator" in said["message"]) == (False, True)
    assert not host.keeper.memory.overrides
    assert len(told(caplog, "was refused")) == 3
    assert (await ask(host, "reads", "history", **BOILER))["ok"]


async def test_who_controls_sets_modes(played: Played) -> None:
    host = await played.wired()
    assert (await ask(host, "controls", "set_mode", **BOILER, mode="off"))["ok"]
    assert host.keeper.memory.overrides["boiler", "mode"].value == "off"


def test_each_service_needs_the_right_that_fits_what_it_changes() -> None:
    assert ANSWERS.keys() == SERVICES.keys()
    by_right: dict[Right, set[str]] = {right: set() for right in Right}
    for name in SERVICES:
        by_right[needed(name)].add(name)
    assert by_right[Right.READ] == {"explain", "history", "dashboard", "suggest"}
    wiring = {name for name in SERVICES if name.startswith("register_")}
    assert by_right[Right.ADMINISTER] == wiring | {"undo_remap"}
    for name in by_right[Right.ADMINISTER]:
        assert SERVICES[name].description()["description"].endswith("For administrators.")


# --- where notifications may go -------------------------------------------------------------------


@pytest.mark.parametrize("target", ["script.open_the_gate", "lock.unlock", "homeassistant.stop"])
async def test_notifications_call_notify_actions_only(played: Played, target: str) -> None:
    host = await played.wired()
    said = host.register("site", site(notify_target=target))
    assert not said["ok"]
    assert f"'{target}' is no notify action" in said["errors"][0]
    assert "notify_any" in said["errors"][0]


async def test_a_setting_allows_other_actions(played: Played) -> None:
    host = await played.wired(notify_any=1)
    assert host.register("site", site(notify_target="script.tell_us"))["ok"]


async def test_a_target_of_an_older_form_is_not_called(played: Played) -> None:
    host = await played.wired(notify_any=1)
    chosen = {"notify_target": "script.open_the_gate", "notify_overload": True}
    assert host.register("site", site(**chosen))["ok"]
    stored = host.keeper.dump()
    strict = Host(played, type(host.keeper).from_settings(None))
    strict.keeper.load(stored)
    for phase in "abc":
        played.show(f"sensor.grid_{phase}", 60.0, unit_of_measurement="A")
    for _ in range(40):
        played.time += 5.0
        for phase in "abc":
            played.show(f"sensor.grid_{phase}", 60.0, unit_of_measurement="A")
        strict.run()
    await until(lambda: "persistent_notification.create" in played.calls())
    assert "script.open_the_gate" not in played.calls()


# --- the picture ----------------------------------------------------------------------------------


async def with_picture(played: Played) -> tuple[Host, Path]:
    host, picture = await played.wired(picture_s=10), Path(played.picture_path)
    assert host.register("site", site())["ok"]
    host.run()
    await until(picture.exists)
    await until(lambda: host._drawing._task is not None and host._drawing._task.done())
    return host, picture


def delete_site(host: Host, played: Played) -> None:
    """Remove the automations of the site and of the plug: while that is there, the site protects.

    Their forms are forgotten 30 s later.
    """
    del played.states["automation.boiler"], played.states["automation.site"]
    host.run()
    played.time += 31
    host.run()
    assert host.keeper.site is None


async def test_the_picture_goes_when_the_site_is_deleted(played: Played) -> None:
    host, picture = await with_picture(played)
    delete_site(host, played)
    await until(lambda: not picture.exists())
    played.show("automation.site", "on")
    played.time += 1
    assert host.register("site", site())["ok"]
    host.run()
    await until(picture.exists)


async def test_the_picture_of_before_goes_when_none_is_wanted_any_more(played: Played) -> None:
    _, picture = await with_picture(played)
    host = await played.open(picture_s=0)
    host.run()
    await until(lambda: not picture.exists())


async def test_the_picture_goes_when_it_all_ends(played: Played) -> None:
    host, picture = await with_picture(played)
    await host.finish()
    assert not picture.exists()


async def test_a_picture_that_can_not_be_removed_is_told_once(
    played: Played, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, picture = await with_picture(played)

    def refused(_path: str) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr("loadjuggler.runtime.file.remove", refused)
    delete_site(host, played)
    for _ in range(3):
        host.run()
        await until(lambda: host._drawing._task is not None and host._drawing._task.done())
    assert len(told(caplog, "can't be removed")) == 1
    assert picture.exists()
