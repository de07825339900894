"""The host with played hands: what it stores, the picture, and a new engine that takes over."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from loadjuggler.publish.picture.showing import ADDRESS
from loadjuggler.runtime import file
from loadjuggler.runtime.answers import answer
from loadjuggler.runtime.host import DISCOVER, Host

from .house import plug_form, site_form
from .played import Played, register, told, until

STATUS = "sensor.loadjuggler_status"


def stored(played: Played) -> Any:
    path = Path(played.store_path)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


# --- storing --------------------------------------------------------------------------------------


async def test_what_somebody_set_is_stored_before_it_is_answered(played: Played) -> None:
    host = await played.wired()
    said = await answer(host, "set_mode", {"load": "boiler", "mode": "off"})
    assert said["ok"]
    assert stored(played)["memory"]["overrides"]["boiler mode"]["value"] == "off"


async def test_an_answer_waits_for_a_write_that_has_it_already(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run came between the setting and its answer, and what it writes is not in the file yet."""
    write, goes_on = file.write, threading.Event()

    def slow(*args: Any) -> None:
        goes_on.wait()
        write(*args)

    host = await played.wired()
    monkeypatch.setattr(file, "write", slow)
    host.desk.set_mode("boiler", "off")
    host.run()
    await asyncio.sleep(0.02)
    asked = asyncio.create_task(answer(host, "set_mode", {"load": "boiler", "mode": "off"}))
    await asyncio.sleep(0.05)
    answered = asked.done()
    goes_on.set()
    assert (await asked)["ok"]
    assert not answered
    assert stored(played)["memory"]["overrides"]["boiler mode"]["value"] == "off"


async def test_what_runs_is_stored_every_five_minutes(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes: list[Any] = []
    monkeypatch.setattr(file, "write", lambda _path, content: writes.append(content))
    host = await played.wired(picture_s=0)
    host.run()
    await until(lambda: writes)  # the forms, at once
    for times in (2, 3):
        for _ in range(59):
            await asyncio.sleep(0.001)
            played.time += 5
            host.run()
        await asyncio.sleep(0.05)
        assert len(writes) == times - 1
        played.time += 5
        host.run()
        await until(lambda times=times: len(writes) == times)


async def test_what_has_not_changed_is_not_stored_again(played: Played) -> None:
    host = await played.open(save_s=0)
    for _ in range(3):
        host.run()
        await asyncio.sleep(0.02)
        played.time += 60
    assert stored(played)["nodes"] == []
    assert played.beside.count("locked") == 1


async def test_a_full_disk_is_told_once_in_a_row_and_tried_again(
    played: Played, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    def full(*_: Any) -> None:
        tries.append(1)
        raise OSError("no space left")

    async def fails(times: int) -> None:
        tries.clear()
        with monkeypatch.context() as patched:
            patched.setattr(file, "write", full)
            for number in range(1, times + 1):
                played.time += 60
                host.run()
                await until(lambda number=number: len(tries) >= number)
                await asyncio.sleep(0.01)

    host = await played.wired(save_s=0)
    await fails(3)
    assert len(told(caplog, "Registrations can't be stored: no space left")) == 1
    host.run()
    await until(lambda: stored(played))
    assert {node["kind"] for node in stored(played)["nodes"]} == {"site", "plug"}
    await asyncio.sleep(0.01)
    await fails(1)
    assert len(told(caplog, "Registrations can't be stored: no space left")) == 2


def sent(breaker_a: float) -> dict[str, Any]:
    """The form of the site as its automation sends it."""
    form = site_form(main_breaker_a=breaker_a)
    return {key: form[key] for key in form if key != "kind"}


def full(*_: Any) -> None:
    raise OSError("No space left on device")


async def test_a_full_disk_is_a_status_a_notification_and_told_in_each_answer(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = await played.wired()
    host.run()
    await until(lambda: stored(played))
    with monkeypatch.context() as patched:
        patched.setattr(file, "write", full)
        said = await answer(host, "set_mode", {"load": "boiler", "mode": "off"})
        assert said["ok"], "it holds"
        assert said["stored"] is False
        assert "No space left on device" in said["message"]
        assert "does not outlive a restart" in said["message"]
        form = sent(20)
        wired = await answer(host, "register_site", form)
        assert (wired["ok"], wired["stored"]) == (True, False)
        assert "does not outlive a restart" in wired["message"]
        host.run()
        await asyncio.sleep(0.01)
        value, attributes, _ = played.states[STATUS]
        assert value == "problem"
        assert "can't be stored: No space left on device" in attributes["message"]
        made = [data for _, what, data in played.done if what == "persistent_notification.create"]
        assert [one["notification_id"] for one in made] == ["loadjuggler_unstored"]
        played.done.clear()
        for _ in range(120):
            played.time += 5
            host.run()
            await asyncio.sleep(0.002)
        assert "persistent_notification.create" not in played.calls(), "it is told once"
    played.time += 60
    host.run()
    await until(lambda: not host.keeper.unstored)
    assert stored(played)["memory"]["overrides"]
    played.time += 5
    host.run()
    await asyncio.sleep(0.01)
    assert played.states[STATUS][0] == "ok", played.states[STATUS]
    assert "persistent_notification.dismiss" in played.calls()
    said = await answer(host, "set_mode", {"load": "boiler", "mode": "continuous"})
    assert "stored" not in said


async def test_a_form_is_stored_before_it_is_answered(played: Played) -> None:
    host = await played.wired()
    form = sent(20)
    assert (await answer(host, "register_site", form))["ok"]
    (site,) = [one for one in stored(played)["nodes"] if one["kind"] == "site"]
    assert "20" in json.dumps(site)


async def test_a_form_that_is_sent_again_is_not_stored_again(played: Played) -> None:
    """At a start all blueprints send their forms, and none has changed."""
    host = await played.wired()
    form = sent(25)
    await answer(host, "register_site", form)
    before = played.beside.count("locked")
    assert (await answer(host, "register_site", form))["ok"]
    assert played.beside.count("locked") == before


async def test_a_disk_that_hangs_leaves_one_write_and_one_picture_waiting(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []

    async def never(work: Any, *_: Any) -> None:
        begun.append(work.__name__)
        await asyncio.Event().wait()

    host = await played.wired(picture_s=10, save_s=60)
    monkeypatch.setattr(played, "in_thread", never)
    for _ in range(5):
        host.run()
        await asyncio.sleep(0.01)
        played.time += 60
    assert begun == ["locked", "picture"]
    saving = [task for task in asyncio.all_tasks() if "Saving.save" in repr(task)]
    assert len(saving) == 1
    new = await Host.renewed(host, {"picture_s": 10})
    new.cycle()
    await asyncio.sleep(0.01)
    assert begun == ["locked", "picture"]


async def test_a_write_that_is_cancelled_is_made_again(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = await played.wired()

    async def never(*_: Any) -> None:
        await asyncio.Event().wait()

    with monkeypatch.context() as patched:
        patched.setattr(played, "in_thread", never)
        saving = asyncio.create_task(host._saving.save())
        await asyncio.sleep(0.01)
        saving.cancel()
        await asyncio.wait([saving])
    assert stored(played) is None
    await host.finish()
    assert {node["kind"] for node in stored(played)["nodes"]} == {"site", "plug"}


async def test_the_end_waits_for_a_write_and_stores_once_more(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = await played.wired()
    writes: list[Any] = []
    monkeypatch.setattr(file, "write", lambda _path, content: writes.append(content))
    host.run()  # begins to store the forms
    assert not writes
    finishing = asyncio.create_task(host.finish())
    host.keeper.memory = host.keeper.memory.__class__()  # something has changed meanwhile
    await finishing
    assert not host.on
    assert [len(one["nodes"]) for one in writes[:1]] == [2]
    assert writes[-1]["memory"] == host.keeper.dump()["memory"]


async def test_a_host_goes_on_from_what_is_stored_and_shows_it(played: Played) -> None:
    host = await played.wired()
    host.run()
    await host.finish()
    shown = {key: value for key, value in played.states.items() if key.startswith("sensor.load")}
    played.states = {STATUS: shown[STATUS]}  # as if pyscript alone had been reloaded
    played.done.clear()
    again = await played.open()
    assert set(again.keeper.registry.ids()) == {"home", "boiler"}
    # On a busy machine a run may come just then: it writes the picture, and the status.
    entities = {what for _, what, _ in played.done if what.startswith("sensor.")}
    assert entities - {STATUS} == set(shown) - {STATUS}


async def test_what_is_stored_and_can_not_be_used_is_kept_and_told(
    played: Played, caplog: pytest.LogCaptureFixture
) -> None:
    newer = {"version": 99}
    Path(played.store_path).parent.mkdir()
    Path(played.store_path).write_text(json.dumps(newer), encoding="utf-8")
    host = await played.open()
    (aside,) = Path(played.store_path).parent.glob("loadjuggler.not-used-*")
    assert json.loads(aside.read_text(encoding="utf-8")) == newer
    assert told(caplog, f"The file is kept as {aside}.")
    await host.finish()
    assert stored(played)["version"] == 1


async def test_a_damaged_file_and_wrong_settings_are_told_in_log_and_status(
    played: Played, caplog: pytest.LogCaptureFixture
) -> None:
    Path(played.store_path).parent.mkdir()
    Path(played.store_path).write_text("{half of", encoding="utf-8")
    host = await played.open(hold_s="long")
    host.run()
    for words in ("can't be read", "Setting 'hold_s'"):
        assert len(told(caplog, words)) == 1
        assert words in played.states[STATUS][1]["message"]


# --- the picture ----------------------------------------------------------------------------------


async def test_the_picture_is_drawn_beside_the_loop_written_served_and_told_of(
    played: Played,
) -> None:
    host = await played.wired(picture_s=10)
    host.run()
    await until(lambda: "picture" in played.states[STATUS][1])
    assert "picture" in played.beside
    assert "boiler" in Path(played.picture_path).read_text(encoding="utf-8")
    assert played.states[STATUS][1]["picture"].startswith(ADDRESS)
    kinds = [kind for kind, what, _ in played.done if kind == "serve" or what == STATUS]
    assert kinds.index("serve") < len(kinds) - 1  # it is served before it is told of


async def test_one_that_has_not_changed_is_not_written_again(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr(file, "write_text", lambda _path, text: written.append(text))
    host = await played.wired(picture_s=10)
    host.run()
    await until(lambda: "picture" in played.states[STATUS][1])
    played.show("switch.boiler", "on")
    for _ in range(8):
        played.time += 10
        host.run()
        await until(host._drawing._task.done)  # type: ignore[union-attr]
    assert len(written) == len(dict.fromkeys(written))
    assert len(written) < 8


async def test_one_that_can_not_be_written_is_told_once(
    played: Played, caplog: pytest.LogCaptureFixture
) -> None:
    Path(played.picture_path).parent.write_text("not a folder", encoding="utf-8")
    host = await played.wired(picture_s=10)
    for _ in range(3):
        host.run()
        await until(lambda: host._drawing._task is not None and host._drawing._task.done())
        played.time += 10
    assert played.beside.count("write_text") > 1
    assert len(told(caplog, "The picture of the wiring can't be made")) == 1
    assert "picture" not in played.states[STATUS][1]


# --- a new engine ---------------------------------------------------------------------------------


async def test_a_new_engine_takes_over_the_house_and_the_calls_under_way(played: Played) -> None:
    answered = asyncio.Event()

    async def slow(*_: Any) -> None:
        await answered.wait()

    old = await played.wired()
    played.behaviour = slow
    old.run()
    await until(played.calls)
    new = await Host.renewed(old, None)
    assert new.wake is old.wake
    assert new.wake.is_set()
    assert set(new.keeper.registry.ids()) == {"home", "boiler"}
    assert new.discover
    played.done.clear()
    old.cycle()
    assert played.done == [], "it has nothing to do any more"
    before = old.keeper.memory
    new.cycle()
    assert played.calls() == [], "the first call is under way"
    answered.set()
    await until(lambda: not old._queues._under_way)
    assert old.keeper.memory is before, "how it ended is told to the new one"
    assert (old.latest, new.latest) == (new, new)
    await until(lambda: stored(played))


async def test_what_was_set_just_before_a_reload_is_stored_with_the_next_run(
    played: Played,
) -> None:
    old = await played.wired()
    old.discover = False
    assert old.keeper.must_store()
    new = await Host.renewed(old, None)
    new.cycle()
    assert DISCOVER not in [what for _, what, _ in played.done], "they have been asked before"
    await until(lambda: stored(played))
    assert {node["kind"] for node in stored(played)["nodes"]} == {"site", "plug"}


async def test_a_new_engine_asks_for_forms_that_the_old_one_has_refused(played: Played) -> None:
    """It has the last good ones only, and would say that all is well."""
    old = await played.wired()
    old.discover = False
    assert not register(old, {**plug_form("boiler"), "power_w": "much"})["ok"]
    new = await Host.renewed(old, None)
    new.cycle()
    assert DISCOVER in [what for _, what, _ in played.done]


async def test_a_new_engine_that_fails_leaves_the_old_one_at_work(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await played.wired()

    def broken(*_: Any) -> None:
        raise RuntimeError("a mistake")

    with monkeypatch.context() as patched:
        patched.setattr("loadjuggler.runtime.host.Queues", broken)
        with pytest.raises(RuntimeError, match="a mistake"):
            await Host.renewed(old, None)
    assert old.latest is old
    old.cycle()
    await until(played.calls)
    await until(lambda: stored(played))


async def test_a_picture_of_the_old_engine_is_not_told_of_any_more(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await played.wired(picture_s=10)
    drawn, served = asyncio.Event(), asyncio.Event()

    async def serve() -> None:
        drawn.set()
        await served.wait()

    monkeypatch.setattr(played, "serve_picture", serve)
    old.run()
    await drawn.wait()
    new = await Host.renewed(old, {"picture_s": 10})
    new.cycle()
    played.done.clear()
    served.set()
    await until(old._drawing._task.done)  # type: ignore[union-attr]
    assert played.done == []


@pytest.mark.parametrize("by_another", [False, True])
def test_a_text_that_somebody_else_removes_or_writes_meanwhile_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_another: bool
) -> None:
    """After a reload two engines may be at the same picture for a moment."""
    path, replace = str(tmp_path / "wiring.svg"), os.replace

    def meanwhile(fresh: Path, target: Path) -> None:
        monkeypatch.setattr(os, "replace", replace)
        if by_another:
            file.write_text(path, "newer")
        else:
            file.remove(path)
        replace(fresh, target)

    monkeypatch.setattr(os, "replace", meanwhile)
    file.write_text(path, "older")
    left = {one.name: one.read_text(encoding="utf-8") for one in tmp_path.iterdir()}
    assert left == ({"wiring.svg": "newer"} if by_another else {})
