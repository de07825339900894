"""Parts of sentences that are words or nothing, such as " on phase A" or ", since 5 min"."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..reasons import Reason
from . import WORDS
from .wording import Known, Name, amount, circuit_name, shown

LONG_S = 300.0
"""A small overload (1.13 to 1.45 times the rating) is told to trip the breaker from here on."""


def _on_phase(reason: Reason, known: Known) -> dict[str, str]:
    phase = reason.numbers.get("phase")
    if not phase:
        return {"on_phase": ""}
    return {"on_phase": WORDS[known.language]["on_phase"].format(phase=phase)}


def _of_sun(reason: Reason, known: Known) -> dict[str, str]:
    """What the sun leaves over for all loads, where other loads have used it up."""
    gives_a = reason.numbers.get("gives_a")
    if not isinstance(gives_a, (int, float)):
        return {"of_sun": ""}
    gives = amount(gives_a, "a", known.language)
    return {"of_sun": WORDS[known.language]["of_sun"].format(gives_a=gives)}


def _since(reason: Reason, known: Known) -> dict[str, str]:
    return {"since": _timed("since", reason.numbers.get("missing_s") or None, known)}


def _in_time(reason: Reason, known: Known) -> dict[str, str]:
    return {"in_time": _timed("in_time", reason.numbers.get("wait_s") or None, known)}


def _timed(word: str, seconds: float | str | None, known: Known) -> str:
    """The phrase `word` with a time in it; "" without a time."""
    if not isinstance(seconds, (int, float)):
        return ""
    time = amount(seconds, "s", known.language)
    return WORDS[known.language][word].format(time=time)


def _buffer(reason: Reason, known: Known) -> dict[str, str]:
    """The buffer below the import limit, if there is one."""
    buffer_w = reason.numbers.get("buffer_w")
    if not isinstance(buffer_w, (int, float)) or not buffer_w:
        return {"buffer": ""}
    free = amount(buffer_w, "w", known.language)
    return {"buffer": WORDS[known.language]["buffer"].format(buffer_w=free)}


def _with_help(reason: Reason, known: Known) -> dict[str, str]:
    """What the battery adds to the sun, from 1 W on."""
    help_w = reason.numbers.get("help_w")
    if not isinstance(help_w, (int, float)) or help_w < 1:
        return {"with_help": ""}
    gives = amount(help_w, "w", known.language)
    return {"with_help": WORDS[known.language]["with_help"].format(help_w=gives)}


def _overload(reason: Reason, known: Known) -> dict[str, str]:
    """How long a limit has been exceeded, the current without managed loads, and whether it trips.

    Source: IEC 60898-1, table 7: 1.13 x In for an hour (two above 63 A) without tripping, 1.45 x In
    must trip in that time, 2.55 x In in 1 s at the earliest.
    """
    language, words = known.language, WORDS[known.language]
    numbers = {key: value for key, value in reason.numbers.items() if not isinstance(value, str)}
    for_s, draw_a, limit_a = (numbers.get(key, 0.0) for key in ("for_s", "draw_a", "limit_a"))
    unit = "a" if "unmanaged_a" in numbers else "w"
    rest = numbers.get(f"unmanaged_{unit}", 0.0)
    without = amount(abs(rest), unit, language)
    times = draw_a / limit_a if limit_a > 0 else 0.0
    trips = ""
    if times >= 2.55:
        trips = "may_trip_at_once"
    elif times >= 1.45:
        trips = "trips"
    elif times >= 1.13 and for_s >= LONG_S:
        trips = "may_trip"
    breaker = ""
    if trips:
        hours = words["one_hour" if limit_a <= 63 else "two_hours"]
        breaker = words["breaker"].format(
            times=f"{times:.2f}".replace(".", words["decimal"]),
            size=amount(limit_a, "a", language),
            trips=words[trips].format(hours=hours),
        )
    return {
        "lasting": _timed("lasting", for_s if for_s >= 1 else None, known),
        "without": without if rest >= 0 else words["export"].format(amount=without),
        "breaker": breaker,
    }


def _meter(reason: Reason, known: Known) -> dict[str, str]:
    """What gives no reading: the meter of a breaker, the entity of the import limit, or a meter."""
    words, numbers = WORDS[known.language], reason.numbers
    circuit, key = str(numbers.get("circuit", "")), "meter_above"
    of = Name("")
    if circuit in known.site.circuits:
        key, of = "meter_of", circuit_name(circuit, known.site, known.language)
    elif "sensors" in numbers:
        key = "meter_import"
    found, sensors = {}, numbers.get("sensors", "")
    for case in ("", ":gen"):
        template = words.get(key + case, words[key])
        found[case] = template.format(circuit=of, sensors=sensors)
    meter = Name(found[""])
    meter.genitive = found[":gen"]
    return {"meter": meter}


def _most(reason: Reason, known: Known) -> dict[str, str]:
    """Where its maximum comes from: form, service or an entity."""
    words, numbers = WORDS[known.language], reason.numbers
    template = words[f"most_{numbers.get('most', 'form')}"]
    return {"most": template.format(entity=numbers.get("entity", ""))}


def _in_mode(hole: str) -> Part:
    """Words for `hole` that depend on the mode; "" for modes that have none."""

    def words(reason: Reason, known: Known) -> dict[str, str]:
        said = _where(f"{hole}_{reason.numbers.get('mode', '')}", known)
        return {hole: WORDS[known.language].get(said, "")}

    return words


def _where(key: str, known: Known) -> str:
    """The key of words off the grid, where nothing is exported, if there are some; else `key`."""
    off_grid = f"{key}_off_grid"
    return off_grid if known.site.off_grid and off_grid in WORDS[known.language] else key


def _exported(_: Reason, known: Known) -> dict[str, str]:
    """What becomes of an excess: it would be exported or, off the grid, left over."""
    return {"exported": WORDS[known.language][_where("exported", known)]}


def _no_grid(_: Reason, known: Known) -> dict[str, str]:
    """That a solar mode takes nothing from the grid; "" off the grid."""
    return {"no_grid": "" if known.site.off_grid else WORDS[known.language]["no_grid"]}


def _gone(reason: Reason, known: Known) -> dict[str, str]:
    """The entity that is missing of an unreachable load, or for how long it has been silent."""
    entity = reason.numbers.get("entity")
    if entity is not None:
        return {"gone": WORDS[known.language]["gone"].format(entity=entity)}
    return {"gone": _timed("gone_silent", reason.numbers.get("silent_s"), known)}


def _wants_none(reason: Reason, known: Known) -> dict[str, str]:
    """Why a car takes nothing, if the charger's status says so."""
    words, numbers = WORDS[known.language], reason.numbers
    if numbers.get("state") == "Preparing":
        return {"wants_none": words["not_started"]}
    if numbers.get("state") != "SuspendedEV":
        return {"wants_none": ""}
    times = numbers.get("times")
    if isinstance(times, (int, float)):
        return {
            "wants_none": words["wants_none_again"].format(
                times=amount(times, "times", known.language)
            )
        }
    return {"wants_none": words["wants_none"]}


def _stopped(reason: Reason, known: Known) -> dict[str, str]:
    """What a load was stopped for, and what must be free for it to start again."""
    words, numbers = WORDS[known.language], reason.numbers
    circuit, key = numbers.get("circuit"), f"stopped_{numbers.get('stopped_for')}"
    if key not in words or (key == "stopped_circuit" and circuit not in known.site.circuits):
        key = "stopped"
    name = ""
    if key == "stopped_circuit":
        name = circuit_name(str(circuit), known.site, known.language)
    return {"stopped": words[_where(key, known)].format(circuit=name)}


def _told_when(reason: Reason, known: Known) -> dict[str, str]:
    """When a load got the first command that it ignores, the last one, what its entity shows."""
    words, numbers = WORDS[known.language], reason.numbers
    since_a, shows = numbers.get("since_a"), ""
    since = ""
    if isinstance(since_a, (int, float)):
        since = words["told_since"].format(amount=amount(since_a, "a", known.language))
    if "shown" in numbers:
        what = {key: shown(key, numbers[key], known) for key in ("entity", "shown")}
        shows = words["told_shows"].format(**what)
    ago = _timed("told_ago", numbers.get("ago_s"), known)
    return {"told_ago": ago, "told_since": since, "told_shows": shows}


def _has_unit(reason: Reason, known: Known) -> dict[str, str]:
    """The unit of an entity, or that it has none."""
    words, unit = WORDS[known.language], reason.numbers.get("unit")
    return {"has_unit": words["has_unit"].format(unit=unit) if unit else words["has_no_unit"]}


def _may_say(reason: Reason, known: Known) -> dict[str, str]:
    """The words that an entity may say which has said another one; "": it says nothing."""
    words = reason.numbers.get("words")
    return {"may_say": WORDS[known.language]["may_say"].format(words=words) if words else ""}


def _if_shown(reason: Reason, known: Known) -> dict[str, str]:
    """The unusable state of an entity in brackets; "" if the entity does not exist."""
    state = reason.numbers.get("state", "not there")
    said = "" if state == "not there" else f" ({shown('state', state, known)})"
    return {"if_shown": said}


def _always(word: str) -> Part:
    """A sentence that is the same in several others."""
    return lambda _, known: {word: WORDS[known.language][word]}


Part = Callable[[Reason, Known], dict[str, str]]
"""From a reason and its house to words for holes in its template."""


PARTS: Mapping[str, Part] = {
    "on_phase": _on_phase,
    "of_sun": _of_sun,
    "since": _since,
    "in_time": _in_time,
    "buffer": _buffer,
    "with_help": _with_help,
    "lasting": _overload,
    "meter": _meter,
    "most": _most,
    "whatever": _in_mode("whatever"),
    "as_long": _in_mode("as_long"),
    "exported": _exported,
    "no_grid": _no_grid,
    "gone": _gone,
    "wants_none": _wants_none,
    "stopped": _stopped,
    "told_ago": _told_when,
    "has_unit": _has_unit,
    "may_say": _may_say,
    "if_shown": _if_shown,
    "choose_signed": _always("choose_signed"),
    "if_unsigned": _always("if_unsigned"),
}
"""For each hole in a template: the function that makes its words."""
