"""The command script/demo: a day and an evening of a house, juggled before your eyes."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.live import Live

from .arguments import Parser, above_zero, whole
from .clock import HOUR
from .day_file import read_day
from .day_run import Watched
from .demo_view import View, plain_event, plain_line
from .record import Record

DAY = Path(__file__).with_name("days") / "demo.yaml"

FAST, SLOW = 1200.0, 3.0
"""Simulated seconds in one: most of the time, and while a breaker is overloaded."""
SLOW_S = 24.0
"""How long a slow motion lasts, in simulated s, and how long until the next one may come."""
REST_S = 2.5 * HOUR
FRAMES = 8
"""Frames a second."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demonstration; returns the exit status."""
    given = _parse(arguments)
    # A job started in the background by a script ignores Ctrl-C unless told otherwise.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    day = replace(read_day(DAY), seed=given.seed)
    watched = Watched.of(replace(day, length_h=min(given.hours, day.length_h)))
    console = Console(highlight=False)
    started = time.monotonic()
    try:
        if console.is_terminal and not console.is_dumb_terminal and not given.quick:
            _show(given, watched, console)
        else:
            _print(given, watched)
    except KeyboardInterrupt:
        print("\nStopped.")
    return _finish(given, watched.record, time.monotonic() - started)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = Parser("script/demo")
    parser.add_argument("--speed", type=above_zero)
    parser.add_argument("--seconds", type=above_zero)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--hours", type=above_zero, default=24.0)
    parser.add_argument("--seed", type=whole(), default=1)
    parser.add_argument("--picture", type=Path)
    return parser.parse_args(arguments)


def _print(given: argparse.Namespace, watched: Watched) -> None:
    """Plain lines: every half hour, and what happened in between."""
    speed, record, start = _steady_speed(given, watched), watched.record, watched.day.start
    told = 0
    started = time.monotonic()
    for now in watched.seconds():
        for event in record.events[told:]:
            print(plain_event(event), flush=True)
        told = len(record.events)
        if (now - start) % (HOUR / 2) == 0:
            print(plain_line(record), flush=True)
        if speed and now % 10 == 0:
            time.sleep(max(started + (now - start) / speed - time.monotonic(), 0.0))


def _steady_speed(given: argparse.Namespace, watched: Watched) -> float | None:
    """Simulated seconds in one, if the command line asks for a steady speed."""
    if given.quick:
        return None
    if given.seconds:
        return float(watched.day.length_h * HOUR / given.seconds)
    return float(given.speed) if given.speed else None


class Pace:
    """How fast the day goes: fast, and slowly where a breaker has just been overloaded."""

    def __init__(self, steady: float | None, record: Record) -> None:
        """With a `steady` speed there is no slow motion."""
        self.steady, self.record = steady, record
        self.slow_until = self.rest_until = record.living.house.now

    def speed(self, now: float) -> float:
        """Simulated seconds in one at `now`."""
        if self.steady:
            return self.steady
        overloading = self.record.overloading
        if overloading and overloading.worst_a > 2.0 and now >= self.rest_until:
            self.slow_until, self.rest_until = now + SLOW_S, now + REST_S
        return SLOW if now < self.slow_until else FAST

    def words(self, now: float) -> str:
        """How fast it goes, for people."""
        speed = self.speed(now)
        return f"slow motion x{speed:g}" if speed == SLOW else f"x{speed:,.0f}"


def _show(given: argparse.Namespace, watched: Watched, console: Console) -> None:
    """The live view."""
    record, day = watched.record, watched.day
    view, pace = View(record, console), Pace(_steady_speed(given, watched), record)
    seconds = watched.seconds()
    with Live(console=console, screen=True, auto_refresh=False) as live:
        now, credit, last = day.start, 0.0, time.monotonic()
        while True:
            # Simulated time that may pass until the next frame: slow motion cuts it short.
            credit = min(credit, 1.0) + pace.speed(now) / FRAMES
            while credit >= 1.0:
                was = pace.speed(now)
                after = next(seconds, None)
                if after is None:
                    return
                now, credit = after, credit - 1.0
                if pace.speed(now) < was:
                    credit = 0.0
            done = (now - day.start) / (day.end - day.start)
            live.update(view.render(pace.words(now), done), refresh=True)
            time.sleep(max(last + 1 / FRAMES - time.monotonic(), 0.0))
            last = time.monotonic()


def _finish(given: argparse.Namespace, record: Record, real_s: float) -> int:
    """Say and draw what happened."""
    from .demo_summary import summary

    print(summary(record, real_s))
    if not record.bins:
        return 0
    path = given.picture or Path(__file__).resolve().parents[1] / "out" / "demo-day.png"
    try:
        from .picture import draw

        path.parent.mkdir(parents=True, exist_ok=True)
        draw(record, path)
    except OSError as error:
        print(f"The picture could not be written to {path}: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("No picture.")
        return 0
    print(f"Picture: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
