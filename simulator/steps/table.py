"""Figures of experiments as a table for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ..simulate_table import wide_console
from .experiment import SMALL_A
from .sweep import Figures


def show_steps(told: Sequence[Mapping[str, Any]]) -> None:
    """Print what `simulator.steps.figures.figures` tells, a row for each experiment."""
    console = wide_console()
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    table.add_column("experiment")
    table.add_column("meter / car")
    for name in ("over", "longest", "worst", "late", "starts", "told", "sun up", "sun down"):
        table.add_column(name, justify="right")
    for one in told:
        table.add_row(*_row(one))
    console.print(table)
    words = (
        f"over: times over a limit by more than {SMALL_A:g} A; late: s beyond the meter's and the "
        "car's time. starts, told: of all loads. sun: until within 1 A for good, overshoots."
    )
    console.print(Padding(Text(words, style="dim"), (0, 0, 1, 0)))


def show_sweep(found: Mapping[str, Sequence[Figures]]) -> None:
    """Print the sweep, a row for each kind of step."""
    console = wide_console()
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    table.add_column("step")
    for name in ("cases", "stopped", "late", "longest over", "a minute", "energy", "least"):
        table.add_column(name, justify="right")
    for name, ones in found.items():
        stopped, late = sum(one.stops > 0 for one in ones), sum(one.late_s > 0 for one in ones)
        energy = [one.energy_pct for one in ones]
        table.add_row(
            Text(name, style="bold"),
            str(len(ones)),
            Text(str(stopped), style="bold red" if stopped else "bold green"),
            Text(str(late), style="bold red" if late else "bold green"),
            f"{max(one.longest_over_s for one in ones):g} s",
            str(max(one.most_a_minute for one in ones)),
            f"{sum(energy) / len(energy):.0f} %",
            f"{min(energy):.0f} %",
        )
    console.print(table)
    words = (
        "stopped: cases in which a car was told 0 A although its minimum fitted all along; late: "
        "cases over the limit for longer than meter, car and 1 s; a minute: the most commands of a "
        "load in the last minute; energy: of what perfect hindsight gives, mean and least."
    )
    console.print(Padding(Text(words, style="dim"), (0, 0, 1, 0)))


def _row(told: Mapping[str, Any]) -> list[str | Text]:
    loads = told["loads"].values()
    late_s = told["late_s"]
    over = bool(told["over_times"])
    return [
        Text(told["name"], style="bold"),
        f"{told['meter_s']:g} s / {told['reaction_s']:g} s",
        str(told["over_times"]) if over else "never",
        f"{told['longest_over_s']:g} s" if over else "",
        f"{told['worst_over_a']:.1f} A" if over else "",
        Text(f"{late_s:g} s", style="bold red" if late_s else "bold green"),
        str(sum(load["starts"] for load in loads)),
        str(sum(load["changes"] for load in loads)),
        *_sun(told),
    ]


def _sun(told: Mapping[str, Any]) -> list[str]:
    """The slowest answer to a step of the sun up and down, with the most overshoots."""
    cells = []
    for sign in (1, -1):
        steps = [one for one in told.get("steps", ()) if one["by_a"] * sign > 0]
        times = [one["settled_s"] for one in steps]
        most = max((one["overshoots"] for one in steps), default=0)
        if not steps:
            cells.append("")
        elif None in times:
            cells.append(f"never, {most}")
        else:
            cells.append(f"{max(times):.1f} s, {most}")
    return cells
