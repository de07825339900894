"""`script/simulate --day`: whole days of a house, their figures and their pictures."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from .day import Day
from .day_file import read_day
from .day_run import figures, run_day
from .record import Record
from .registration import Unfit
from .scenario_file import Refused

OUT = Path(__file__).resolve().parents[1] / "out"
FAILED, REFUSED = 1, 2


def simulate_days(files: Sequence[str], as_json: bool, picture: Path | None) -> int:
    """Run the days of `files`; returns the exit status: 0, 1 (no picture) or 2 (refused).

    The picture of each goes to `picture`, of several days into the folder of that name; by default
    to out/day-NAME.png.
    """
    days, errors = _read(files)
    if errors:
        print("\n".join(errors), file=sys.stderr)
        return REFUSED
    status = 0
    for day in days:
        try:
            record = run_day(day)
        except Unfit as unfit:
            print("\n".join(unfit.errors), file=sys.stderr)
            return REFUSED
        _tell(day, record, as_json)
        status = max(status, _draw(record, _path(day, picture, len(days) > 1), as_json))
    return status


def _read(files: Sequence[str]) -> tuple[list[Day], list[str]]:
    days: list[Day] = []
    errors: list[str] = []
    for path in files:
        try:
            days.append(read_day(path))
        except Refused as refused:
            errors += refused.errors
    names = [day.scenario.name for day in days]
    errors += [
        f"{name}: name: more than one of these days has this name"
        for name in sorted(set(names))
        if names.count(name) > 1
    ]
    return days, errors


def _tell(day: Day, record: Record, as_json: bool) -> None:
    told = figures(record)
    if as_json:
        print(json.dumps(told, ensure_ascii=False), flush=True)
    else:
        from .day_table import show_day

        show_day(day, told)


def _path(day: Day, picture: Path | None, several: bool) -> Path:
    name = f"day-{day.scenario.name}.png"
    if picture is None:
        return OUT / name
    return picture / name if several else picture


def _draw(record: Record, path: Path, as_json: bool) -> int:
    from .picture import draw

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draw(record, path)
    except OSError as error:
        print(f"The picture could not be written to {path}: {error.strerror}", file=sys.stderr)
        return FAILED
    print(f"Picture: {path}", file=sys.stderr if as_json else sys.stdout)
    return 0
