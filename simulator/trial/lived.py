"""A past day for the house to try: simulated with the same engine, then put into the recorder.

Home Assistant has no service to add history, so the simulated day is written into its recorder's
database. That is for pictures with history only; nothing is counted from it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from loadjuggler.logbook.recent import Lately
from loadjuggler.memory.logbook import Change
from loadjuggler.publish import entities as publish
from loadjuggler.publish.entity import Entity
from loadjuggler.report import Report

from simulator.day import house_of, under_control
from simulator.day_file import day_of

DAY = Path(__file__).with_suffix(".yaml")
STEP_S = 10.0
COARSE_S, FINE_LAST_S = 60.0, 1200.0
"""Only the end is kept in every step: a graph of a day shows no more."""
AGAIN_S = 3600.0
"""So often a state is kept even if it is the same."""
NAMES = {"left_car": "Left car", "right_car": "Right car", "boiler": "Boiler", "garage": "Garage"}
"""What the simulation calls by its id has these names in the house to try."""

Row = tuple[str, float, str]
"""Entity, epoch s, state."""


@dataclass(frozen=True, slots=True)
class Lived:
    """The day: every state in it, and how the house is at its end.

    `sun_w` and `household_a` (A by phase) are what the sliders say then; `shown` are the entities
    of Load Juggler, and among them what has changed lately.
    """

    rows: Sequence[Row]
    sun_w: float
    household_a: Mapping[str, float]
    shown: Mapping[str, Entity]


def lived(now: float, utc_offset_s: float) -> Lived:
    """The 24 hours that end at `now` (epoch s); local time is `utc_offset_s` ahead of UTC."""
    given = yaml.safe_load(DAY.read_text(encoding="utf-8"))
    minutes = int((now + utc_offset_s) % 86400 / 60)
    given["day"]["start"] = f"{minutes // 60:02d}:{minutes % 60:02d}"
    day = day_of(given)
    living = under_control(house_of(day)[0])
    later_s = now - day.end
    rows: list[Row] = []
    said: dict[str, str] = {}
    while living.house.now < day.end:
        living.step(STEP_S)
        left_s = day.end - living.house.now
        if left_s > FINE_LAST_S and left_s % COARSE_S:
            continue
        for entity, state in _states(living.report).items():
            if said.get(entity) != state or not left_s % AGAIN_S:
                said[entity] = state
                rows.append((entity, living.house.now + later_s, state))
    report = _named(living.report)
    history = {
        load: tuple(_renamed(change, later_s) for change in changes)
        for load, changes in living.memory.history.items()
    }
    lately = Lately().of(history, report.loads, utc_offset_s)
    sun_w = report.solar_w or 0.0
    main = report.circuits["main"].unmanaged
    return Lived(
        rows,
        sun_w,
        {phase: amps + sun_w / 690 for phase, amps in main.items()},
        {one.id: one for one in publish.entities(report, None, lately)},
    )


def _states(report: Report) -> dict[str, str]:
    """What graphs draw: all that has a unit, and the trial's own meter and stations."""
    found = {
        one.id: one.value
        for one in publish.entities(report)
        if "unit_of_measurement" in one.attributes
    }
    for phase, amps in report.circuits["main"].draw.items():
        found[f"sensor.grid_{phase.lower()}"] = f"{amps:.2f}"
    for side in ("left", "right"):
        load = report.loads[f"{side}_car"]
        found[f"sensor.{side}_current_import"] = f"{load.draw.a or 0.0:.1f}" if load.draw else "0"
    return found


def _named(report: Report) -> Report:
    loads = {key: replace(load, name=NAMES[key]) for key, load in report.loads.items()}
    return replace(report, loads=loads)


def _renamed(change: Change, later_s: float) -> Change:
    text = change.sentence
    for name, shown in NAMES.items():
        text = text.replace(name, shown)
    return replace(change, at=change.at + later_s, sentence=text)


def record(database: Path, rows: Sequence[Row], until: float) -> None:
    """Put states into the database of a Home Assistant that runs, in place of its own.

    Of what it has recorded of these entities before `until` (epoch s) only the newest is kept, to
    which it refers. Entities that it does not know are left out.
    """
    with sqlite3.connect(database, timeout=60.0) as base:
        known: dict[str, Any] = dict(base.execute("SELECT entity_id, metadata_id FROM states_meta"))
        for ident in {known[entity] for entity, _, _ in rows if entity in known}:
            newest = "SELECT state_id, attributes_id FROM states WHERE metadata_id = ? ORDER BY "
            state, attributes = base.execute(newest + "last_updated_ts DESC", (ident,)).fetchone()
            base.execute(
                "DELETE FROM states WHERE metadata_id = ? AND state_id != ? "
                "AND last_updated_ts < ?",
                (ident, state, until),
            )
            base.executemany(
                "INSERT INTO states (metadata_id, attributes_id, state, last_updated_ts, "
                "origin_idx) VALUES (?, ?, ?, ?, 0)",
                (
                    (ident, attributes, value, at)
                    for entity, at, value in rows
                    if known.get(entity) == ident
                ),
            )
    base.close()
