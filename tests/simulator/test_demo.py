"""The demonstration: the evening, what is shown of it, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from simulator.clock import HOUR
from simulator.day_file import read_day
from simulator.day_run import Watched
from simulator.demo import DAY
from simulator.demo_summary import summary
from simulator.demo_view import View
from simulator.record import Record

ROOT = Path(__file__).resolve().parents[2]


def watch(start_h: float, hours: float) -> Record:
    day = replace(read_day(DAY), start_h=start_h, length_h=hours)
    watched = Watched.of(day)
    for _ in watched.seconds():
        pass
    return watched.record


@pytest.fixture(scope="module")
def evening() -> Record:
    """From half past four to half past seven: the car comes home, and the oven goes on."""
    return watch(16.5, 3.0)


def test_kettle_oven_and_two_cars_are_over_a_limit_for_seconds_only(evening: Record) -> None:
    over = evening.all_overloads()
    assert over, "an evening without a peak shows nothing"
    # A jump is over in 5 s. An import that rises by 0.25 A/s for longer is followed within 1 A: so
    # much it rises in the time of the meter and of a car.
    assert max(one.seconds for one in over if one.worst_a > 1.0) <= 5
    assert max(one.seconds for one in over) <= 20
    assert all(charger.energy_kwh > 1 for charger in evening.living.house.chargers.values())


def test_events_tell_the_evening(evening: Record) -> None:
    texts = [event.text for event in evening.events]
    for words in ("kettle on", "kettle off", "oven on", "car left comes", "main breaker, phase"):
        assert any(text.startswith(words) for text in texts), words


def test_the_demonstration_has_sun_and_a_battery(evening: Record) -> None:
    assert evening.tally.wh["sun"] > 1000
    assert evening.tally.wh["discharged"] > 1000
    assert evening.living.house.now == read_day(DAY).start + 12.5 * HOUR


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40)])
def test_view_fits_the_terminal(evening: Record, width: int, height: int) -> None:
    console = Console(width=width, height=height, force_terminal=True, color_system=None)
    frame = View(evening, console).render("x1,200", 0.2)
    with console.capture() as captured:
        console.print(frame)
    lines = captured.get().splitlines()
    assert len(lines) == height
    assert max(len(line) for line in lines) <= width
    text = captured.get()
    assert "[...]" not in text
    for words in ("phase", "limit", "garage", "left", "right", "boiler", "25 A", "20 A", "sun"):
        assert words in text


def test_summary_has_energy_and_overloads(evening: Record) -> None:
    text = summary(evening, 5.0)
    assert "3.0 h simulated in 5 s" in text
    for words in ("sun", "grid", "battery", "house", "left", "boiler"):
        assert any(line.startswith(words) and "kWh" in line for line in text.splitlines())
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
        command("--quick", "--hours", "0.6", "--picture", str(picture)),
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "07:30  A" in done.stdout
    assert "0.6 h simulated" in done.stdout
    assert f"Picture: {picture}" in done.stdout
    assert "\x1b" not in done.stdout
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_it_with_the_summary_so_far(tmp_path: Path, sent: signal.Signals) -> None:
    picture = tmp_path / "day.png"
    running = subprocess.Popen(
        command("--speed", "3000", "--picture", str(picture)),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout
    first = next(line for line in running.stdout if line.startswith("07:30  A"))
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
