"""English words that sentences are joined from. Placeholders are amounts with their units."""

WORDS = {
    "decimal": ".",
    # breakers: how they are called
    "main": "main breaker",
    "breaker_ends": "breaker",
    "circuit": "{name} breaker",
    "named_circuit": "{name}",
    "form_of_site": "the site",
    # parts of sentences
    "on_phase": " on phase {phase}",
    "since": " for {time}",
    "with_help": " with {help_w} from the battery",
    "in_time": " in {time}",
    "buffer": " less the Power buffer of {buffer_w}",
    "lasting": ", for {time} now",
    "export": "{amount} of export",
    "one_hour": "the hour",
    "two_hours": "two hours",
    "may_trip_at_once": "may trip from 1 s on",
    "trips": "trips within {hours}",
    "may_trip": "may trip within {hours}",
    "breaker": " That is {times} × {size}: such a breaker {trips} (IEC 60898).",
    "has": "{name} has {amount}",
    "house_takes": "the house takes {amount}",
    "rest_takes": "the rest there takes {amount}",
    "and": " and ",
    "no_history": "nothing was told yet.",
    "title_wiring": "Load Juggler: the wiring",
    "check_gone": "The load has left the plan.",
    "broken": "The last run failed, nothing was changed: {error}",
}

TERMS: dict[str, str] = {}
"""Words that come with a reason, and what they are called; others are shown as they are."""
