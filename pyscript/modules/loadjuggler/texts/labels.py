"""Names of statuses, modes and entities, by language; `{…}` is filled in.

Codes and entity ids are the same in every language; only their names differ.
"""

from __future__ import annotations

STATUSES = {
    "en": {
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
        "idle_carless": "idle",
        "off": "off",
        "changing_phases": "changing phases",
        "full": "full",
        "stale_meter": "meter silent",
        "starting": "starting",
        "not_following": "not following",
        "unreachable": "unreachable",
    },
    "sl": {
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
        "idle_carless": "miruje",
        "off": "izključen",
        "changing_phases": "menja faze",
        "full": "poln",
        "stale_meter": "merilnik molči",
        "starting": "začenja",
        "not_following": "ne uboga",
        "unreachable": "nedosegljiv",
    },
}


MODES = {
    "en": {
        "standard": "standard",
        "continuous": "continuous",
        "solar_priority": "solar priority",
        "solar_only": "solar only",
        "excess": "excess",
        "boost": "boost",
        "off": "off",
    },
    "sl": {
        "standard": "standardno",
        "continuous": "stalno",
        "solar_priority": "prednost soncu",
        "solar_only": "samo sonce",
        "excess": "višek",
        "boost": "takoj",
        "off": "izključeno",
    },
}


ENTITIES = {
    "en": {
        "status": "Load Juggler status",
        "changes": "Load Juggler changes",
        "wiring_check": "Load Juggler wiring check",
        "grid_available_power": "Load Juggler grid available power",
        "surplus_power": "Load Juggler surplus power",
        "battery_available_power": "Load Juggler battery available power",
        "import_over_limit_time": "Load Juggler import over limit time",
        "import_over_limit_energy": "Load Juggler import over limit energy",
        "main": "Main breaker",
        "limit": "{name} limit",
        "current": "{name} current {phase}",
        "headroom": "{name} headroom {phase}",
        "over_limit_time": "{name} over limit time {phase}",
        "over_limit_ampere_seconds": "{name} over limit ampere seconds {phase}",
        "load_allocated_current": "{name} allocated current",
        "load_available_current": "{name} available current",
        "load_power": "{name} power",
        "load_energy_today": "{name} energy today",
        "load_solar_share_today": "{name} solar share today",
        "load_status": "{name} status",
        "load_mode": "{name} mode",
        "load_reason": "{name} reason",
    },
    "sl": {
        "status": "Load Juggler: stanje",
        "changes": "Load Juggler: spremembe",
        "wiring_check": "Load Juggler: preverjanje ožičenja",
        "grid_available_power": "Load Juggler: na voljo iz omrežja",
        "surplus_power": "Load Juggler: sončni presežek",
        "battery_available_power": "Load Juggler: na voljo iz baterije",
        "import_over_limit_time": "Load Juggler: čas nad omejitvijo odjema",
        "import_over_limit_energy": "Load Juggler: energija nad omejitvijo odjema",
        "main": "Glavni odklopnik",
        "limit": "{name}: meja",
        "current": "{name}: tok, faza {phase}",
        "headroom": "{name}: za porabnike, faza {phase}",
        "over_limit_time": "{name}: čas nad mejo, faza {phase}",
        "over_limit_ampere_seconds": "{name}: ampersekunde nad mejo, faza {phase}",
        "load_allocated_current": "{name}: dovoljeni tok",
        "load_available_current": "{name}: razpoložljivi tok",
        "load_power": "{name}: moč",
        "load_energy_today": "{name}: energija danes",
        "load_solar_share_today": "{name}: delež sonca danes",
        "load_status": "{name}: stanje",
        "load_mode": "{name}: način",
        "load_reason": "{name}: razlog",
    },
}


def status(code: str, language: str, *, has_car: bool = True) -> str:
    """The name of a status; the idle status of a load without a car says nothing of cars."""
    words = STATUSES[language]
    return words["idle_carless"] if code == "idle" and not has_car else words.get(code, code)


def mode(code: str, language: str) -> str:
    """The name of a mode."""
    return MODES[language].get(code, code)
