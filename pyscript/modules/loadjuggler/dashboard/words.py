"""What the dashboard says by itself, by language; `{…}` is filled in."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Load Juggler",
        "now": "Now",
        "why": "Why",
        "problem": "Something needs you",
        "no_loads": "No load is wired yet.",
        "main": "Main breaker",
        "breaker": "{name} · {limit} A",
        "phase": "Phase {phase}",
        "for_loads": "For the loads",
        "sharing": "Sharing",
        "wiring": "Wiring",
        "energy": "Sun and battery",
        "sun": "Sun",
        "surplus": "Surplus",
        "battery": "Battery",
        "battery_power": "Battery power",
        "today": "The last 24 hours",
        "graph": "{name}, limit {limit} A",
        "powers": "What the loads take",
        "told": "May take",
        "takes": "Takes",
        "available": "Could take",
        "status": "Status",
        "mode": "Mode",
        "energy_today": "Today",
        "solar_share": "Solar today",
        "boost": "Boost",
        "check": "Check wiring",
        "check_text": "{name} goes down and up by a few amperes for a minute. Check it now?",
        "not_yet": "nothing yet",
        "mode_standard": "Standard",
        "mode_continuous": "Continuous",
        "mode_solar_priority": "Solar priority",
        "mode_solar_only": "Solar only",
        "mode_excess": "Excess",
        "mode_off": "Off",
        "note": (
            "Settings > Dashboards > Add dashboard > New dashboard from scratch. Open it, choose "
            "the pencil, then the three dots, Raw configuration editor. Replace all that is there "
            "with the text of yaml, and save. After a change of what is wired, do it again."
        ),
    },
    "sl": {
        "title": "Load Juggler",
        "now": "Zdaj",
        "why": "Zakaj",
        "problem": "Nekaj potrebuje vašo pozornost",
        "no_loads": "Nobeno breme še ni povezano.",
        "main": "Glavna varovalka",
        "breaker": "{name} · {limit} A",
        "phase": "Faza {phase}",
        "for_loads": "Za bremena",
        "sharing": "Delitev",
        "wiring": "Povezave",
        "energy": "Sonce in baterija",
        "sun": "Sonce",
        "surplus": "Presežek",
        "battery": "Baterija",
        "battery_power": "Moč baterije",
        "today": "Zadnjih 24 ur",
        "graph": "{name}, meja {limit} A",
        "powers": "Poraba bremen",
        "told": "Sme vzeti",
        "takes": "Jemlje",
        "available": "Lahko bi vzel",
        "status": "Stanje",
        "mode": "Način",
        "energy_today": "Danes",
        "solar_share": "Delež sonca danes",
        "boost": "Takoj",
        "check": "Preveri povezavo",
        "check_text": (
            "{name} se bo eno minuto za nekaj amperov spuščal in dvigal. Preverim povezavo?"
        ),
        "not_yet": "še nič",
        "mode_standard": "Standardno",
        "mode_continuous": "Neprekinjeno",
        "mode_solar_priority": "Prednost soncu",
        "mode_solar_only": "Samo sonce",
        "mode_excess": "Višek",
        "mode_off": "Izključeno",
        "note": (
            "Nastavitve > Nadzorne plošče > Dodaj nadzorno ploščo > Nova plošča od začetka. "
            "Odprite jo, izberite svinčnik, nato tri pike in urejevalnik surove konfiguracije. "
            "Vse v njem zamenjajte z besedilom yaml in shranite. Ko povežete kaj novega, ponovite."
        ),
    },
}
