"""Measures what a small idle house writes in a day; script/quiet calls this."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sqlite3
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from loadjuggler.config.parse import CONTRACT
from loadjuggler.runtime.host import Host
from loadjuggler.units import DAY_S

from .arguments import Parser
from .household import Household

T = TypeVar("T")
START = 1_768_345_200.0
"""Midnight of 14 January 2026 in Ljubljana."""
UTC_OFFSET_S = 3600.0
FLICKER_A = 0.1
"""Each phase flickers each second with this standard deviation."""
AIM_ROWS, AIM_MB = 60_000, 20.0
"""Fewer than these in a day."""

TABLES = """
create table states_meta (metadata_id integer primary key, entity_id varchar(255));
create table state_attributes (
    attributes_id integer primary key, hash bigint, shared_attrs text);
create index ix_state_attributes_hash on state_attributes (hash);
create table states (
    state_id integer primary key, entity_id char, state varchar(255), attributes char,
    event_id smallint, last_changed char, last_changed_ts double, last_reported_ts double,
    last_updated char, last_updated_ts double, old_state_id integer, attributes_id integer,
    context_id char, context_user_id char, context_parent_id char, origin_idx smallint,
    context_id_bin blob, context_user_id_bin blob, context_parent_id_bin blob,
    metadata_id integer);
create index ix_states_metadata_id_last_updated_ts on states (metadata_id, last_updated_ts);
create index ix_states_last_updated_ts on states (last_updated_ts);
create index ix_states_old_state_id on states (old_state_id);
create index ix_states_attributes_id on states (attributes_id);
create index ix_states_context_id_bin on states (context_id_bin);
create table event_data (data_id integer primary key, hash bigint, shared_data text);
create table events (
    event_id integer primary key, time_fired_ts double, data_id integer, context_id_bin blob);
create index ix_events_time_fired_ts on events (time_fired_ts);
"""
"""The tables of Home Assistant's recorder that grow with states and events (schema 48)."""


class Recorder:
    """Keeps states and events as Home Assistant's recorder does, in memory."""

    def __init__(self) -> None:
        self._base = sqlite3.connect(":memory:")
        self._base.executescript(TABLES)
        self._metas: dict[str, int] = {}
        self._attributes: dict[str, int] = {}
        self._last: dict[str, int] = {}

    def state(self, entity: str, value: str, attributes: Mapping[str, Any], now: float) -> None:
        """Write one row, and attributes that no row had before."""
        run = self._base.execute
        if entity not in self._metas:
            found = run("insert into states_meta (entity_id) values (?)", (entity,))
            self._metas[entity] = found.lastrowid or 0
        shared = json.dumps(attributes, default=str, separators=(",", ":"))
        if shared not in self._attributes:
            found = run(
                "insert into state_attributes (hash, shared_attrs) values (?, ?)",
                (hash(shared) & 0xFFFFFFFF, shared),
            )
            self._attributes[shared] = found.lastrowid or 0
        row = (value, now, self._last.get(entity), self._attributes[shared], os.urandom(16))
        found = run(
            "insert into states (state, last_updated_ts, old_state_id, attributes_id, origin_idx,"
            " context_id_bin, metadata_id) values (?, ?, ?, ?, 0, ?, ?)",
            (*row, self._metas[entity]),
        )
        self._last[entity] = found.lastrowid or 0

    def event(self, data: Mapping[str, Any], now: float) -> None:
        """Write one event with its data."""
        text = json.dumps(data, default=str)
        found = self._base.execute(
            "insert into event_data (hash, shared_data) values (?, ?)", (0, text)
        )
        self._base.execute(
            "insert into events (time_fired_ts, data_id, context_id_bin) values (?, ?, ?)",
            (now, found.lastrowid, os.urandom(16)),
        )

    def size(self) -> int:
        """Bytes of the database."""
        pages = self._base.execute("pragma page_count").fetchone()[0]
        return int(pages * self._base.execute("pragma page_size").fetchone()[0])


@dataclass
class Written:
    """What was written: rows by entity, events by kind, calls, and bytes by what they are."""

    rows: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    bytes: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)


class _House:
    """The hands of the host in a house whose time is played."""

    def __init__(self, folder: Path) -> None:
        self.log = logging.getLogger("quiet")
        self.store_path = str(folder / "store" / "loadjuggler")
        self.picture_path = str(folder / "www" / "wiring.svg")
        self.lock: AbstractContextManager[Any] = threading.Lock()
        self.time = START
        self.states: dict[str, tuple[str, Mapping[str, Any], float]] = {}
        self.written = Written()
        self.recorder = Recorder()

    def show(self, entity: str, value: object, **attributes: Any) -> None:
        """Set the state of a device."""
        self.states[entity] = (str(value), attributes, self.time)

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def utc_offset_s(self) -> float:
        return UTC_OFFSET_S

    def language(self) -> str:
        return "en"

    def version(self) -> str:
        return "2026.10.0"

    def state(self, entity: str) -> tuple[str, Mapping[str, Any], float] | None:
        return self.states.get(entity)

    def entity_ids(self) -> Collection[str]:
        return list(self.states)

    def registered(self, _integration: str) -> Collection[tuple[str, str, str, str]]:
        return ()

    def answers(self, _domain: str, _service: str) -> str | None:
        return None

    def actions(self, _domain: str) -> Collection[str]:
        return ()

    def set_entity(self, entity: str, value: str, attributes: Mapping[str, Any]) -> None:
        before = self.states.get(entity)
        if before is None or (before[0], before[1]) != (value, attributes):
            self.written.rows[entity] += 1
            self.recorder.state(entity, value, attributes, self.time)
        self.states[entity] = (value, attributes, self.time)

    def remove_entity(self, entity: str) -> None:
        self.states.pop(entity, None)

    def fire(self, kind: str, data: Mapping[str, Any]) -> None:
        self.written.events[kind] += 1
        self.recorder.event(data, self.time)

    async def call(self, domain: str, service: str, _data: Mapping[str, Any], _asks: bool) -> Any:
        self.written.calls[f"{domain}.{service}"] += 1

    async def may(self, _context: Any, _right: str) -> bool:
        return True

    async def serve_picture(self) -> None:
        """The picture is served already."""

    async def in_thread(self, work: Callable[..., T], *args: Any) -> T:
        """Do it at once, and count what it writes."""
        name = getattr(args[1] if work.__name__ == "locked" else work, "__name__", "")
        before = _bytes_written()
        found = work(*args)
        wrote = _bytes_written() - before
        if wrote:
            what = "stored file" if name == "write" else "picture"
            self.written.bytes[what] += wrote
            self.written.files[what] += 1
        return found


def _bytes_written() -> int:
    """Bytes that this process has handed to the system to write so far (Linux)."""
    for line in Path("/proc/self/io").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name == "wchar":
            return int(value)
    raise RuntimeError("this system does not count what is written")


FORMS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "site",
        {
            "name": "Home",
            "phases": "ABC",
            "main_breaker_a": 25,
            **{f"grid_{phase}": f"sensor.grid_{phase}" for phase in "abc"},
        },
    ),
    ("charger", {"name": "Car", "devid": "wallbox"}),
    ("plug", {"name": "Boiler", "switch": "switch.boiler", "power_w": 2000, "mode": "solar_only"}),
)


def boot(played: _House) -> None:
    """Everything that is wired, as its devices show it while nobody uses them."""
    played.show("switch.boiler", "off")
    played.show("sensor.wallbox_status", "Available")
    played.show("sensor.wallbox_status_connector", "Available")
    legs = {"unit_of_measurement": "A", "L1": 0.0, "L2": 0.0, "L3": 0.0}
    played.show("sensor.wallbox_current_import", "0.0", **legs)
    for name in ("site", "charger", "plug"):
        played.show(f"automation.{name}", "on")


async def lived(hours: float, tell: Callable[[str], None]) -> _House:
    """A day of the house, or its first hours."""
    with tempfile.TemporaryDirectory() as folder:
        played = _House(Path(folder))
        household = Household(1, START, DAY_S, heat_pump_w=0.0, flicker_a=FLICKER_A)
        boot(played)
        host = await Host.opened(played, None)
        for kind, values in FORMS:
            data = {"contract": CONTRACT, "node": kind, "automation": f"automation.{kind}"}
            answer = host.register(kind, {**data, **values})
            if not answer["ok"]:
                raise RuntimeError(f"the house itself is not accepted: {answer}")
        for second in range(int(hours * 3600)):
            played.time = START + second
            for phase, amps in household(played.time).items():
                entity = f"sensor.grid_{phase.lower()}"
                played.show(entity, f"{amps:.2f}", unit_of_measurement="A")
            host.cycle()
            for _ in range(5):  # what goes on in the background
                await asyncio.sleep(0)
            if second % 3600 == 0:
                tell(f"{second // 3600:2d} h: {sum(played.written.rows.values())} rows")
        await host.finish()
        return played


def told(played: _House, hours: float) -> dict[str, Any]:
    """The figures as plain data."""
    written = played.written
    size = played.recorder.size()
    return {
        "hours": hours,
        "rows": sum(written.rows.values()),
        "events": sum(written.events.values()),
        "mb": round((sum(written.bytes.values()) + size) / 1e6, 1),
        "database_mb": round(size / 1e6, 1),
        **{f"{what} MB": round(amount / 1e6, 1) for what, amount in written.bytes.items()},
        **{f"{what} times": times for what, times in written.files.items()},
        "by_entity": dict(written.rows.most_common(12)),
        "calls": dict(written.calls),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Live the day, and tell what it wrote; without `arguments` those of the command line count."""
    parser = Parser("script/quiet")
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    if not 0 < asked.hours <= 24:
        parser.error("--hours: more than 0, and 24 at most")
    quiet = asked.json or not sys.stderr.isatty()
    played = asyncio.run(
        lived(asked.hours, lambda text: None if quiet else print(text, file=sys.stderr))
    )
    found = told(played, asked.hours)
    if asked.json:
        print(json.dumps(found))
        return
    for key, value in found.items():
        if isinstance(value, dict):
            print(f"{key.replace('_', ' ')}:")
            for name, amount in value.items():
                print(f"  {amount:>8}  {name}")
        else:
            print(f"{key.replace('_', ' '):>20}  {value}")
    if asked.hours == 24:
        print(f"aims of a day: under {AIM_ROWS} rows and {AIM_MB:g} MB")


if __name__ == "__main__":
    main()
