"""The words of the picture, and its numbers as text; `None` is "?"."""

from __future__ import annotations

from ...texts.labels import MODES, STATUSES

_EN = {
    "title": "{site}: wiring and currents",
    "grid": "Grid",
    "sun": "Sun",
    "battery": "Battery",
    "rest": "Rest of the house",
    "main": "Main breaker",
    "limit": "limit {limit}",
    "headroom": "For the loads:",
    "import": "from the grid",
    "export": "to the grid",
    "produced": "produced",
    "gives": "gives {power}",
    "takes": "takes {power}",
    "rests": "at rest",
    "over": "over its limit",
    "of": "{draw} of {limit}",
}


_SL = {
    "title": "{site}: povezave in tokovi",
    "grid": "Omrežje",
    "sun": "Sonce",
    "battery": "Baterija",
    "rest": "Drugo v hiši",
    "main": "Glavni odklopnik",
    "limit": "meja {limit}",
    "headroom": "Za porabnike:",
    "import": "iz omrežja",
    "export": "v omrežje",
    "produced": "proizvaja",
    "gives": "daje {power}",
    "takes": "jemlje {power}",
    "rests": "miruje",
    "over": "nad mejo",
    "of": "{draw} od {limit}",
}


WORDS = {
    language: {
        **own,
        **STATUSES[language],
        **{f"mode_{code}": word for code, word in MODES[language].items()},
    }
    for language, own in (("en", _EN), ("sl", _SL))
}


UNKNOWN = "?"


class Words:
    """Words and numbers in one language; an unknown language is English."""

    def __init__(self, language: str = "en") -> None:
        """Take the words of `language` ("sl", "sl-SI")."""
        self.language = language[:2] if language[:2] in WORDS else "en"
        self._words = WORDS[self.language]

    def __call__(self, key: str, **names: str) -> str:
        """The word for `key`, with its holes filled; a code without a word is shown as it is."""
        return self._words.get(key, key.removeprefix("mode_").replace("_", " ")).format(**names)

    def amps(self, value: float | None) -> str:
        """A current: "11.2 A"."""
        return UNKNOWN if value is None else f"{self._number(value, 1)} A"

    def limit(self, value: float | None) -> str:
        """The limit of a breaker: "16 A", "12.5 A"."""
        if value is None:
            return UNKNOWN
        return f"{self._number(value, 0 if float(value).is_integer() else 1)} A"

    def watts(self, value: float | None) -> str:
        """A power: "850 W", "2.3 kW"."""
        if value is None:
            return UNKNOWN
        if abs(round(value)) < 1000:
            return f"{self._number(value, 0)} W"
        return f"{self._number(value / 1000, 1)} kW"

    def percent(self, value: float | None) -> str:
        """A state of charge: "62 %"."""
        return f"{UNKNOWN if value is None else self._number(value, 0)} %"

    def _number(self, value: float, digits: int) -> str:
        text = f"{value:.{digits}f}"
        text = text.lstrip("-") if not text.strip("-0.") else text.replace("-", "−")
        return text.replace(".", ",") if self.language == "sl" else text
