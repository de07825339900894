"""A scenario's result as a table for people."""

from __future__ import annotations

from loadjuggler.texts.wording import amount
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from .runs import Result
from .scenario import Scenario


def wide_console() -> Console:
    """A console for tables, which are not cut when piped."""
    console = Console(highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = 160
    return console


class Tables:
    """Prints results, one below the other; in plain text and without cutting when piped."""

    def __init__(self) -> None:
        """Look once whether there is a terminal."""
        self.console = wide_console()

    def show(self, result: Result) -> None:
        """Print one result."""
        scenario = result.scenario
        self.console.print(Text(scenario.name, style="bold cyan"))
        self.console.print(Padding(Text(_house(scenario), style="dim"), (0, 0, 0, 2), expand=False))
        if scenario.because:
            self.console.print(
                Padding(Text(scenario.because, style="dim italic"), (0, 0, 0, 2), expand=False)
            )
        self.console.print(Padding(_table(result), (0, 0, 0, 2), expand=False))
        for warning in _warnings(result):
            self.console.print(Padding(Text(warning, style="bold red"), (0, 0, 0, 2), expand=False))
        self.console.print()


def _house(scenario: Scenario) -> str:
    site = scenario.site
    house = ", ".join(f"{p} {scenario.household.get(p, 0.0):g}" for p in site.phases)
    parts = [f"main breaker {site.main_breaker:g} A", site.distribution, f"house {house} A"]
    if site.max_import_power is not None:
        parts.insert(1, f"import limit {amount(site.max_import_power, 'w')}")
    if scenario.solar.power:
        parts.append(f"sun {amount(scenario.solar.power, 'w')}")
    if scenario.battery:
        parts.append(f"battery {scenario.battery.soc:g} %")
    return " · ".join(parts)


def _table(result: Result) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    table.add_column("load")
    table.add_column("on")
    table.add_column("allocated", justify="right")
    table.add_column("available", justify="right")
    table.add_column("expected", justify="right")
    table.add_column("why", overflow="fold")
    for spec in result.scenario.loads:
        got = result.loads[spec.id]
        wanted = result.scenario.expected.get(spec.id)
        shown = "" if wanted is None or wanted.allocated is None else f"{wanted.allocated:.1f} A"
        table.add_row(
            spec.id,
            f"{result.scenario.circuit_of(spec.id)} {'/'.join(spec.phases.values())}",
            Text(f"{got.allocated:.1f} A", style="bold green" if got.allocated else "yellow"),
            f"{got.available:.1f} A",
            shown,
            got.reason,
        )
    return table


def _warnings(result: Result) -> list[str]:
    found = []
    if result.worst.worst_a > 0:
        found.append(f"A breaker is overloaded by {result.worst.worst_a:.1f} A.")
    if result.worst.household_a > 0:
        found.append(f"The house alone is {result.worst.household_a:.1f} A over a limit.")
    if not result.stable:
        found.append("Not settled: an allocation still moves.")
    return found
