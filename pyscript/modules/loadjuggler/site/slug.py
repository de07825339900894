"""Names turned into parts of entity ids, as Home Assistant does it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WHOLE = str.maketrans(
    {"ß": "ss", "đ": "d", "Đ": "D", "ð": "d", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ı": "i"}
    | {"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th"}
)
"""Letters that do not come apart into a plain one and a mark."""


@lru_cache(maxsize=512)
def slug(text: str, without: str = "node") -> str:
    """`text` in small ASCII letters, digits and underscores: "Čar left!" -> "car_left".

    `without` is the result for a text that has none of these. A form asks ten times for the same
    one, so 512 are kept; nothing else than the arguments counts.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_WHOLE)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_") or without


_TWO_LETTERS = re.compile(r"([aou])e|ss")
"""How umlauts and ß are written without them."""


@lru_cache(maxsize=512)
def loosely(text: str) -> str:
    """`text` without what people spell in several ways: "Wallbox Süd", "wallbox-sued": wallboxsud.

    Case, spaces, dashes, underscores and marks do not count, ue is ü, and ss is ß.
    """
    plain = slug(text, "").replace("_", "")
    return _TWO_LETTERS.sub(lambda found: found[1] or "s", plain)
