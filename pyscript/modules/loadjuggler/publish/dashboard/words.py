"""The texts of the dashboard, by language; `{…}` is filled in."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Load Juggler",
        "changes": "What has changed",
        "no_change": "Nothing has changed yet.",
        "day": "%b %-d, %H:%M",
        "problem": "Something needs you",
        "no_loads": "No load is wired yet.",
        "main": "Main breaker",
        "breaker": "{name} · {limit} A",
        "phase": "Phase {phase}",
        "for_loads": "Free for cars and other loads",
        "sharing": "Sharing",
        "wiring": "Wiring",
        "energy": "Sun and battery",
        "sun": "Sun",
        "surplus": "Surplus",
        "battery": "Battery",
        "battery_power": "Battery power",
        "today": "The last 24 hours",
        "graph": "{name}, limit {limit} A",
        "limit": "Limit",
        "powers": "What the loads take",
        "told": "May take",
        "status": "Status",
        "mode": "Mode",
        "boost": "Boost {minutes} min",
        "boost_more": "{minutes} min",
        "takes": "Takes {power} now",
        "energy_today": "; today {energy}",
        "of_sun": ", {share} of it from the sun",
        "check": "Check wiring",
        "check_text": "{name} goes down and up by a few amperes for a minute. Check it now?",
        "not_yet": "nothing yet",
        "note": (
            "Copy all of this answer (Copy to clipboard, not: as template). Then: Settings > "
            "Dashboards > Add dashboard > New dashboard from scratch. Open it, choose the pencil, "
            "then the three dots at the top right, Raw configuration editor. Replace all that is "
            "there by what you have copied, and save. After a change of what is wired, do it again."
        ),
    },
    "sl": {
        "title": "Load Juggler",
        "changes": "Kaj se je spremenilo",
        "no_change": "Nič se še ni spremenilo.",
        "day": "%-d. %-m., %H:%M",
        "problem": "Nekaj potrebuje vašo pozornost",
        "no_loads": "Noben porabnik še ni povezan.",
        "main": "Glavni odklopnik",
        "breaker": "{name} · {limit} A",
        "phase": "Faza {phase}",
        "for_loads": "Prosto za avtomobile in druge porabnike",
        "sharing": "Delitev",
        "wiring": "Ožičenje",
        "energy": "Sonce in baterija",
        "sun": "Sonce",
        "surplus": "Presežek",
        "battery": "Baterija",
        "battery_power": "Moč baterije",
        "today": "Zadnjih 24 ur",
        "graph": "{name}, meja {limit} A",
        "limit": "Meja",
        "powers": "Kaj jemljejo porabniki",
        "told": "Sme vzeti",
        "status": "Stanje",
        "mode": "Način",
        "boost": "Takoj {minutes} min",
        "boost_more": "{minutes} min",
        "takes": "Zdaj jemlje {power}",
        "energy_today": "; danes {energy}",
        "of_sun": ", od tega {share} od sonca",
        "check": "Preveri ožičenje",
        "check_text": (
            "{name} se bo eno minuto za nekaj amperov spuščal in dvigal. Preverim ožičenje?"
        ),
        "not_yet": "še nič",
        "note": (
            "Kopirajte ves ta odgovor (ne kot predlogo). Nato: Nastavitve > Nadzorne plošče > "
            "Dodaj nadzorno ploščo > Nova plošča od začetka. Odprite jo, izberite svinčnik, nato "
            "tri pike zgoraj desno in urejevalnik surove konfiguracije. Vse v njem zamenjajte s "
            "kopiranim in shranite. Ko povežete kaj novega, ponovite."
        ),
    },
}
