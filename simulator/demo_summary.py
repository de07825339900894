"""What script/demo says at its end."""

from __future__ import annotations

import textwrap

from .clock import HOUR
from .record import SMALL_A, Record


def summary(record: Record, real_s: float) -> str:
    """A few lines: energy, starts and stops, and time over any limit."""
    living = record.living
    hours = record.seconds / HOUR
    lines = [
        "",
        f"{hours:.1f} h simulated in {real_s:.0f} s: {_many(living.runs)} runs of the engine, "
        f"{_many(record.calls)} commands.",
        *_sources(record),
        f"{'house':<10}{record.tally.wh['house'] / 1000:6.1f} kWh",
    ]
    for load, kwh in record.energies_kwh().items():
        use = record.uses[load]
        lines.append(
            f"{load:<10}{kwh:6.1f} kWh   {_count(use.starts, 'start')}, {_count(use.stops, 'stop')}"
        )
    over = record.all_overloads()
    if over:
        worst = max(over, key=lambda one: one.worst_a)
        longest = max(one.seconds for one in over)
        words = (
            f"Over a breaker's limit (by more than {SMALL_A:g} A): "
            f"{sum(one.seconds for one in over)} s in {_count(len(over), 'time')}, "
            f"never longer than {longest} s, at worst {worst.limit_a + worst.worst_a:.1f} A "
            f"({worst.place}). A car takes about 2 s to follow, a breaker far longer to trip."
        )
    else:
        words = f"Never over a breaker's limit (by more than {SMALL_A:g} A)."
    lines += textwrap.wrap(words, 78)
    return "\n".join(lines)


def _sources(record: Record) -> list[str]:
    """Sun, grid and battery, a line each."""
    wh = record.tally.wh
    lines = []
    if wh["sun"]:
        share = 100 * wh["managed_by_sun"] / wh["managed"] if wh["managed"] else 0.0
        lines.append(
            f"{'sun':<10}{wh['sun'] / 1000:6.1f} kWh   {share:.0f} % of what the loads took"
        )
    grid = f"{'grid':<10}{wh['imported'] / 1000:6.1f} kWh"
    lines.append(f"{grid}   {wh['exported'] / 1000:.1f} kWh given back" if wh["sun"] else grid)
    if record.living.house.scenario.battery:
        charge = f"{record.living.house.soc_pct:.0f} % at the end"
        lines.append(f"{'battery':<10}{wh['discharged'] / 1000:6.1f} kWh   {charge}")
    return lines


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _many(number: int) -> str:
    return f"{number:,}".replace(",", " ")
