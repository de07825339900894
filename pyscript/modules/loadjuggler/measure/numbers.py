"""Numbers as devices and people write them: with a point, or with a decimal comma.

    written as                          is
    6.3, 1e3                            what it says
    6,3   -6,30   0,125   1234,567      a decimal comma
    1.234,5   1 234,5   1'234,5         points, spaces or apostrophes between thousands
    1,234.5   1,234,567   1.234.567     commas or points between thousands
    6,345                               6.345 or 6345: nobody knows, so it is no number
    2_5, ٢٥                             no numbers: Python would read both as 25

Only one to three digits, a comma and just three digits can be read in two ways; a first digit 0
settles it, because no thousands begin with 0.
"""

from __future__ import annotations

import math
import re
from typing import Any

_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2019": "'", "\u2212": "-"})
"""Signs that stand for a space between thousands, an apostrophe there, and a minus."""


_COMMA = re.compile(r"[-+]?(\d+|\d{1,3}([ '.]\d{3})+),\d+", re.ASCII)
"""A decimal comma, after digits with or without a mark between thousands."""


_THOUSANDS = re.compile(
    r"[-+]?\d{1,3}((,\d{3})+\.\d+|(,\d{3}){2,}|(\.\d{3}){2,}|([ ']\d{3})+(\.\d+)?)", re.ASCII
)
"""Marks between thousands; with commas, spaces or apostrophes there may be a decimal point."""


_EITHER = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}", re.ASCII)
"""What can be read in two ways."""


LONGEST = 24
"""A longer text is no number that a house needs."""


def number(value: Any) -> float | None:
    """`value` as a finite number; `None` for anything else (unavailable, text, NaN, Inf)."""
    if type(value) is float:
        return value if math.isfinite(value) else None
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and not value.isascii():
        value = _plain(value)
    try:
        found = float(value)
    except ValueError:
        return _written(value)
    except (TypeError, OverflowError):
        return None
    if isinstance(value, str) and (not value.isascii() or "_" in value):
        return None  # only Python takes 2_5 and digits of other scripts for numbers
    return found if math.isfinite(found) else None


def ambiguous(value: Any) -> bool:
    """Whether a text can be read as a number in two ways: "6,345" may be 6.345 or 6345."""
    return isinstance(value, str) and _EITHER.fullmatch(_plain(value)) is not None


def _plain(text: str) -> str:
    """`text` without spaces around it, with the usual signs."""
    return text.strip().translate(_SPACES)


def _written(value: Any) -> float | None:
    """A text that is no number in Python as the number that it says; `None`: it says none."""
    if not isinstance(value, str) or len(value) > LONGEST or not any(map(str.isdigit, value)):
        return None
    text = _plain(value)
    if _EITHER.fullmatch(text):
        return None
    if _COMMA.fullmatch(text):
        whole, _, rest = text.partition(",")
        return float(f"{re.sub(r'[^-+0-9]', '', whole)}.{rest}")
    if _THOUSANDS.fullmatch(text):
        whole, _, rest = text.partition(".") if text.count(".") == 1 else (text, "", "0")
        return float(f"{re.sub(r'[^-+0-9]', '', whole)}.{rest}")
    return None
