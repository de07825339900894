"""Totals of the day never fall: Home Assistant's statistics count all of one again that does."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from loadjuggler.runtime import file
from loadjuggler.runtime.host import Host
from loadjuggler.units import DAY_S

from .played import Played, told

ENERGY = "sensor.loadjuggler_boiler_energy_today"
OVER = "sensor.loadjuggler_main_over_limit_ampere_seconds_a"


def steady(played: Played) -> None:
    """The boiler is on at 10 A, and the house takes 20 A: 5 A over the limit of 25 A on phase A."""
    for phase, amps in (("a", 30.0), ("b", 4.0), ("c", 4.0)):
        played.show(f"sensor.grid_{phase}", amps, unit_of_measurement="A")
    played.show("switch.boiler", "on")
    for name in ("site", "boiler"):
        played.show(f"automation.{name}", "on")


async def live(played: Played, host: Host, seconds: float) -> None:
    for _ in range(int(seconds / 5)):
        played.time += 5
        steady(played)
        host.run()
        if host._saving._task is not None:
            await host._saving._task


def shown(played: Played, entity: str) -> list[float]:
    """The values of an entity, one after the other."""
    return [float(value) for kind, what, value in played.done if (kind, what) == ("set", entity)]


async def killed_and_started(played: Played, folder: Path, length_s: float = 700) -> Played:
    """What is there after a power cut: the file as it was, and no states."""
    shutil.copytree(Path(played.store_path).parent, folder / "store")
    after = Played(folder)
    after.time = played.time + 40
    steady(after)
    host = await after.open()
    await live(after, host, length_s)
    return after


@pytest.mark.parametrize("entity", [ENERGY, OVER])
@pytest.mark.parametrize("killed_after_s", [0, 5, 25, 55])
async def test_a_power_cut_at_any_moment_makes_no_total_fall(
    entity: str, killed_after_s: float, tmp_path: Path
) -> None:
    before = Played(tmp_path / "before")
    host = await before.wired()
    await live(before, host, 280)
    host._saving.soon()  # somebody has set something, so it is stored at another moment than told
    await live(before, host, 20 + killed_after_s)
    after = await killed_and_started(before, tmp_path / "after")
    values = [*shown(before, entity), *shown(after, entity)]
    assert values[-1] > 0
    assert all(one <= two for one, two in pairwise(values)), values
    await before.close()
    await after.close()


async def test_a_total_follows_what_is_counted_within_six_minutes(tmp_path: Path) -> None:
    """10 A at 230 V for an hour are 2.3 kWh; six minutes of it are 0.23 kWh."""
    played = Played(tmp_path)
    host = await played.wired()
    await live(played, host, 3600)
    assert 2.3 - 0.23 <= shown(played, ENERGY)[-1] <= 2.3
    await played.close()


async def test_while_the_disk_is_full_totals_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    played = Played(tmp_path)
    host = await played.wired()
    await live(played, host, 300)

    def full(*_: Any) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(file, "write", full)
        played.done.clear()
        await live(played, host, 300)
        assert shown(played, ENERGY) == []
        assert told(caplog, "no space left")
    await live(played, host, 120)
    assert shown(played, ENERGY)
    await played.close()


async def test_it_begins_again_at_midnight_once_and_not_again_after_a_power_cut(
    tmp_path: Path,
) -> None:
    """The day of the file is yesterday's until the first write of today."""
    before = Played(tmp_path / "before")
    before.time = 11 * DAY_S - before.utc_offset_s() - 300
    host = await before.wired()
    await live(before, host, 325)
    after = await killed_and_started(before, tmp_path / "after")
    values = [*shown(before, ENERGY), *shown(after, ENERGY)]
    falls = [(one, two) for one, two in pairwise(values) if two < one]
    assert len(falls) == 1
    assert falls[0][1] <= 305 * 2.3 / 3600
    await before.close()
    await after.close()


@pytest.mark.parametrize(
    ("entity", "each_s"),
    [
        pytest.param(ENERGY, 2.3 / 3600.0, id="2.3 kW"),
        pytest.param(OVER, 5.0, id="5 A over the limit"),
    ],
)
async def test_all_of_a_day_is_shown_before_it_begins_again(
    entity: str, each_s: float, tmp_path: Path
) -> None:
    """What is counted between the last write and midnight is not lost.

    The next day is shown while it is small: 300 s of the first day are less than what is counted
    until the next write, and who sees no fall takes it for the same day.
    """
    played = Played(tmp_path)
    played.time = 11 * DAY_S - played.utc_offset_s() - 300
    host = await played.wired()
    await live(played, host, 800)
    values = shown(played, entity)
    (last,) = [place for place, (one, two) in enumerate(pairwise(values)) if two < one]
    assert values[last] == pytest.approx(300 * each_s, abs=10 * each_s)  # two runs
    assert values[last + 1] <= 75 * each_s
    assert 0 < values[-1] <= 505 * each_s
    await played.close()


async def test_totals_are_shown_on_a_disk_that_can_never_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError("read-only file system")

    monkeypatch.setattr(file, "write", full)
    played = Played(tmp_path)
    await live(played, await played.wired(), 1800)
    assert shown(played, ENERGY)[-1] == pytest.approx(1.15, abs=0.05)  # 2.3 kW for half an hour
    await played.close()


async def test_what_a_run_has_found_is_not_restored_any_more(tmp_path: Path) -> None:
    """30 s after a power cut nothing has been written yet: the total is that of the file."""
    before = Played(tmp_path / "before")
    await live(before, await before.wired(), 300)
    after = await killed_and_started(before, tmp_path / "after", 30)
    assert "restored" not in after.states[OVER][1]
    await before.close()
    await after.close()


@pytest.mark.parametrize("entity", [ENERGY, OVER])
async def test_a_second_power_cut_before_the_first_write_makes_none_fall(
    entity: str, tmp_path: Path
) -> None:
    first = Played(tmp_path / "first")
    await live(first, await first.wired(), 700)
    second = await killed_and_started(first, tmp_path / "second", 50)
    third = await killed_and_started(second, tmp_path / "third")
    values = [value for one in (first, second, third) for value in shown(one, entity)]
    assert values[-1] > 0
    assert all(one <= two for one, two in pairwise(values)), values
    for one in (first, second, third):
        await one.close()
