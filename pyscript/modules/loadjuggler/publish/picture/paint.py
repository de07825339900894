"""The elements of SVG that the picture is made of: colours, cards, texts, bars, lines.

Every text is on an opaque card, because the page behind may be dark while the screen says light.
Colours are CSS classes, because simple viewers do not know CSS variables.
"""

from __future__ import annotations

from .letters import clean, escape, shorten, width

LIGHT = {
    "card": "#ffffff",
    "edge": "#d3dae1",
    "text": "#17212b",
    "dim": "#56636f",
    "track": "#e4e9ee",
    "calm": "#1a7f45",
    "near": "#8f5c00",
    "over": "#c0262d",
    "sun": "#9a6700",
    "grid": "#1d63bd",
    "give": "#0f766e",
    "still": "#5d6975",
}


DARK = {
    "card": "#1d242b",
    "edge": "#3a454f",
    "text": "#e9eef3",
    "dim": "#a9b5c0",
    "track": "#36414b",
    "calm": "#5bd18b",
    "near": "#f2b84b",
    "over": "#ff8078",
    "sun": "#ffcf5c",
    "grid": "#7fb6ff",
    "give": "#5cd6c8",
    "still": "#9aa7b3",
}


BARS = {"near": "#c98200", "sun": "#c98200"}
"""Brighter colours for shapes: on a light ground they need only a contrast of 3:1 (WCAG 2.1,
1.4.11)."""


FONT = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif'


SMALL, NORMAL, LARGE = 12.0, 13.5, 15.5
"""Sizes of text. The picture is 360 units wide, so on a screen of 390 px no text is under 12 px."""


def style() -> str:
    """The style sheet, with light colours and, for a dark screen, dark ones."""
    dark = f"@media (prefers-color-scheme:dark){{{_rules(DARK, DARK)}}}"
    text = f"text{{font-family:{FONT}}}.b{{font-weight:600}}"
    return f"<style>{text}{_rules(LIGHT, BARS)}{dark}</style>"


def _rules(colours: dict[str, str], bars: dict[str, str]) -> str:
    found = [f".card{{fill:{colours['card']};stroke:{colours['edge']}}}"]
    for name, colour in colours.items():
        bright = bars.get(name, colour)
        if name not in ("card", "edge"):
            found.append(f".{name}{{fill:{colour}}}.l-{name}{{stroke:{bright};fill:none}}")
            found.append(f"rect.{name},polygon.{name}{{fill:{bright}}}" if name in BARS else "")
    return "".join(found)


def n(value: float) -> str:
    """A coordinate as text, to 0.1."""
    text = f"{value:.1f}"
    return text.removesuffix(".0")


def card(x: float, y: float, wide: float, high: float) -> str:
    """A card with round corners."""
    return f'<rect class="card" x="{n(x)}" y="{n(y)}" width="{n(wide)}" height="{n(high)}" rx="7"/>'


def text(
    x: float,
    y: float,
    words: str,
    colour: str = "text",
    size: float = SMALL,
    *,
    bold: bool = False,
    end: bool = False,
    room: float | None = None,
) -> str:
    """A line of text that begins (`end`: ends) at `x`, shortened to the width `room`."""
    words = clean(words)
    shown = words if room is None else shorten(words, size, room, bold=bold)
    whole = "" if shown == words else f"<title>{escape(words)}</title>"
    anchor = ' text-anchor="end"' if end else ""
    kind = f"{colour} b" if bold else colour
    place = f'x="{n(x)}" y="{n(y)}" font-size="{n(size)}"{anchor}'
    return f'<text class="{kind}" {place}>{whole}{escape(shown)}</text>'


def two(x: float, y: float, first: tuple[str, str], then: str, *, room: float) -> str:
    """A bold word in its colour and dim text after it, shortened together to the width `room`."""
    word, colour = shorten(first[0], SMALL, room, bold=True), first[1]
    left = room - width(word, SMALL, bold=True)
    shown = shorten(then, SMALL, left) if left > width("  · …", SMALL) else ""
    whole = "" if (word, shown) == (first[0], then) else f"{first[0]}{then}"
    title = f"<title>{escape(whole)}</title>" if whole else ""
    place = f'x="{n(x)}" y="{n(y)}" font-size="{n(SMALL)}"'
    after = f'<tspan class="dim">{escape(shown)}</tspan>' if shown else ""
    return f'<text {place}>{title}<tspan class="{colour} b">{escape(word)}</tspan>{after}</text>'


def line(points: list[tuple[float, float]], colour: str, wide: float) -> str:
    """A line through points."""
    path = " ".join(f"{n(x)},{n(y)}" for x, y in points)
    return (
        f'<polyline class="l-{colour}" points="{path}" stroke-width="{n(wide)}" '
        'stroke-linejoin="round"/>'
    )


def arrow(x: float, y: float, way: str, colour: str) -> str:
    """The head of an arrow around (x, y) that points "up", "down", "left" or "right"."""
    turned = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}[way]
    dx, dy = turned
    tip = (x + 5 * dx, y + 5 * dy)
    left = (x - 4 * dx + 6 * dy, y - 4 * dy + 6 * dx)
    right = (x - 4 * dx - 6 * dy, y - 4 * dy - 6 * dx)
    path = " ".join(f"{n(a)},{n(b)}" for a, b in (tip, left, right))
    return f'<polygon class="{colour}" points="{path}"/>'


def bar(x: float, y: float, wide: float, share: float | None, colour: str) -> str:
    """A bar that is full at 1; `None`: only its dashed ground, as nothing is known."""
    box = f'x="{n(x)}" y="{n(y)}" height="10" rx="3"'
    if share is None:
        return f'<rect class="l-still" {box} width="{n(wide)}" stroke-dasharray="3 3"/>'
    full = max(min(share, 1.0), 0.0) * wide
    ground = f'<rect class="track" {box} width="{n(wide)}"/>'
    return f'{ground}<rect class="bar {colour}" {box} width="{n(full)}"/>' if full > 0 else ground


_ICONS = {
    "grid": "M8 1 3 15M8 1l5 14M5 9h6M4 12.5 12 15M6.5 5h3M1 5h14M2 5v2M14 5v2",
    "sun": "M8 5a3 3 0 1 0 .01 0M8 .5v2M8 13.5v2M.5 8h2M13.5 8h2M2.7 2.7l1.4 1.4"
    "M11.9 11.9l1.4 1.4M2.7 13.3l1.4-1.4M11.9 4.1l1.4-1.4",
    "battery": "M4 3h8v12H4zM6.5 1h3M6.5 6h3M6.5 9h3M6.5 12h3",
    "house": "M1.5 8 8 2l6.5 6M3.5 7v7.5h9V7",
}


def icon(name: str, x: float, y: float, colour: str) -> str:
    """The drawing called `name`."""
    return drawing(_ICONS[name], x, y, colour)


def drawing(path: str, x: float, y: float, colour: str) -> str:
    """A drawing of 16 by 16: `path` is the `d` of an SVG path."""
    return (
        f'<path class="l-{colour}" transform="translate({n(x)} {n(y)})" d="{path}" '
        'stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/>'
    )
