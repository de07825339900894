"""Stores what a station keeps over a restart: profiles, meters, and the running session."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from loadjuggler.memory.serialise import record

from simulator import ocpp as profiles

from ..arguments import is_station_id
from .cars import Car, CarKind
from .connector import Connector
from .messages import Session
from .station import Station

VERSION = 1


class Store:
    """The file of one station in a folder."""

    def __init__(self, folder: Path, name: str) -> None:
        """For the station `name`; raises ValueError for one that is no part of a file's name."""
        if not is_station_id(name):
            raise ValueError(f"{name!r} is no id of a station")
        self.path = folder / f"{name}.json"

    def save(self, station: Station, now: float) -> None:
        """Write the whole file or leave the old one."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_suffix(".part")
        part.write_text(json.dumps(state_of(station, now), indent=1), encoding="utf-8")
        part.replace(self.path)

    def load(self, station: Station) -> bool:
        """Put back what was saved; False: there was nothing. Raises ValueError if it is damaged."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return False
        try:
            restore(station, json.loads(text))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{self.path} is damaged: {error}") from error
        return True


def state_of(station: Station, now: float) -> dict[str, Any]:
    """A station as plain data."""
    return {
        "version": VERSION,
        "id": station.name,
        "kind": station.kind.name,
        "saved_at": now,
        "can": asdict(station.stack.can),
        "installed": station.stack.installed.to_json(),
        "operative": station.operative,
        "connectors": [_connector(plug) for plug in station.connectors.values()],
    }


def restore(station: Station, data: dict[str, Any]) -> None:
    """The other way; a station made with fewer connectors leaves out what it does not have."""
    if data["version"] != VERSION:
        raise ValueError(f"version {data['version']} is not {VERSION}")
    station.stack.installed = profiles.Installed.from_json(data["installed"])
    station.operative = bool(data["operative"])
    for saved in data["connectors"]:
        plug = station.connectors.get(saved["number"])
        if plug is None:
            continue
        plug.register_wh = float(saved["register_wh"])
        plug.operative = bool(saved["operative"])
        plug.done = bool(saved["done"])
        car = saved["car"]
        if car is not None:
            kind = record(CarKind, car["kind"], "the car")
            leaves_at = None if car["leaves_at"] is None else float(car["leaves_at"])
            plug.car = Car(kind, float(car["soc_pct"]), leaves_at)
        if saved["session"] is not None:
            plug.session = record(Session, saved["session"], "the session")


def _connector(plug: Connector) -> dict[str, Any]:
    car = plug.car
    return {
        "number": plug.number,
        "register_wh": plug.register_wh,
        "operative": plug.operative,
        "done": plug.done,
        "car": car and asdict(car),
        "session": plug.session and asdict(plug.session),
    }
