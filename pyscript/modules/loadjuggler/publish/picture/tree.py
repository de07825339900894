"""The picture as a whole: sources on top, the main breaker, and below it the tree of the wiring."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...loads.kinds import KINDS_OF_LOADS
from ...report import Report
from ...site.model import MAIN, Circuit, Site
from ...units import watts_to_amps
from . import cards, flows
from .letters import clean, escape
from .paint import arrow, line, n, style
from .words import Words

WIDE = 360.0
"""The picture has this width; its height grows with the number of breakers and loads."""


EDGE = 8.0


GAP = 8.0


STEP, DEEPEST = 24.0, 96.0
"""The indent of each level of breakers, and the largest indent of all levels together."""


_DROP = 26.0


_RAILS = {"sun": 344.5, "battery": 353.5}


_BESIDE = 336.0
"""The right edge of the main breaker's card if lines of sun and battery pass beside it."""


@dataclass(slots=True)
class _Sheet:
    """The drawing in progress. Lines lie below cards; `y` is where the next card begins."""

    site: Site
    report: Report
    words: Words
    step: float
    y: float = EDGE
    lines: list[str] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)

    def add(self, card: cards.DrawnCard) -> None:
        self.shapes.append(card.svg)
        self.y += card.high


def wiring_svg(site: Site, report: Report, language: str = "en") -> str:
    """The wiring with its currents as an SVG document of width 360.

    Currents are A per phase, powers W over all phases, as in the report; an unknown one is "?". The
    language is "en" or "sl"; any other is English. Never raises, whatever the names and the report
    contain.
    """
    words = Words(language)
    depth = max((len(site.path(circuit)) for circuit in site.circuits), default=1)
    sheet = _Sheet(site, report, words, min(STEP, DEEPEST / depth))
    sheet.add(cards.header(EDGE, sheet.y, WIDE - 2 * EDGE, site.name, report.status, words))
    sheet.y += GAP
    if report.warnings:
        sheet.add(cards.warning(EDGE, sheet.y, WIDE - 2 * EDGE, " ".join(report.warnings)))
        sheet.y += GAP
    bus = _sources(sheet)
    _main(sheet, bus)
    high = n(sheet.y + EDGE)
    title = escape(clean(words("title", site=site.name)))
    told = escape(clean(cards.summary(report, words)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {n(WIDE)} {high}" '
        f'width="{n(WIDE)}" height="{high}" role="img" lang="{words.language}" '
        f'aria-labelledby="loadjuggler-title loadjuggler-desc">'
        f'<title id="loadjuggler-title">{title}</title>'
        f'<desc id="loadjuggler-desc">{told}</desc>{style()}\n'
        + "\n".join([*sheet.lines, *sheet.shapes])
        + "\n</svg>\n"
    )


def _sources(sheet: _Sheet) -> list[tuple[str, float, float | None]]:
    """Draw tiles of grid, sun and battery; returns (name, x of its middle, W) of each."""
    site, report, words = sheet.site, sheet.report, sheet.words
    found: list[tuple[str, str, float | None, str, str]] = []
    if not site.off_grid:
        power = flows.grid_w(site, report)
        note = words("export" if power < 0 else "import") if power else ""
        value = words.watts(None if power is None else abs(power))
        found.append(("grid", "grid", power, value, note))
    if site.solar or report.solar_w is not None:
        found.append(
            (
                "sun",
                "sun",
                report.solar_w,
                words.watts(report.solar_w),
                words("produced") if report.solar_w else "",
            )
        )
    if site.battery:
        power = report.battery_w
        found.append(
            ("battery", "give", power, words.percent(report.soc_pct), _doing(power, words))
        )
    wide = (WIDE - 2 * EDGE - GAP * (len(found) - 1)) / max(len(found), 1)
    middles, high = [], 0.0
    for number, (name, colour, power, value, note) in enumerate(found):
        x = EDGE + number * (wide + GAP)
        card = cards.tile(x, sheet.y, wide, name, colour, words(name), value, note)
        sheet.shapes.append(card.svg)
        high = card.high
        middles.append((name, x + wide / 2, power))
    sheet.y += high
    return middles


def _doing(battery_w: float | None, words: Words) -> str:
    """What the battery does now, with its power."""
    if not battery_w:
        return words("rests") if battery_w is not None else words.watts(None)
    return words("gives" if battery_w > 0 else "takes", power=words.watts(abs(battery_w)))


def _main(sheet: _Sheet, sources: list[tuple[str, float, float | None]]) -> None:
    """Draw the main breaker with its sources, and everything below it.

    The grid is above it. Sun and battery feed in below it; off the grid they are above it.
    """
    top = sheet.y + (_DROP if sources else 0.0)
    behind = [] if sheet.site.off_grid else [one for one in sources if one[0] != "grid"]
    for name, x, power in sources:
        if (name, x, power) not in behind:
            _flow(sheet, [(x, sheet.y), (x, top)], name, power)
    start, sheet.y = sheet.y, top
    wide = (_BESIDE if behind else WIDE - EDGE) - EDGE
    main = sheet.site.circuits[MAIN]
    _breaker(sheet, main, EDGE, wide, sheet.words("main"))
    bus = sheet.y + 12.0
    for name, x, power in behind:
        turn = start + (8.0 if name == "battery" else 17.0)
        rail = _RAILS[name]
        _flow(sheet, [(x, start), (x, turn), (rail, turn), (rail, bus)], name, power)
    if behind:
        right, trunk = _RAILS[behind[-1][0]], EDGE + 10.0
        phases = flows.breaker(sheet.site, sheet.report, main)
        wide, colour = flows.weight(flows.most_a(phases)), flows.worst(phases)
        sheet.lines.append(line([(trunk, sheet.y), (trunk, bus)], colour, wide))
        sheet.lines.append(line([(trunk - 1.5, bus), (right + 1.5, bus)], "still", 3.0))
        sheet.y = bus
    _below(sheet, main, 0)


def _flow(
    sheet: _Sheet, points: list[tuple[float, float]], name: str, power_w: float | None
) -> None:
    """Draw the line of a source, with an arrow in the direction of its power."""
    site = sheet.site
    amps = None
    if power_w is not None:
        amps = watts_to_amps(power_w, site.voltage_v, len(site.phases))
    colour = {"battery": "give"}.get(name, name)
    moving = amps is not None and abs(amps) >= flows.QUIET_A
    sheet.lines.append(line(points, colour if moving else "still", flows.weight(amps)))
    if moving and amps is not None:
        (x, above), (_, below) = points[-2], points[-1]
        share = {"sun": 0.6, "battery": 0.4}.get(name, 0.5) if len(points) > 2 else 0.5
        sheet.lines.append(
            arrow(x, above + share * (below - above), "down" if amps > 0 else "up", colour)
        )


def _breaker(sheet: _Sheet, circuit: Circuit, x: float, wide: float, name: str) -> None:
    known = sheet.report.circuits.get(circuit.id)
    limit_a = known.limit_a if known else None
    phases = flows.breaker(sheet.site, sheet.report, circuit)
    sheet.add(cards.breaker(x, sheet.y, wide, name, limit_a, phases, sheet.words))


def _below(sheet: _Sheet, circuit: Circuit, level: int) -> None:
    """Draw the loads and breakers below a breaker, on the vertical line that comes down from it."""
    trunk, top = EDGE + level * sheet.step + min(10.0, sheet.step / 2), sheet.y
    last = top
    if circuit.id == MAIN:
        power = flows.rest_w(sheet.site, sheet.report)
        voltage_v, phases = sheet.site.voltage_v, len(sheet.site.phases)
        amps = None if power is None else watts_to_amps(power, voltage_v, phases)
        last = _branch(sheet, trunk, level, cards.REST_HIGH / 2, amps, "still")
        x = EDGE + (level + 1) * sheet.step
        sheet.add(cards.rest(x, sheet.y, WIDE - EDGE - x, power, sheet.words))
    for load in sheet.site.loads.values():
        if load.circuit == circuit.id:
            last = _load(sheet, trunk, level, load.id)
    for child in sheet.site.circuits.values():
        if child.parent == circuit.id:
            phases_of = flows.breaker(sheet.site, sheet.report, child)
            last = _branch(
                sheet, trunk, level, 15.0, flows.most_a(phases_of), flows.worst(phases_of)
            )
            x = EDGE + (level + 1) * sheet.step
            _breaker(sheet, child, x, WIDE - EDGE - x, child.name)
            _below(sheet, child, level + 1)
    if last > top:
        phases_of = flows.breaker(sheet.site, sheet.report, circuit)
        wide = flows.weight(flows.most_a(phases_of))
        sheet.lines.insert(0, line([(trunk, top), (trunk, last)], "still", wide))


def _load(sheet: _Sheet, trunk: float, level: int, load_id: str) -> float:
    known = sheet.report.loads.get(load_id)
    load = sheet.site.loads[load_id]
    drawn = known.draw if known else None
    amps = None if drawn is None else max((abs(a) for _, a in drawn.items()), default=None)
    colour = flows.STATUS_COLOURS.get(known.status, "still") if known else "still"
    last = _branch(sheet, trunk, level, cards.LOAD_HIGH / 2, amps, colour)
    x = EDGE + (level + 1) * sheet.step
    wide = WIDE - EDGE - x
    kind = KINDS_OF_LOADS[load.kind.name]
    sheet.add(cards.load(x, sheet.y, wide, load.name, kind, known, sheet.words))
    return last


def _branch(
    sheet: _Sheet, trunk: float, level: int, half: float, amps: float | None, colour: str
) -> float:
    """Draw the line from the trunk to the next card, `half` below that one's top; returns its y."""
    sheet.y += GAP
    y, x = sheet.y + half, EDGE + (level + 1) * sheet.step
    moving = amps is not None and abs(amps) >= flows.QUIET_A
    shown = colour if moving else "still"
    sheet.lines.append(line([(trunk, y), (x, y)], shown, flows.weight(amps)))
    if moving and amps is not None:
        way = "right" if amps > 0 else "left"
        sheet.lines.append(arrow((trunk + x) / 2 + 2, y, way, shown))
    return y
