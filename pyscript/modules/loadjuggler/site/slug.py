"""Names turned into parts of entity ids, as Home Assistant does it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


@lru_cache(maxsize=512)
def slug(text: str, without: str = "node") -> str:
    """`text` in small ASCII letters, digits and underscores: "Čar left!" -> "car_left".

    `without` is the result for a text that has none of these. A form asks ten times for the same
    one, so 512 are kept; nothing else than the arguments counts.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_") or without
