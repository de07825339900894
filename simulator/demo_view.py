"""The live view of script/demo, and its plain lines where there is no terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping

from loadjuggler.site.model import MAIN
from loadjuggler.units import amps_to_watts
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from .clock import time_of_day
from .colours import BATTERY, COLOURS, HOUSE, SUN
from .house import House
from .record import Event, Record

GLYPHS = "█▓▒◆●"
"""Parts of a bar differ without colours, too: the house is ░."""
REASON_LINES = 2
EVENT_STYLES = {
    "overload": "bold red",
    "car": "bold",
    "house": "dim",
    "fault": "dim",
    "wiring": "bold",
}


class View:
    """Draws the state of a house into a console, as wide and high as that is."""

    def __init__(self, record: Record, console: Console) -> None:
        """Keep what is drawn again and again."""
        self.record, self.console = record, console
        self.loads = list(record.uses)

    def render(self, pace: str, done: float) -> RenderableType:
        """One frame; `pace` says how fast, `done` how far it is (0 to 1)."""
        width, height = self.console.size
        head: list[RenderableType] = [
            self._title(width, pace),
            self._sources(),
            self._phases(width),
            Text(""),
        ]
        # 1 title, 1 sources, 1 heading, a row a phase and circuit, 1 empty; loads; 1 empty; 1 foot
        house = self.record.living.house
        rows = len(house.scenario.site.phases) + len(house.scenario.circuits)
        used = 4 + rows + len(self.loads) * (1 + REASON_LINES) + 2
        events = self._events(width, height - used)
        return Group(*head, *self._loads(width), Text(""), *events, self._foot(width, done))

    def _title(self, width: int, pace: str) -> Text:
        now = time_of_day(self.record.living.house.now)
        left = Text.assemble((" Load Juggler ", "bold reverse"), "  a simulated house")
        right = Text.assemble((now, "bold"), ("  " + pace, "cyan"), " ")
        gap = max(width - left.cell_len - right.cell_len, 1)
        return left + Text(" " * gap) + right

    def _sources(self) -> Text:
        """Sun, battery and grid, in kW."""
        house = self.record.living.house
        flows, voltage = house.flows, house.scenario.site.voltage
        line = Text(" ")
        if flows.sun_w or house.scenario.solar.measured:
            line.append(f"sun {flows.sun_w / 1000:4.1f} kW   ", style=SUN)
        if house.scenario.battery:
            verb = "gives" if flows.battery_w >= 0 else "takes"
            words = (
                f"battery {house.soc_pct:3.0f} %, {verb} {abs(flows.battery_w) / 1000:.1f} kW   "
            )
            line.append(words, style=BATTERY)
        grid_w = amps_to_watts(sum(flows.meters[MAIN].values()), voltage)
        words = "from" if grid_w >= 0 else "to"
        line.append(f"{words} the grid {abs(grid_w) / 1000:.1f} kW")
        return line

    def _phases(self, width: int) -> Table:
        """A row for each phase of the main breaker, and for each breaker below it.

        What sun and battery give does not go through the main breaker; the bar is what does.
        """
        table = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, header_style="dim")
        table.add_column(" phase", width=8)
        table.add_column("house", width=6, justify="right", header_style=HOUSE)
        for position, load in enumerate(self.loads):
            style = COLOURS[position % len(COLOURS)]
            table.add_column(load, width=7, justify="right", no_wrap=True, header_style=style)
        table.add_column("sun+bat", width=7, justify="right", header_style=SUN)
        table.add_column("free", width=6, justify="right")
        table.add_column("limit", width=6, justify="right")
        taken = 9 + 7 + 8 * len(self.loads) + 8 + 7 + 7 + 1
        house = self.record.living.house
        for phase in house.scenario.site.phases:
            parts = {load: draw.get(phase) for load, draw in house.draws.items()}
            unmanaged = house.household.get(phase, 0.0)
            total = unmanaged + sum(amps or 0.0 for amps in parts.values())
            given = total - house.flows.meters[MAIN][phase]
            limit = house.wires.limits[MAIN]
            row = _row(f" {phase}", unmanaged, parts, given, limit, width - taken)
            table.add_row(*row)
        for circuit in house.scenario.circuits:
            meters = house.flows.meters[circuit.id]
            phase = max(meters, key=lambda p: meters[p])
            parts = {
                load: draw.get(phase) if circuit.id in house.wires.paths[load] else None
                for load, draw in house.draws.items()
            }
            unmanaged = house.wires.behind[circuit.id].get(phase, 0.0)
            row = _row(f" {circuit.id}", unmanaged, parts, None, circuit.limit, width - taken)
            table.add_row(*row)
        return table

    def _loads(self, width: int) -> list[Text]:
        lines = []
        for position, load in enumerate(self.loads):
            told = self.record.living.report.loads[load]
            line = Text(f" {load:<9}", style=f"bold {COLOURS[position % len(COLOURS)]}")
            line.append(f"{told.status:<11}", style="bold white")
            line.append(f"{told.allocated_a or 0.0:5.1f} A", style="bold green")
            line.append(f"   {_about(self.record.living.house, load)}", style="white")
            energy = f"{self.record.energies_kwh()[load]:.1f} kWh"
            line.append(f"   {energy}", style="dim")
            lines.append(line)
            # A number stays with its unit.
            sentence = re.sub(r"(?<=\d) (?=(A|W|s|min)\b)", "\N{NO-BREAK SPACE}", told.sentence)
            words = textwrap.wrap(sentence, width - 12, max_lines=REASON_LINES)
            words += [""] * (REASON_LINES - len(words))
            lines += [Text(" " * 10 + part, style="italic") for part in words]
        return lines

    def _events(self, width: int, room: int) -> list[Text]:
        newest = self.record.events[-room:] if room > 0 else []
        lines = [_told(event, width) for event in newest]
        return lines + [Text("")] * (max(room, 0) - len(lines))

    def _foot(self, width: int, done: float) -> Text:
        words = " Ctrl-C ends it here "
        full = max(width - len(words) - 2, 0)
        filled = round(full * min(done, 1.0))
        return Text.assemble(
            " ", ("━" * filled, "cyan"), ("─" * (full - filled), "dim"), (words, "dim")
        )


def _told(event: Event, width: int) -> Text:
    text = f" {plain_event(event)}"
    return Text(text[: width - 1], style=EVENT_STYLES[event.kind])


def _row(
    name: str,
    house_a: float,
    parts: Mapping[str, float | None],
    given_a: float | None,
    limit_a: float,
    width: int,
) -> list[RenderableType]:
    """Cells of a breaker's phase; `given_a` is what sun and battery give there (None: nothing)."""
    total_a = house_a + sum(amps or 0.0 for amps in parts.values()) - (given_a or 0.0)
    free = Text(f"{limit_a - total_a:.1f}", style="bold red" if total_a > limit_a + 0.2 else "")
    cells: list[RenderableType] = [name, f"{house_a:.1f}"]
    cells += ["" if a is None else f"{a:.1f}" if a else "–" for a in parts.values()]
    cells.append("" if given_a is None else f"{given_a:.1f}" if abs(given_a) >= 0.05 else "–")
    return [*cells, free, f"{limit_a:g} A", _bar(house_a, parts, given_a or 0.0, limit_a, width)]


def _bar(
    house_a: float, parts: Mapping[str, float | None], given_a: float, limit_a: float, width: int
) -> Text:
    """Who takes how much of the limit, which is where the bar ends; the sun serves the first."""
    width = max(width - 1, 4)
    bar, total_a, at = Text(no_wrap=True), -given_a, 0
    amounts = [(house_a, "░", HOUSE)]
    for position, amps in enumerate(parts.values()):
        style = COLOURS[position % len(COLOURS)]
        amounts.append((amps or 0.0, GLYPHS[position % len(GLYPHS)], style))
    for amps, glyph, style in amounts:
        total_a += amps
        end = min(max(round(total_a / limit_a * width), at), width)
        bar.append(glyph * (end - at), style=style)
        at = end
    over = total_a > limit_a + 0.2
    bar.append("·" * (width - at), style="dim")
    bar.append("!" if over else "│", style="bold red" if over else "red")
    return bar


def _about(house: House, load: str) -> str:
    if load in house.chargers:
        charger = house.chargers[load]
        return "no car   " if charger.status == "Available" else f"car {charger.soc_pct:3.0f} % "
    plug = house.plugs[load]
    if not plug.water:
        return ""
    return f"water {plug.celsius:.0f} °C"


def plain_event(event: Event) -> str:
    """One line about something that happened, for a log."""
    return f"{time_of_day(event.at)}  {event.text}"


def plain_line(record: Record) -> str:
    """One line about now, for a log."""
    house = record.living.house
    meters = house.flows.meters[MAIN]
    phases = " ".join(f"{phase} {amps:4.1f}" for phase, amps in meters.items())
    loads = "; ".join(
        f"{load} {told.status} {told.allocated_a or 0.0:.1f} A"
        for load, told in record.living.report.loads.items()
    )
    limit = house.wires.limits[MAIN]
    return f"{time_of_day(house.now)[:5]}  {phases} of {limit:g} A; {loads}"
