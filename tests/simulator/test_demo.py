"""The demonstration: the evening, what is shown of it, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from simulator.demo_summary import summary
from simulator.demo_view import View
from simulator.evening import HOUR, START, clock, evening
from simulator.house import House
from simulator.living import Living
from simulator.record import Record

ROOT = Path(__file__).resolve().parents[2]


def watch(hours: float, seed: int = 1) -> Record:
    scenario, life, household = evening(seed)
    record = Record(Living(House(scenario, life, START)))
    while record.living.house.now < START + hours * HOUR:
        before = record.living.house.now
        calls = record.living.second()
        record.second(len(calls), household.switched(before, before + 1.0))
    return record


@pytest.fixture(scope="module")
def evening_until_19() -> Record:
    return watch(3.0)


def test_kettle_oven_and_two_cars_never_hold_a_breaker_over_its_limit(
    evening_until_19: Record,
) -> None:
    over = evening_until_19.all_overloads()
    assert over, "an evening without a peak shows nothing"
    # A car may take 5 s to follow.
    assert max(one.seconds for one in over) <= 5
    assert all(
        charger.energy_kwh > 1 for charger in evening_until_19.living.house.chargers.values()
    )


def test_events_tell_the_evening(evening_until_19: Record) -> None:
    texts = [event.text for event in evening_until_19.events]
    for words in ("kettle on", "kettle off", "oven on", "car left comes", "car right comes"):
        assert any(text.startswith(words) for text in texts)


def test_the_same_seed_is_the_same_evening() -> None:
    def day(seed: int) -> list[dict[str, float]]:
        household = evening(seed)[2]
        return [dict(household(START + minute * 60)) for minute in range(0, 960, 7)]

    assert day(3) == day(3)
    assert day(3) != day(4)


def test_a_kettle_is_on_one_phase() -> None:
    household = evening(1)[2]
    kettle = next(one for one in household.appliances if one.name == "kettle")
    before, during = household(kettle.start - 1), household(kettle.start + 1)
    # 2200 W at 230 V; the small unrest moves by less than 0.6 A
    assert during["A"] - before["A"] == pytest.approx(2200 / 230, abs=0.6)
    assert during["B"] - before["B"] == pytest.approx(0.0, abs=0.6)


def test_clock_goes_past_midnight() -> None:
    assert clock(16) == START
    assert clock(0, 30) == START + 8.5 * HOUR


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40)])
def test_view_fits_the_terminal(evening_until_19: Record, width: int, height: int) -> None:
    console = Console(width=width, height=height, force_terminal=True, color_system=None)
    frame = View(evening_until_19, console).render("x1,200", 0.2)
    with console.capture() as captured:
        console.print(frame)
    lines = captured.get().splitlines()
    assert len(lines) == height
    assert max(len(line) for line in lines) <= width
    text = captured.get()
    assert "[...]" not in text
    for words in ("phase", "limit", "garage", "left", "right", "boiler", "25 A", "20 A"):
        assert words in text


def test_summary_has_energy_and_overloads(evening_until_19: Record) -> None:
    text = summary(evening_until_19, 5.0)
    assert "3.0 h simulated in 5 s" in text
    assert "kWh" in text
    assert "Over a breaker's limit" in text
    assert max(len(line) for line in text.splitlines()) < 80


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-u", "-m", "simulator.demo", *arguments]


def environment() -> dict[str, str]:
    path = os.pathsep.join((str(ROOT), str(ROOT / "pyscript" / "modules")))
    return {**os.environ, "PYTHONPATH": path}


def test_without_a_terminal(tmp_path: Path) -> None:
    picture = tmp_path / "new" / "day.png"
    done = subprocess.run(
        command("--quick", "--hours", "1.6", "--picture", str(picture)),
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "17:30  A" in done.stdout
    assert "1.6 h simulated" in done.stdout
    assert f"Picture: {picture}" in done.stdout
    assert "\x1b" not in done.stdout
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_it_with_the_summary_so_far(tmp_path: Path, sent: signal.Signals) -> None:
    picture = tmp_path / "day.png"
    running = subprocess.Popen(
        command("--speed", "600", "--picture", str(picture)),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout
    first = running.stdout.readline()
    running.send_signal(sent)
    out, errors = running.communicate(timeout=60)
    assert first
    assert (running.returncode, errors) == (0, "")
    assert "Stopped." in out
    assert "h simulated in" in out
    assert picture.exists()


def test_a_picture_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = subprocess.run(
        command("--quick", "--hours", "0.1", "--picture", str(tmp_path / "file" / "day.png")),
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert "could not be written" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("script", ["demo", "simulate"])
def test_help_works_anywhere(tmp_path: Path, script: str) -> None:
    done = subprocess.run(
        [str(ROOT / "script" / script), "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert f"script/{script}" in done.stdout
