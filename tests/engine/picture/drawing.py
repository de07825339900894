"""A drawn picture as a test sees it: texts with the room they take, bars, colours.

Widths are reckoned here on their own: by the advance widths of DejaVu Sans, the widest of the usual
fonts, as shares of the size.
"""

from __future__ import annotations

import unicodedata
import xml.etree.ElementTree as ET
from dataclasses import dataclass

SVG = "{http://www.w3.org/2000/svg}"
# DejaVu Sans 2.37, per mille of the size.
ADVANCES = {
    278: "ijl'",
    318: " ,.·|",
    337: ":;/-",
    392: "tfr()",
    401: "!",
    520: "sczJI",
    550: "xkvyaeo?…",
    640: "bdghnpqu0123456789LF",
    690: "ABCDEGHKNOPQRSTUVXYZ",
    838: "w+−",
    980: "mMW%@",
}
SHARES = {sign: share / 1000 for share, signs in ADVANCES.items() for sign in signs}
BOLD = 1.1


def reckoned(words: str, size: float, *, bold: bool) -> float:
    total = 0.0
    for sign in words:
        if unicodedata.combining(sign):
            continue
        wide = unicodedata.east_asian_width(sign) in "WF"
        total += 1.0 if wide else SHARES.get(sign, 0.7)
    return total * size * (BOLD if bold else 1.0)


@dataclass(frozen=True)
class Box:
    """A text and the room that it takes."""

    words: str
    left: float
    top: float
    right: float
    bottom: float
    kind: str
    size: float

    def meets(self, other: Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


class Drawing:
    """An SVG that was read as XML."""

    def __init__(self, svg: str) -> None:
        self.root = ET.fromstring(svg)
        view = self.root.attrib["viewBox"].split()
        self.wide, self.high = float(view[2]), float(view[3])

    def texts(self) -> list[Box]:
        return [_box(element) for element in self.root.iter(f"{SVG}text")]

    def cards(self) -> list[tuple[float, float, float, float]]:
        """Left, top, right, bottom of each."""
        found = []
        for element in self.root.iter(f"{SVG}rect"):
            if element.get("class") == "card":
                x, y, w, h = (float(element.attrib[key]) for key in ("x", "y", "width", "height"))
                found.append((x, y, x + w, y + h))
        return found

    def bars(self, name: str) -> list[tuple[float, str]]:
        """Share of its ground that each bar of a breaker fills, and its colour."""
        return [
            (
                float(full.attrib["width"]) / float(ground.attrib["width"]),
                full.attrib["class"].removeprefix("bar "),
            )
            for ground, full in self._bars(name)
            if full is not None
        ]

    def _bars(self, name: str) -> list[tuple[ET.Element, ET.Element | None]]:
        parts = list(self.group(name))
        found: list[tuple[ET.Element, ET.Element | None]] = []
        for number, part in enumerate(parts):
            if part.get("class") == "track":
                after = parts[number + 1]
                full = after if (after.get("class") or "").startswith("bar ") else None
                found.append((part, full))
        return found

    def group(self, name: str) -> ET.Element:
        """The card whose title begins with `name`."""
        for group in self.root.iter(f"{SVG}g"):
            if (group.findtext(f"{SVG}title") or "").startswith(f"{name}:"):
                return group
        raise LookupError(name)

    def said(self, name: str) -> list[str]:
        """The texts on that card."""
        return [_box(element).words for element in self.group(name).iter(f"{SVG}text")]


def _box(element: ET.Element) -> Box:
    parts = [(element.text or "", element.get("class") or "")]
    for child in element:
        if child.tag == f"{SVG}tspan":
            parts.append((child.text or "", child.get("class") or ""))
        parts.append((child.tail or "", element.get("class") or ""))
    size = float(element.attrib["font-size"])
    wide = sum(reckoned(words, size, bold="b" in kind.split()) for words, kind in parts)
    x, y = float(element.attrib["x"]), float(element.attrib["y"])
    left = x - wide if element.get("text-anchor") == "end" else x
    words = "".join(words for words, _ in parts)
    kind = " ".join(kind for _, kind in parts if kind)
    return Box(words, left, y - 0.76 * size, left + wide, y + 0.24 * size, kind, size)
