"""Shows the profiles on a station and the limit that results, as a table and as a picture.

Nothing is changed: it reads the state that a station has written down.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from simulator import ocpp as profiles

from .words import moment

PURPOSES = ("ChargePointMaxProfile", "TxProfile", "TxDefaultProfile")
POINTS = 1440
"""So many moments are asked about for a picture: every minute of a day."""


@dataclass(frozen=True, slots=True)
class View:
    """A station as it was written down at `saved_at` (epoch s)."""

    name: str
    saved_at: float
    can: profiles.Capabilities
    installed: profiles.Installed
    running: Mapping[int, profiles.Transaction]

    def limit(self, connector: int, at: float) -> profiles.Limit:
        """The limit at `at`; an idle connector's as if a session had begun when it was saved."""
        return profiles.limit_at(
            self.can,
            self.installed,
            connector,
            at,
            self.running,
            others={},
            origin=self.saved_at,
            as_if_started=True,
        )

    def only(self, place: int, profile: profiles.Profile) -> View:
        """The same station with one profile only."""
        return replace(self, installed=profiles.Installed(((place, profile),)))


def read_view(path: Path) -> View:
    """The state in a file; raises ValueError, in words, if it is none."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        can = dict(data["can"])
        can["units"] = tuple(can["units"])
        capabilities = profiles.Capabilities(**can)
        running = {
            row["number"]: profiles.Transaction(
                row["session"]["transaction"] or -1,
                row["session"]["started_at"],
                capabilities.phases,
            )
            for row in data["connectors"]
            if row["session"] is not None and row["session"]["opened"]
        }
        installed = profiles.Installed.from_json(data["installed"])
        return View(data["id"], float(data["saved_at"]), capabilities, installed, running)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path} is no state of a station: {error}") from error


def tables(view: View, start: float, duration_s: float) -> list[Any]:
    """The profiles, and the composite schedule of each connector, as tables of rich."""
    from rich import box
    from rich.table import Table

    stack = Table(title=f"{view.name}: profiles", box=box.SIMPLE, title_justify="left")
    for heading in ("connector", "id", "purpose", "level", "kind", "valid", "schedule"):
        stack.add_column(heading)
    for place, profile in in_order(view):
        stack.add_row(
            str(place),
            str(profile.id),
            profile.purpose.removesuffix("Profile"),
            str(profile.level),
            " ".join(filter(None, (profile.kind, profile.recurrency))),
            _valid(profile),
            _schedule(profile.schedule),
        )
    made = [stack]
    for connector in range(0 if view.can.connectors > 1 else 1, view.can.connectors + 1):
        found = profiles.composite(
            view.can, view.installed, connector, start, duration_s, "A", view.running
        )
        if found is None:
            continue
        where = f"connector {connector}" if connector else "all connectors together"
        title = f"{view.name}: {where}, {duration_s / 3600:g} h (UTC)"
        table = Table(title=title, box=box.SIMPLE, title_justify="left")
        for heading in ("from", "A per phase", "phases", "by"):
            table.add_column(heading)
        for period in found.periods:
            by = view.limit(connector, start + period.start_s + 0.5).by
            table.add_row(
                moment(start + period.start_s)[:19].replace("T", " "),
                f"{period.limit:.1f}",
                str(period.phases or ""),
                ", ".join(f"profile {p.id}" for p in by) or "the hardware",
            )
        made.append(table)
    return made


def in_order(view: View) -> list[tuple[int, profiles.Profile]]:
    """The profiles by purpose, the highest level first."""
    return sorted(
        view.installed.profiles, key=lambda e: (PURPOSES.index(e[1].purpose), -e[1].level, e[0])
    )


def _valid(profile: profiles.Profile) -> str:
    if profile.valid_from is None and profile.valid_to is None:
        return "always"
    start = moment(profile.valid_from)[:16] if profile.valid_from is not None else ""
    end = moment(profile.valid_to)[:16] if profile.valid_to is not None else ""
    return f"{start} to {end}".strip()


def _schedule(schedule: profiles.Schedule) -> str:
    periods = [f"+{_span(p.start_s)} {p.limit:g} {schedule.unit}" for p in schedule.periods]
    if schedule.duration_s is not None:
        periods.append(f"+{_span(schedule.duration_s)} end")
    start = "" if schedule.start is None else f"{moment(schedule.start)[:16]} "
    return start + ", ".join(periods)


def _span(seconds: float) -> str:
    """Seconds as h:mm, or h:mm:ss where they are no whole minutes."""
    minutes, rest = divmod(round(seconds), 60)
    text = f"{minutes // 60}:{minutes % 60:02}"
    return f"{text}:{rest:02}" if rest else text
