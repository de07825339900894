"""The picture of a day: who used the power, where it came from, and how full the breaker was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .clock import DAY, HOUR
from .colours import BATTERY, COLOURS, EXPORT, FAULT, HOUSE, IMPORT, LIMIT, PHASES, SUN
from .faults import FaultyHouse
from .record import BIN_S, LISTED_A, Record
from .scenario import MAIN

STYLE = {"font.size": 10, "font.family": "DejaVu Sans", "axes.linewidth": 0.6}
LEFT, RIGHT = 0.075, 0.935


def draw(record: Record, path: Path) -> None:
    """Draw `record` into a PNG at `path`. Raises OSError if that can't be written."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    with plt.rc_context(STYLE):
        figure, (power, grid, amps) = plt.subplots(
            3, 1, figsize=(10, 7.6), sharex=True, height_ratios=(2.1, 1.25, 1.25)
        )
        _draw_power(power, record)
        _draw_grid(grid, record)
        _draw_phases(amps, record)
        for axis in (power, grid, amps):
            _tidy(axis)
            _mark_faults(axis, record, named=axis is amps)
            _mark_found(axis, record, named=axis is power)
        _name_things(figure, record)
        _clock(amps, record)
        figure.subplots_adjust(left=LEFT, right=RIGHT, top=0.86, bottom=0.05, hspace=0.33)
        figure.savefig(path, dpi=110)
        plt.close(figure)


def _hours(record: Record) -> list[float]:
    """Hour of the day of each bin, going on after midnight (25 is 1 o'clock)."""
    return [_hour(record, one.at) for one in record.bins]


def _hour(record: Record, at: float) -> float:
    start = record.bins[0].at
    return start % DAY / HOUR + (at - start) / HOUR


def _draw_power(axis: Any, record: Record) -> None:
    """What house and loads use, stacked, and what the sun gives."""
    hours = _hours(record)
    stack = [[one.house_w / 1000 for one in record.bins]]
    stack += [[one.loads_w[load] / 1000 for one in record.bins] for load in record.uses]
    colours = [HOUSE, *(COLOURS[i % len(COLOURS)] for i in range(len(record.uses)))]
    names = ["house", *record.uses]
    axis.stackplot(hours, *stack, labels=names, colors=colours, linewidth=0)
    sun = [one.sun_w / 1000 for one in record.bins]
    if any(sun):
        day = [kw if kw else float("nan") for kw in sun]
        axis.plot(hours, day, color="white", linewidth=2.4, alpha=0.7)
        axis.plot(hours, day, color=SUN, linewidth=1.2, label="sun")
    top = max(*(sum(values) for values in zip(*stack, strict=True)), *sun, 1.0)
    axis.set_ylim(0, top * 1.06)
    axis.yaxis.set_major_locator(_every(5 if top > 8 else 2))
    axis.yaxis.set_major_formatter(lambda kw, _: f"{kw:g} kW")
    _heading(axis, "Power used, and sun")
    _legend(axis)


def _draw_grid(axis: Any, record: Record) -> None:
    """Import and export, and the battery's power and charge."""
    hours = _hours(record)
    grid = [one.grid_w / 1000 for one in record.bins]
    axis.fill_between(hours, [max(kw, 0) for kw in grid], color=IMPORT, linewidth=0, label="import")
    axis.fill_between(hours, [min(kw, 0) for kw in grid], color=EXPORT, linewidth=0, label="export")
    axis.axhline(0, color="black", linewidth=0.6)
    axis.set_ylim(min(*grid, -1.0) * 1.1, max(*grid, 1.0) * 1.1)
    axis.yaxis.set_major_locator(_every(5 if max(grid) - min(grid) > 8 else 2))
    axis.yaxis.set_major_formatter(lambda kw, _: f"{kw:g} kW".replace("-", "\N{MINUS SIGN}"))
    if not record.living.house.scenario.battery:
        _heading(axis, "Grid")
        _legend(axis)
        return
    charge: Any = {"color": BATTERY, "linewidth": 1.6}
    axis.plot([], [], label="charge of the battery", **charge)
    soc = axis.twinx()
    soc.plot(hours, [one.soc_pct for one in record.bins], **charge)
    soc.set_ylim(0, 104)
    soc.yaxis.set_major_locator(_every(25))
    soc.yaxis.set_major_formatter(lambda pct, _: f"{pct:g} %")
    soc.spines[["top", "left"]].set_visible(False)
    _heading(axis, "Grid and battery")
    _legend(axis)


def _draw_phases(axis: Any, record: Record) -> None:
    """Each phase of the main breaker: its largest current of each minute, and the limit."""
    hours, house = _hours(record), record.living.house
    limit = house.wires.limits[MAIN]
    for phase in house.scenario.site.phases:
        peaks = [one.peaks_a[phase] for one in record.bins]
        axis.plot(hours, peaks, color=PHASES[phase], linewidth=0.8, label=f"phase {phase}")
    axis.axhline(limit, color=LIMIT, linewidth=1.3, label=f"breaker, {limit:g} A")
    over = [one for one in record.all_overloads() if one.worst_a >= LISTED_A]
    if over:
        longest = max(one.seconds for one in over)
        axis.plot(
            [_hour(record, one.start) for one in over],
            [one.limit_a + one.worst_a for one in over],
            linestyle="none", marker="v", markersize=4, markeredgewidth=0, color=LIMIT,
            label=f"over it, at most {longest} s",
        )  # fmt: skip
    lowest = min(min(one.peaks_a.values()) for one in record.bins)
    top = max([limit * 1.15, *(one.limit_a + one.worst_a + 3 for one in over)])
    axis.axhline(0, color="black", linewidth=0.6)
    axis.set_ylim(min(lowest - 1, -1), top)
    axis.yaxis.set_major_locator(_every(10))
    axis.yaxis.set_major_formatter(lambda amps, _: f"{amps:g} A".replace("-", "\N{MINUS SIGN}"))
    _heading(axis, "Peaks in the main breaker")
    _legend(axis)


def _mark_faults(axis: Any, record: Record, named: bool) -> None:
    """Grey while something fails, with its name where there is room for it."""
    house = record.living.house
    if not isinstance(house, FaultyHouse):
        return
    low, high = axis.get_ylim()
    for fault in house.faults:
        begin, end = _hour(record, fault.at), _hour(record, fault.until)
        axis.axvspan(begin, end, color=FAULT, alpha=0.18, linewidth=0)
        if named:
            axis.annotate(
                fault.words(), (begin, low + 0.04 * (high - low)), rotation=90, fontsize=6.5,
                va="bottom", ha="right", color="0.3",
                bbox={"facecolor": "white", "alpha": 0.75, "linewidth": 0, "pad": 0.6},
            )  # fmt: skip


def _mark_found(axis: Any, record: Record, named: bool) -> None:
    """A line where something was found out about the wiring; solid where it was put right."""
    low, high = axis.get_ylim()
    for row, one in enumerate(record.found.noted):
        style = "-" if one.load else ":"
        axis.axvline(_hour(record, one.at), color=FAULT, linewidth=0.9, linestyle=style)
        if named:
            axis.annotate(
                f"{one.text}, after {one.changes} clear changes",
                (_hour(record, one.at), high - (0.04 + 0.09 * row) * (high - low)), (4, 0),
                textcoords="offset points", fontsize=8, va="top", color="0.2",
                bbox={"facecolor": "white", "alpha": 0.85, "linewidth": 0, "pad": 0.6},
            )  # fmt: skip


def _every(step: float) -> Any:
    from matplotlib.ticker import MultipleLocator

    return MultipleLocator(step)


def _heading(axis: Any, words: str) -> None:
    axis.annotate(
        words, (0, 1), (0, 8), xycoords="axes fraction", textcoords="offset points",
        fontweight="bold", va="bottom",
    )  # fmt: skip


def _legend(axis: Any) -> None:
    handles, labels = axis.get_legend_handles_labels()
    axis.legend(
        handles, labels, loc="lower right", bbox_to_anchor=(1.003, 1), ncols=len(labels),
        frameon=False, handlelength=1.1, columnspacing=1.2, handletextpad=0.4, borderaxespad=0.3,
    )  # fmt: skip


def _tidy(axis: Any) -> None:
    axis.grid(axis="y", color="black", alpha=0.08, linewidth=0.6)
    axis.set_axisbelow(False)
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)


def _clock(axis: Any, record: Record) -> None:
    hours = _hours(record)
    half = BIN_S / 2 / HOUR
    axis.set_xlim(hours[0] - half, hours[-1] + half)
    axis.xaxis.set_major_locator(_every(2 if record.seconds > 6 * HOUR else 0.5))
    axis.xaxis.set_major_formatter(
        lambda hour, _: f"{int(hour) % 24:02d}:{round(hour % 1 * 60):02d}"
    )


def _name_things(figure: Any, record: Record) -> None:
    """Title, and what it comes to."""
    scenario = record.living.house.scenario
    figure.text(
        LEFT, 0.955, f"A day with Load Juggler: {scenario.name.replace('-', ' ')}",
        fontsize=13, fontweight="bold",
    )  # fmt: skip
    energies = [f"{load} {kwh:.0f} kWh" for load, kwh in record.energies_kwh().items()]
    wh = record.tally.wh
    share = f"{100 * wh['managed_by_sun'] / wh['managed']:.0f} % of it from the sun"
    figure.text(
        LEFT, 0.928, ", ".join([*energies, share] if wh["managed"] else energies), color="0.35"
    )
    too_long = sum(max(one.seconds - record.follow_s, 0) for one in record.all_overloads())
    words = f"longer than {record.follow_s} s over a breaker's limit: "
    words += f"{too_long} s" if too_long else "never"
    figure.text(RIGHT, 0.928, words, ha="right", color="0.35")
