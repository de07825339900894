"""The picture of the evening: who took how much on each phase, and where the breaker's limit is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .colours import COLOURS, HOUSE, LIMIT
from .evening import HOUR, Appliance
from .record import LISTED_A, Overloading, Record
from .scenario import MAIN


def draw(record: Record, appliances: Sequence[Appliance], path: Path) -> None:
    """Draw `record`, with the names of the household's `appliances`, into a PNG at `path`.

    Raises OSError if that can't be written.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    house = record.living.house
    phases = house.scenario.site.phases
    style = {"font.size": 10, "font.family": "DejaVu Sans", "axes.linewidth": 0.6}
    with plt.rc_context(style):
        figure, axes = plt.subplots(
            len(phases), 1, figsize=(10, 1.2 + 1.75 * len(phases)), sharex=True, squeeze=False
        )
        for phase, axis in zip(phases, axes[:, 0], strict=True):
            _draw_phase(axis, record, phase)
            _label(axis, record, phase, appliances)
        _name_things(figure, axes[:, 0], record)
        figure.savefig(path, dpi=110)
        plt.close(figure)


def _hours(record: Record, at: float) -> float:
    """Hour of the day at epoch s `at`, going on after midnight (25 is 1 o'clock)."""
    start = record.times[0]
    return (start % 86400) / HOUR + (at - start) / HOUR


def _draw_phase(axis: Any, record: Record, phase: str) -> None:
    house = record.living.house
    names = ["house", *record.uses]
    hours = [_hours(record, at) for at in record.times]
    stack = [[one.get((phase, name), 0.0) for one in record.bins] for name in names]
    colours = [HOUSE, *(COLOURS[i % len(COLOURS)] for i in range(len(record.uses)))]
    axis.stackplot(hours, *stack, labels=names, colors=colours, linewidth=0)
    limit = house.wires.limits[MAIN]
    axis.axhline(limit, color=LIMIT, linewidth=1.3)
    peaks = [one for one in record.all_overloads() if _is_at(one, phase)]
    axis.plot(
        [_hours(record, one.start) for one in peaks],
        [limit + one.worst_a for one in peaks],
        linestyle="none",
        marker="v",
        markersize=3.5,
        markeredgewidth=0,
        color=LIMIT,
        alpha=0.75,
    )
    top = max([limit * 1.3, *(limit + one.worst_a + 4.0 for one in peaks)])
    axis.set_ylim(0, top)
    axis.set_xlim(hours[0], hours[-1])
    axis.set_ylabel(f"phase {phase}", fontweight="bold")
    axis.yaxis.set_major_formatter(lambda amps, _: f"{amps:g} A")
    axis.yaxis.set_major_locator(_every(10))
    axis.grid(axis="y", color="black", alpha=0.08, linewidth=0.6)
    axis.set_axisbelow(False)
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)


def _label(axis: Any, record: Record, phase: str, appliances: Sequence[Appliance]) -> None:
    """Names of appliances where they start, as far as they don't run into one another.

    What runs on all phases is named once, on the last.
    """
    phases = record.living.house.scenario.site.phases
    first, last = axis.get_xlim()
    top, free = axis.get_ylim()[1], first
    named = set()
    for one in sorted(appliances, key=lambda item: item.start):
        everywhere = set(one.phases) == set(phases)
        if phase not in one.phases or (everywhere and (phase != phases[-1] or one.name in named)):
            continue
        at, name = _hours(record, one.start), one.name.partition(",")[0]
        width = (len(name) + 1) * (last - first) / 155
        if free <= at and at + width <= last:
            axis.text(at, top, name, fontsize=8, color="0.4", va="top", ha="left")
            free = at + width
            named.add(one.name)


def _is_at(one: Overloading, phase: str) -> bool:
    return one.worst_a >= LISTED_A and one.place == f"main breaker, phase {phase}"


def _every(step: float) -> Any:
    from matplotlib.ticker import MultipleLocator

    return MultipleLocator(step)


def _name_things(figure: Any, axes: Any, record: Record) -> None:
    """Title, legend, clock."""
    from matplotlib.lines import Line2D

    limit = record.living.house.wires.limits[MAIN]
    handles, labels = axes[0].get_legend_handles_labels()
    handles.append(Line2D([], [], color=LIMIT, linewidth=1.3))
    labels.append(f"breaker, {limit:g} A")
    handles.append(Line2D([], [], color=LIMIT, linestyle="none", marker="v", markersize=4))
    longest = max((o.seconds for o in record.all_overloads() if o.worst_a >= LISTED_A), default=0)
    labels.append(f"peak, at most {longest} s" if longest else "peak (there was none)")
    figure.legend(
        handles, labels, loc="upper left", bbox_to_anchor=(0.069, 0.945), ncols=len(labels),
        frameon=False, handlelength=1.2, columnspacing=1.6, handletextpad=0.5,
    )  # fmt: skip
    energies = ", ".join(f"{load} {kwh:.0f} kWh" for load, kwh in record.energies_kwh().items())
    figure.text(0.075, 0.955, "An evening with Load Juggler", fontsize=13, fontweight="bold")
    figure.text(0.985, 0.957, energies, ha="right", color="0.35")
    axes[-1].xaxis.set_major_locator(_every(2 if record.seconds > 6 * HOUR else 0.5))
    axes[-1].xaxis.set_major_formatter(
        lambda hour, _: f"{int(hour) % 24:02d}:{round(hour % 1 * 60):02d}"
    )
    figure.subplots_adjust(left=0.075, right=0.985, top=0.87, bottom=0.07, hspace=0.16)
