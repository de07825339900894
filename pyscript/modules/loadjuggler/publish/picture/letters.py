"""Widths of text, and shortening it to fit. The font is unknown, so widths are upper estimates."""

from __future__ import annotations

import unicodedata

THIN = frozenset("iIJjl.,:;'|! ·")


NARROW = frozenset("tfr()[]/-")


WIDE = frozenset("mwMW@%&")


ELLIPSIS = "…"


_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def clean(text: str) -> str:
    """`text` as one line of characters that XML 1.0 allows (section 2.2), without control signs.

    Characters that change the writing direction are removed, too: they would turn the text after a
    name.
    """
    kept = []
    for sign in text:
        kind = unicodedata.category(sign)
        if sign in "\t\n\r" or kind in ("Zl", "Zp"):
            kept.append(" ")
        elif kind in ("Cc", "Cs") or sign in _TURNING or sign in "\ufffe\uffff":
            continue
        else:
            kept.append(sign)
    return " ".join("".join(kept).split())


def escape(text: str) -> str:
    """`text` for XML, in content and in quotes."""
    for sign, name in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot")):
        text = text.replace(sign, f"&{name};")
    return text


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of `text` in the unit of `size` (the height of the font), an upper estimate.

    Widths of characters are those of DejaVu Sans, the widest of the common screen fonts.
    """
    total = sum(_share(sign) for sign in text)
    return total * size * (1.13 if bold else 1.0)


def _share(sign: str) -> float:
    if unicodedata.combining(sign):
        return 0.0
    if sign in THIN:
        return 0.34
    if sign in NARROW:
        return 0.42
    if sign in WIDE:
        return 1.0
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.4 if unicodedata.category(sign) == "So" else 1.05
    if ord(sign) >= 0x250:
        return 0.95
    return 0.8 if sign.isupper() else 0.65


def shorten(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """`text`, or as much of its beginning as fits into the width `room` with an ellipsis."""
    if width(text, size, bold=bold) <= room:
        return text
    room -= width(ELLIPSIS, size, bold=bold)
    end, used = 0, 0.0
    for sign in text:
        used += width(sign, size, bold=bold)
        if used > room:
            break
        end += 1
    return f"{text[:end].rstrip(chr(0x200D) + ' ')}{ELLIPSIS}"


def wrap(text: str, size: float, room: float, most: int) -> list[str]:
    """`text` in at most `most` lines of the width `room`; the last ends in an ellipsis if cut."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if not line or width(longer, size) <= room:
            line = longer
        else:
            lines.append(line)
            line = word
    lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [shorten(one, size, room) for one in lines]
