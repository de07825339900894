"""Names turned into parts of entity ids, as Home Assistant does it.

Home Assistant knows how the letters of all scripts are written in plain ones. The shell hands its
function in (`use`), so ids are its own in every script. Without it, as in tests and in the
simulator, the rules here do the same for Latin, Cyrillic and Greek letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

_LETTERS = (
    {"ß": "ss", "đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "ħ": "h", "ŋ": "ng", "ŧ": "t"}
    | {"æ": "ae", "œ": "oe", "þ": "th", "ĸ": "k", "°": "deg", "×": "x", "µ": "m"}
    | dict(zip("абвгдезиклмнопрстуфыэґі", "abvgdeziklmnoprstufyegi", strict=True))
    | {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "iu", "я": "ia"}
    | {"ъ": "", "ь": "", "є": "ie", "ђ": "dj", "ѕ": "dz", "ј": "j", "љ": "lj", "њ": "nj"}
    | {"ћ": "tsh", "џ": "dzh"}
    | dict(zip("αβγδεζηικλμνξοπρςστυω", "abgdezeiklmnxoprsstuo", strict=True))
    | {"θ": "th", "φ": "ph", "χ": "kh", "ψ": "ps"}
)
"""Small letters that do not come apart into a plain one and a mark, and how they are written."""


_WHOLE = str.maketrans(
    {key: one for low, one in _LETTERS.items() for key in (low, low.upper()) if len(key) == 1}
)


_QUOTES = "'‘’ʼ"
"""Signs that are left out of a word, and do not divide it, unless they are plain ones."""


LONGEST = 100
"""A slug is cut here. An id of an entity has two words of ours beside it, and Home Assistant takes
no more than 255 signs; letters of some scripts are written with six plain ones."""


_of_home_assistant: Callable[[str], str] | None = None
"""Home Assistant's own function; `None`: it was not handed in."""


def use(slugify: Callable[[str], str] | None) -> None:
    """Have slugs made by Home Assistant's function from now on; `None`: by the rules here."""
    global _of_home_assistant  # noqa: PLW0603, handed in once for each engine that is loaded
    _of_home_assistant = slugify
    slug.cache_clear()
    loosely.cache_clear()


@lru_cache(maxsize=512)
def slug(text: str, without: str = "node") -> str:
    """`text` in small ASCII letters, digits and underscores: "Čar left!" -> "car_left".

    `without` is the result for a text that has none of these. A form asks ten times for the same
    one, so 512 are kept; nothing else than the arguments, and what was handed in, counts.
    """
    own = _by_rules(text)
    found = own if _of_home_assistant is None else _of_home_assistant(text)
    if found == "unknown" and not own:  # what Home Assistant says for nothing
        found = ""
    return found[:LONGEST].strip("_") or without


def _by_rules(text: str) -> str:
    """`text` as a slug by the rules of this module; it may be empty."""
    apart = unicodedata.normalize("NFKD", text.replace("'", " ").translate(_WHOLE))
    plain = "".join(map(_plain, apart.translate(_WHOLE))).lower()
    plain = re.sub(r"(?<=\d),(?=\d)", "", plain)  # of 2,5 Home Assistant makes 25
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def _plain(sign: str) -> str:
    """A sign in ASCII: a mark on a letter is nothing, and other signs divide words."""
    if sign.isascii():
        return sign
    return "" if sign in _QUOTES or unicodedata.category(sign)[0] in "MLNC" else " "


_TWO_LETTERS = re.compile(r"([aou])e|ss")
"""How umlauts and ß are written without them."""


@lru_cache(maxsize=512)
def loosely(text: str) -> str:
    """`text` without what people spell in several ways: "Wallbox Süd", "wallbox-sued": wallboxsud.

    Case, spaces, dashes, underscores and marks do not count, ue is ü, and ss is ß.
    """
    plain = slug(text, "").replace("_", "")
    return _TWO_LETTERS.sub(lambda found: found[1] or "s", plain)
