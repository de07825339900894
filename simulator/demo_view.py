"""The live view of script/demo, and its plain lines where there is no terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping

from loadjuggler.model import MAIN
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from .colours import COLOURS, HOUSE
from .evening import time_of_day
from .house import House
from .record import Event, Record

GLYPHS = "█▓▒◆●"
"""Parts of a bar differ without colours, too: the house is ░."""
REASON_LINES = 2
EVENT_STYLES = {"overload": "bold red", "car": "bold", "house": "dim"}


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
            Text(""),
            self._phases(width),
            Text(""),
        ]
        # 1 title, 1 empty, 1 heading, a row a phase and circuit, 1 empty; loads; 1 empty; 1 foot
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

    def _phases(self, width: int) -> Table:
        """A row for each phase of the main breaker, and for each breaker below it."""
        table = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, header_style="dim")
        table.add_column(" phase", width=8)
        table.add_column("house", width=6, justify="right", header_style=HOUSE)
        for position, load in enumerate(self.loads):
            style = COLOURS[position % len(COLOURS)]
            table.add_column(load, width=7, justify="right", no_wrap=True, header_style=style)
        table.add_column("free", width=6, justify="right")
        table.add_column("limit", width=6, justify="right")
        taken = 9 + 7 + 8 * len(self.loads) + 7 + 7 + 1
        house = self.record.living.house
        for phase in house.scenario.site.phases:
            parts = {load: draw.get(phase) for load, draw in house.draws.items()}
            unmanaged = house.household.get(phase, 0.0)
            row = _row(f" {phase}", unmanaged, parts, house.wires.limits[MAIN], width - taken)
            table.add_row(*row)
        for circuit in house.scenario.circuits:
            meters = house.flows.meters[circuit.id]
            phase = max(meters, key=lambda p: meters[p])
            parts = {
                load: draw.get(phase) if circuit.id in house.wires.paths[load] else None
                for load, draw in house.draws.items()
            }
            unmanaged = house.wires.behind[circuit.id].get(phase, 0.0)
            row = _row(f" {circuit.id}", unmanaged, parts, circuit.limit, width - taken)
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
    name: str, house_a: float, parts: Mapping[str, float | None], limit_a: float, width: int
) -> list[RenderableType]:
    total_a = house_a + sum(amps or 0.0 for amps in parts.values())
    free = Text(f"{limit_a - total_a:.1f}", style="bold red" if total_a > limit_a + 0.2 else "")
    cells: list[RenderableType] = [name, f"{house_a:.1f}"]
    cells += ["" if a is None else f"{a:.1f}" if a else "–" for a in parts.values()]
    return [*cells, free, f"{limit_a:g} A", _bar(house_a, parts, limit_a, width)]


def _bar(house_a: float, parts: Mapping[str, float | None], limit_a: float, width: int) -> Text:
    """Who takes how much of the limit, which is where the bar ends."""
    width = max(width - 1, 4)
    bar, total_a, at = Text(no_wrap=True), 0.0, 0
    amounts = [(house_a, "░", HOUSE)]
    for position, amps in enumerate(parts.values()):
        style = COLOURS[position % len(COLOURS)]
        amounts.append((amps or 0.0, GLYPHS[position % len(GLYPHS)], style))
    for amps, glyph, style in amounts:
        total_a += amps
        end = min(round(total_a / limit_a * width), width)
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
    if not plug.boiler:
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
