"""The few words in the picture, and its numbers as people read them; `None` is "?"."""

from __future__ import annotations

_EN = {
    "title": "{site}: wiring and currents",
    "grid": "Grid",
    "sun": "Sun",
    "battery": "Battery",
    "rest": "Rest of the house",
    "main": "Main breaker",
    "limit": "limit {limit}",
    "headroom": "headroom",
    "import": "taken",
    "export": "fed in",
    "gives": "gives",
    "takes": "takes",
    "over": "over its limit",
    "of": "{draw} of {limit}",
    # the site
    "ok": "all is well",
    "problem": "problem",
    "blind": "meter silent",
    "error": "error",
    "no_site": "no site",
    # loads
    "charging": "charging",
    "ready": "ready",
    "on": "on",
    "waiting": "waiting",
    "grace": "holds on",
    "paused": "paused",
    "idle": "no car",
    "idle_plug": "idle",
    "off": "off",
    "changing_phases": "changing phases",
    "full": "full",
    "stale_meter": "meter silent",
    "starting": "starting",
    "not_following": "not following",
    "unreachable": "unreachable",
    # modes
    "mode_standard": "standard",
    "mode_continuous": "continuous",
    "mode_solar_priority": "solar priority",
    "mode_solar_only": "solar only",
    "mode_excess": "excess",
    "mode_boost": "boost",
    "mode_off": "off",
}
_SL = {
    "title": "{site}: povezave in tokovi",
    "grid": "Omrežje",
    "sun": "Sonce",
    "battery": "Baterija",
    "rest": "Drugo v hiši",
    "main": "Glavni odklopnik",
    "limit": "meja {limit}",
    "headroom": "na voljo",
    "import": "prevzem",
    "export": "oddaja",
    "gives": "daje",
    "takes": "polni",
    "over": "nad mejo",
    "of": "{draw} od {limit}",
    "ok": "vse v redu",
    "problem": "težava",
    "blind": "merilnik molči",
    "error": "napaka",
    "no_site": "ni hiše",
    "charging": "polni",
    "ready": "pripravljen",
    "on": "vklopljen",
    "waiting": "čaka",
    "grace": "vztraja",
    "paused": "premor",
    "idle": "brez avta",
    "idle_plug": "miruje",
    "off": "izključen",
    "changing_phases": "menja faze",
    "full": "poln",
    "stale_meter": "merilnik molči",
    "starting": "začenja",
    "not_following": "ne uboga",
    "unreachable": "nedosegljiv",
    "mode_standard": "standardno",
    "mode_continuous": "neprekinjeno",
    "mode_solar_priority": "prednost soncu",
    "mode_solar_only": "samo sonce",
    "mode_excess": "višek",
    "mode_boost": "takoj",
    "mode_off": "izključeno",
}
WORDS = {"en": _EN, "sl": _SL}
UNKNOWN = "?"


class Words:
    """Words and numbers of one language; one that is not known is English."""

    def __init__(self, language: str = "en") -> None:
        """Take the words of `language` ("sl", "sl-SI")."""
        self.language = language[:2] if language[:2] in WORDS else "en"
        self._words = WORDS[self.language]

    def __call__(self, key: str, **names: str) -> str:
        """The word for `key`; a code that has none is shown as it is."""
        return self._words.get(key, key.removeprefix("mode_").replace("_", " ")).format(**names)

    def amps(self, value: float | None) -> str:
        """A current: "11.2 A"."""
        return UNKNOWN if value is None else f"{self._number(value, 1)} A"

    def limit(self, value: float | None) -> str:
        """The limit of a breaker, whole where it is: "16 A"."""
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
