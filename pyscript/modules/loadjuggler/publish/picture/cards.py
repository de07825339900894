"""The cards of the picture. Each is drawn at (x, y) with a given width, and returns its height."""

from __future__ import annotations

from dataclasses import dataclass

from ...loads.kind import KindOfLoad
from ...loads.kinds import KINDS_OF_LOADS
from ...report import LoadReport, Report
from ...texts import labels
from .flows import STATUS_COLOURS, PhaseFlow, worst
from .letters import clean, escape, width, wrap
from .paint import LARGE, NORMAL, SMALL, bar, card, drawing, icon, n, text, two
from .words import UNKNOWN, Words

PAD = 10.0


ROW = 18.0


TILE_HIGH = 64.0


ALONE = 300.0


LOAD_HIGH = 46.0


REST_HIGH = 30.0


HEAD_HIGH = 34.0


_STATUS = {"ok": "calm", "problem": "near", "blind": "over", "error": "over"}


@dataclass(frozen=True, slots=True)
class DrawnCard:
    """A drawn card as SVG, and its height."""

    svg: str
    high: float


def grouped(title: str, body: str) -> str:
    """A group of shapes with a title, which is shown under the pointer."""
    return f"<g><title>{escape(clean(title))}</title>{body}</g>"


def header(x: float, y: float, wide: float, name: str, status: str, words: Words) -> DrawnCard:
    """The name and status of the site."""
    word, right = f"● {words(status)}", x + wide - PAD
    body = card(x, y, wide, HEAD_HIGH)
    room = wide - 3 * PAD - width(word, SMALL, bold=True)
    body += text(x + PAD, y + 22.5, name, size=LARGE, bold=True, room=room)
    body += text(right, y + 22, word, _STATUS.get(status, "still"), bold=True, end=True)
    return DrawnCard(body, HEAD_HIGH)


def warning(x: float, y: float, wide: float, sentence: str) -> DrawnCard:
    """The warnings, in up to four lines."""
    sentence = clean(sentence)
    lines = wrap(sentence, SMALL, wide - 2 * PAD - 6.0, 4)
    high = len(lines) * 16.0 + 14.0
    body = card(x, y, wide, high)
    body += (
        f'<rect class="near" x="{n(x + 4)}" y="{n(y + 6)}" width="3" '
        f'height="{n(high - 12)}" rx="1.5"/>'
    )
    for number, one in enumerate(lines):
        body += text(x + PAD + 4.0, y + 19.0 + 16.0 * number, one)
    return DrawnCard(grouped(sentence, body), high)


def tile(
    x: float, y: float, wide: float, name: str, colour: str, title: str, value: str, note: str
) -> DrawnCard:
    """A source and its power. If it is the only one, it is a row of the whole width."""
    alone = wide > ALONE
    high = HEAD_HIGH if alone else TILE_HIGH
    body = card(x, y, wide, high)
    body += icon(name, x + PAD, y + 8, colour)
    body += text(
        x + PAD + 22, y + 20.5, title, "dim", room=wide - 2 * PAD - 22 if not alone else wide / 3
    )
    if alone:
        body += text(x + wide - PAD, y + 22.5, value, size=LARGE, bold=True, end=True)
        middle = x + wide - 2 * PAD - width(value, LARGE, bold=True)
        body += text(middle, y + 21.5, note, colour, end=True) if note else ""
    else:
        body += text(x + PAD, y + 41, value, size=LARGE, bold=True, room=wide - 2 * PAD)
        body += text(x + PAD, y + 57, note, colour, room=wide - PAD - 6) if note else ""
    return DrawnCard(grouped(f"{title}: {value} {note}", body), high)


def breaker(
    x: float,
    y: float,
    wide: float,
    name: str,
    limit_a: float | None,
    flows: list[PhaseFlow],
    words: Words,
) -> DrawnCard:
    """A breaker: for each phase a bar that is full at the limit, and a line with the headroom."""
    limit, inner = words("limit", limit=words.limit(limit_a)), wide - 2 * PAD
    right, taken = x + wide - PAD, width(limit, SMALL)
    body = text(x + PAD, y + 20, name, size=NORMAL, bold=True, room=inner - taken - PAD)
    body += text(right, y + 20, limit, "dim", end=True)
    values = [words.amps(one.draw_a) for one in flows]
    room = max(width(value, SMALL, bold=True) for value in values)
    at = y + 28.0
    for one, value in zip(flows, values, strict=True):
        body += text(x + PAD, at + 10.5, one.phase, "dim", bold=True)
        body += bar(x + PAD + 15, at + 1, inner - 15 - room - 8, one.share, one.colour)
        colour = "over" if one.colour == "over" else "text"
        body += text(right, at + 10.5, value, colour, bold=True, end=True)
        at += ROW
    said = " · ".join(f"{one.phase} {words.amps(one.headroom_a)}" for one in flows)
    for part in wrap(f"{words('headroom')} {said}".replace(" A", "\xa0A"), SMALL, inner, 3):
        body += text(x + PAD, at + 11, part.replace("\xa0", " "), "dim")
        at += 16.0
    high = at - y + 5.0
    shown = "; ".join(
        f"{one.phase} {words('of', draw=value, limit=words.limit(limit_a))}"
        + (f", {words('over')}" if one.colour == "over" else "")
        for one, value in zip(flows, values, strict=True)
    )
    edge = ""
    if worst(flows) == "over":
        edge = (
            f'<rect class="l-over" x="{n(x)}" y="{n(y)}" width="{n(wide)}" height="{n(high)}" '
            'rx="7" stroke-width="2"/>'
        )
    return DrawnCard(grouped(f"{name}: {shown}", card(x, y, wide, high) + edge + body), high)


def load(
    x: float,
    y: float,
    wide: float,
    name: str,
    kind: KindOfLoad,
    known: LoadReport | None,
    words: Words,
) -> DrawnCard:
    """A load: its current, status, mode and power; its reason is shown under the pointer."""
    told = words.amps(known.allocated_a if known else None)
    power = words.watts(known.power_w if known else None)
    colour = STATUS_COLOURS.get(known.status, "still") if known else "still"
    status = status_word(known, kind, words)
    mode = words(f"mode_{known.mode}") if known else UNKNOWN
    right = x + wide - PAD
    left = x + PAD + 23.0
    body = card(x, y, wide, LOAD_HIGH)
    body += (
        f'<rect class="{colour}" x="{n(x + 4)}" y="{n(y + 6)}" width="3" '
        f'height="{n(LOAD_HIGH - 12)}" rx="1.5"/>'
    )
    body += drawing(kind.look.drawing, x + PAD + 3, y + 15, colour)
    room = right - left - width(told, LARGE, bold=True) - 8
    body += text(left, y + 19.5, name, size=NORMAL, bold=True, room=room)
    body += text(right, y + 20, told, size=LARGE, bold=True, end=True)
    room = right - left - width(power, SMALL) - 6
    body += two(left, y + 37, (status, colour), f" · {mode}", room=room)
    body += text(right, y + 37, power, "dim", end=True)
    title = f"{name}: {known.sentence}" if known else name
    return DrawnCard(grouped(title, body), LOAD_HIGH)


def status_word(known: LoadReport | None, kind: KindOfLoad, words: Words) -> str:
    """The status of a load in words; that of a load without a car says nothing of cars."""
    if known is None:
        return UNKNOWN
    return labels.status(known.status, words.language, has_car=kind.capabilities.has_car)


def rest(x: float, y: float, wide: float, power_w: float | None, words: Words) -> DrawnCard:
    """The power of the house without the loads."""
    value = words.watts(power_w)
    body = card(x, y, wide, REST_HIGH)
    body += icon("house", x + PAD + 3, y + 7, "still")
    room = wide - 2 * PAD - 32 - width(value, SMALL, bold=True)
    body += text(x + PAD + 24, y + 19.5, words("rest"), size=SMALL, room=room)
    body += text(x + wide - PAD, y + 19.5, value, bold=True, end=True)
    return DrawnCard(body, REST_HIGH)


def summary(report: Report, words: Words) -> str:
    """The picture in words, for screen readers."""
    parts = [report.sentence]
    for load_report in report.loads.values():
        status = status_word(load_report, KINDS_OF_LOADS[load_report.kind], words)
        told = words.amps(load_report.allocated_a)
        parts.append(f"{load_report.name}: {status}, {told}.")
    return " ".join(parts)
