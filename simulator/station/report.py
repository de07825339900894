"""What the stations did, as a table for people and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .station import Station


def data_of(stations: Sequence[Station], seconds: float) -> dict[str, Any]:
    """Everything that the stations recorded in `seconds`, and the sums of it."""
    rows = [station.record.report() for station in stations]
    keys = ("energy_wh", "sessions", "samples", "enforced", "enforced_s", "held_back_wh")
    return {
        "seconds": round(seconds, 3),
        "total": {key: sum(row[key] for row in rows) for key in keys},
        "stations": rows,
    }


def tables(data: dict[str, Any], most: int = 20) -> list[Any]:
    """The report as tables of rich; of more stations or profiles than `most` only the first."""
    from rich import box
    from rich.table import Table

    count = len(data["stations"])
    shown = f", the first {most}" if count > most else ""
    title = f"{count} stations in {data['seconds']:.0f} s{shown}"
    stations = Table(title=title, box=box.SIMPLE)
    for heading in ("station", "kWh", "sessions", "samples", "connections", "faults"):
        stations.add_column(heading, justify="left" if heading == "station" else "right")
    for heading in ("new limits", "limited s", "held back kWh", "policy s"):
        stations.add_column(heading, justify="right")
    for row in data["stations"][:most]:
        stations.add_row(
            row["id"],
            f"{row['energy_wh'] / 1000:.3f}",
            str(row["sessions"]),
            str(row["samples"]),
            str(row["connections"]),
            str(sum(row["faults"].values())),
            str(row["enforced"]),
            f"{row['enforced_s']:.0f}",
            f"{row['held_back_wh'] / 1000:.3f}",
            f"{row['policy_s']:.0f}",
        )
    effects = Table(title="What the profiles did", box=box.SIMPLE)
    for heading in ("station", "profile", "connector", "purpose", "level"):
        effects.add_column(heading)
    for heading in ("accepted", "in force s", "binding s", "held back kWh"):
        effects.add_column(heading, justify="right")
    rows = [(row["id"], effect) for row in data["stations"] for effect in row["profiles"]]
    for name, effect in rows[:most]:
        effects.add_row(
            name,
            str(effect["profile"]),
            str(effect["connector"]),
            effect["purpose"].removesuffix("Profile"),
            str(effect["level"]),
            str(effect["accepted"]),
            f"{effect['in_force_s']:.0f}",
            f"{effect['binding_s']:.0f}",
            f"{effect['held_back_wh'] / 1000:.3f}",
        )
    return [stations, effects] if rows else [stations]
