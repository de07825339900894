"""A day's figures as tables for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from .day import Day
from .record import SMALL_A
from .simulate_table import wide_console


def show_day(day: Day, told: Mapping[str, Any]) -> None:
    """Print what `simulator.day_run.figures` tells of `day`."""
    console = wide_console()
    console.print(Text(day.scenario.name, style="bold cyan"))
    for words in (day.scenario.because, _about(day)):
        console.print(Padding(Text(words, style="dim"), (0, 0, 0, 2), expand=False))
    console.print(Padding(_loads(told), (0, 0, 0, 2), expand=False))
    console.print()
    console.print(Padding(_figures(told), (0, 0, 0, 2), expand=False))
    console.print()


def _about(day: Day) -> str:
    parts = [
        f"{day.date}, {day.length_h:g} h",
        f"{day.weather}, {day.panels.peak_w / 1000:g} kWp",
        f"main breaker {day.scenario.site.main_breaker:g} A",
        f"battery {day.battery_kwh:g} kWh" if day.scenario.battery else "no battery",
        f"seed {day.seed}",
    ]
    return " · ".join(parts)


def _loads(told: Mapping[str, Any]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    table.add_column("load")
    table.add_column("mode")
    table.add_column("energy", justify="right")
    table.add_column("starts", justify="right")
    table.add_column("stops", justify="right")
    for load, use in told["loads"].items():
        energy = Text(f"{use['kwh']:.1f} kWh", style="bold green" if use["kwh"] else "yellow")
        table.add_row(load, use["mode"], energy, str(use["starts"]), str(use["stops"]))
    return table


def _figures(told: Mapping[str, Any]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), show_header=False)
    table.add_column("what", style="dim")
    table.add_column("how much", justify="right")
    table.add_column("more", overflow="fold")
    for row in (*_energy(told), *_solar(told), *_breakers(told), *_faults(told), *_found(told)):
        table.add_row(*row)
    return table


Row = tuple[str, Text, str]


def _energy(told: Mapping[str, Any]) -> list[Row]:
    soc = told["battery_soc_pct"]
    rows = [
        ("sun", _kwh(told["sun_kwh"]), ""),
        ("house", _kwh(told["house_kwh"]), "not managed"),
        ("loads", _kwh(told["managed_kwh"]), "managed"),
        ("import", _kwh(told["import_kwh"]), f"export {told['export_kwh']:.1f} kWh"),
    ]
    if soc is not None:
        given = f"{told['battery_charged_kwh']:.1f} kWh charged, at the end {soc:.0f} %"
        rows.append(("battery gave", _kwh(told["battery_discharged_kwh"]), given))
    return rows


def _solar(told: Mapping[str, Any]) -> list[Row]:
    caused = told["solar_only_import_pct"]
    below = told["export_below_target_wh"]
    later = f"{below:.0f} Wh more while the battery came first" if below else ""
    return [
        ("solar share of the loads", _pct(told["solar_share_pct"]), _battery_share(told)),
        (
            "import by solar-only loads",
            Text(f"{told['solar_only_import_wh']:.0f} Wh", style="bold"),
            f"{caused:.2f} % of their {told['solar_only_kwh']:.1f} kWh"
            if caused is not None
            else "",
        ),
        ("export missed", Text(f"{told['export_missed_wh']:.0f} Wh", style="bold"), later),
    ]


def _battery_share(told: Mapping[str, Any]) -> str:
    share = told["battery_share_pct"]
    return f"and {share:.1f} % from the battery" if share else ""


def _breakers(told: Mapping[str, Any]) -> list[Row]:
    over, long, late = told["over_s"], told["over_too_long_s"], told["over_late_s"]
    words = (
        f"in {told['over_times']} pieces, the longest {told['longest_over_s']} s" if over else ""
    )
    rows = [
        (f"over a limit by {SMALL_A:g} A", Text(f"{over} s", style="bold"), words),
        (
            f"beyond the {told['follow_s']} s of meter and car",
            Text(f"{long} s", style="bold red" if long else "bold green"),
            "",
        ),
        (
            f"over, with nothing new in {told['follow_s']} s",
            Text(f"{late} s", style="bold red" if late else "bold green"),
            "",
        ),
    ]
    if over:
        worst = Text(f"{told['worst_overload_a']:.1f} A", style="bold")
        rows.append(("worst overload", worst, told["worst_overload_at"]))
    for place, one in told["over"].items():
        flowed = Text(f"{one['s']} s, {one['ampere_seconds']:.0f} A·s", style="bold")
        counted = f"the engine counts {one['engine_s']:.0f} s"
        counted += f", {one['engine_ampere_seconds']:.0f} A·s"
        rows.append((f"over the limit, {place}", flowed, counted))
    if told["house_alone_over_s"]:
        alone = Text(f"{told['house_alone_over_s']} s", style="bold red")
        rows.append(("the house alone is over", alone, "nothing could be done about it"))
    return rows


def _faults(told: Mapping[str, Any]) -> list[Row]:
    rows = [
        (
            f"{fault['at']} for {fault['for_s']:g} s",
            Text(f"{fault['over_s']} s over" if fault["over_s"] else "", style="bold"),
            fault["what"],
        )
        for fault in told.get("faults", ())
    ]
    if rows:
        failed = told["calls_failed"]
        rows.append(("calls that failed", Text(str(failed), style="bold"), ""))
    return rows


def _found(told: Mapping[str, Any]) -> list[Row]:
    rows = [
        (one["at"], Text(f"after {one['changes']}", style="bold"), f"clear changes: {one['what']}")
        for one in told.get("found", ())
    ]
    if "remapped_at" in told:
        for when in ("before", "after"):
            over = Text(f"{told[f'over_{when}_remap_s']} s", style="bold")
            longest = f"the longest {told[f'longest_over_{when}_remap_s']} s"
            rows.append((f"over a limit {when} {told['remapped_at']}", over, longest))
    return rows


def _kwh(value: float) -> Text:
    return Text(f"{value:.1f} kWh", style="bold")


def _pct(value: float | None) -> Text:
    return Text("–" if value is None else f"{value:.1f} %", style="bold")
