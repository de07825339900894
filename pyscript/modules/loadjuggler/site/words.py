"""Words that people type: what of them counts."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_BLANKS = str.maketrans({"_": " ", "-": " "})


YES, NO = (
    ("true", "yes", "on", "1", "da", "vklopljeno"),
    ("false", "no", "off", "0", "ne", "izklopljeno"),
)
"""Words for yes and for no, as flags of forms and switches are shown."""


@lru_cache(maxsize=1024)
def key(text: str) -> str:
    """What counts of a word: not its case, blanks, dashes, underscores or marks.

    Example: "Solar only", " solar_only ", "SOLAR-ONLY" are "solar only", "Višek" is "visek".
    Nothing else than the text counts, and entities say the same few words all day.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_BLANKS).casefold())
    return " ".join("".join(one for one in plain if not unicodedata.combining(one)).split())
