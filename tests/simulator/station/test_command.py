"""script/stations: its arguments, its events and report, and what is on a station."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from simulator.station import show
from simulator.station.command import main
from tests.simulator.station.central import Central, profile

ROOT = Path(__file__).resolve().parents[3]
STATE = ROOT / "tests" / "data" / "station.json"


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


# Each by hand from the six profiles in the file: highest level of the session's profiles that
# says something then, or the station's own maximum where that is less.
LIMITS = [
    ("2026-06-01T06:30", 8.0, 4),
    ("2026-06-01T08:00", 10.0, 5),
    ("2026-06-01T13:00", 20.0, 5),
    ("2026-06-01T15:30", 0.0, 5),
    ("2026-06-01T18:00", 13.0, 1),
    ("2026-06-01T20:00", 8.0, 4),
    ("2026-06-02T01:00", 10.0, 6),
    ("2026-06-02T04:00", 8.0, 4),
]


@pytest.mark.parametrize(("when", "amps", "number"), LIMITS)
def test_a_view_knows_the_limit_and_whose_it_is(when: str, amps: float, number: int) -> None:
    limit = show.read_view(STATE).limit(1, at(when))
    assert limit.a == pytest.approx(amps)
    assert [p.id for p in limit.by] == [number]


def test_what_is_on_a_station_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    before = STATE.read_bytes()
    assert main(["--show", str(STATE), "--hours", "24"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = [line.split() for line in lines if line.strip().startswith("2026-06-")]
    assert [row[2] for row in rows] == [
        "8.0", "10.0", "14.0", "20.0", "0.0", "16.0", "13.0", "8.0", "10.0", "8.0",
    ]  # fmt: skip
    assert any("ChargePointMax" in line and "Recurring Daily" in line for line in lines)
    assert STATE.read_bytes() == before


def test_what_is_on_a_station_as_a_picture(tmp_path: Path) -> None:
    picture = tmp_path / "new" / "picture.png"
    assert main(["--show", str(STATE), "--picture", str(picture)]) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--car", "hovercraft"], "no car 'hovercraft'"),
        (["--faults", "gremlins"], "no fault 'gremlins'"),
        (["--peak", "five"], "--peak five"),
        (["--price-limit", "0.3"], "prices of the 24 hours"),
        (["--timezone", "Nowhere/Land"], "Nowhere/Land"),
        (["--show", "no-such-file.json"], "no-such-file.json"),
    ],
)
def test_nonsense_is_refused_in_words(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--seconds", "0"]) == 2
    assert words in capsys.readouterr().err


def test_a_damaged_state_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "LJ1.json").write_text('{"version": 1, "inst')
    assert main(["--state-dir", str(tmp_path), "--seconds", "0"]) == 2
    assert "LJ1.json is damaged" in capsys.readouterr().err


async def test_a_process_with_two_stations_ends_well_and_reports(
    central: Central, tmp_path: Path
) -> None:
    report, states = tmp_path / "report.json", tmp_path / "states"
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "simulator.station.command", "--url", central.url],
        *["--count", "2", "--id", "LJ", "--sample-interval-s", "0.2", "--events"],
        *["--report", str(report), "--state-dir", str(states)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([".", "pyscript/modules"])},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        for name in ("LJ1", "LJ2"):
            await central.status("Charging", name=name, patience_s=60.0)
        assert await central.set(profile(4, 9.0), name="LJ2") == "Accepted"
        await central.amps(9.0, 9.0, 9.0, name="LJ2")
        process.send_signal(signal.SIGTERM)
        out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0
    events = [json.loads(line) for line in out.decode().splitlines()]
    last = [e for e in events if e["event"] == "sample" and e["id"] == "LJ2"][-1]
    assert (last["amps"], last["limit"], last["by"]) == ([9.0, 9.0, 9.0], 9.0, [4])
    assert "What the profiles did" in err.decode()
    data = json.loads(report.read_text())
    assert [row["id"] for row in data["stations"]] == ["LJ1", "LJ2"]
    assert data["total"]["energy_wh"] == pytest.approx(
        sum(row["energy_wh"] for row in data["stations"])
    )
    effect = data["stations"][1]["profiles"][0]
    assert effect["profile"] == 4
    assert effect["binding_s"] > 0.0
    # What it has written down can be looked at.
    view = show.read_view(states / "LJ2.json")
    assert view.limit(1, view.saved_at).a == 9.0


async def test_cars_obey_as_late_as_is_asked_for(central: Central) -> None:
    # At 20 times the speed 30 s of the station last 1.5 s. A family car by itself takes 2 s.
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "simulator.station.command", "--url", central.url, "--events"],
        *["--sample-interval-s", "1", "--speed", "20", "--reaction-s", "30"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([".", "pyscript/modules"])},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await central.status("Charging", patience_s=60.0)
        assert await central.set(profile(4, 9.0)) == "Accepted"
        await central.amps(9.0, 9.0, 9.0)
        process.send_signal(signal.SIGTERM)
        out, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    events = [json.loads(line) for line in out.decode().splitlines()]
    offered = next(e["t"] for e in events if e["event"] == "limit" and e["limit"] == 9.0)
    obeyed = next(e["t"] for e in events if e["event"] == "draw" and e["amps"] == [9.0] * 3)
    assert obeyed >= offered + 30.0 - 0.01
