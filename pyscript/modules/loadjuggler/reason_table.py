"""What each code of a reason means: its family, what comes next, the status of the load.

One line a code, and a sentence for each in all languages of `texts`: a new reason begins here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """What a reason is about. Who needs to know that asks for the family, not for codes."""

    # --- why a load has what it has
    ENOUGH = "enough"
    """It has all that it may take."""
    LIMIT = "limit"
    """A breaker or the import limit has no more for it."""
    SOURCE = "source"
    """What it lives from (sun, battery, inverter, excess) has no more for it."""
    OTHERS = "others"
    """Something is kept for another load."""
    SPARES = "spares"
    """It takes less than it may."""
    GRACE = "grace"
    """It lacks sun and goes on for a while yet."""
    PAUSE = "pause"
    """It stays off for a while after a stop, or as long as a person said."""
    PHASES = "phases"
    """It is off while it is switched between one and three phases."""
    TIMER = "timer"
    """It is told more at a time that is known."""
    PENDING = "pending"
    """It is told more when others have made room."""
    DISOBEYS = "disobeys"
    """It does something else than it was told."""
    UNTOLD = "untold"
    """Nothing that it is told arrives."""
    HAND = "hand"
    """A person has switched it at the device itself."""
    STATION = "station"
    """Its charging station holds the car back by itself."""
    AWAY = "away"
    """It can't be reached."""
    SERVED = "served"
    """It is served before the sharing."""
    IDLE = "idle"
    """It asks for nothing: there is no car, or the car has ended."""
    WANTED = "wanted"
    """A person has set it so that it gets nothing."""
    BLIND = "blind"
    """A meter above it gives no reading now."""
    SILENT = "silent"
    """The meter of a breaker above it has been silent for too long."""
    CHECK = "check"
    """Its wiring is being checked."""
    ASIDE = "aside"
    """Said before or after the reason of a load."""
    # --- what is wrong with the house
    MISSING = "missing"
    """An entity gives nothing; its last value counts for a while yet."""
    TROUBLE = "trouble"
    """Something can't be read, or does not do what it should."""
    CONTRADICTION = "contradiction"
    """The sensors of a load contradict each other."""
    GONE = "gone"
    """An entity without which nothing can be sent to a load is not there."""
    OVERLOAD = "overload"
    """A limit is exceeded, and managed loads have a part in it."""
    OVERLOAD_UNMANAGED = "overload_unmanaged"
    """A limit is exceeded by what is not managed alone."""
    WIRING = "wiring"
    """A meter shows that something is wired otherwise than its form says."""
    WRONG_WAY = "wrong_way"
    """A meter shows what is taken as fed in, so it hides what flows."""
    UNSEEN = "unseen"
    """A meter does not see loads, so it hides what they take."""
    NO_SIGN = "no_sign"
    """A meter can't tell feeding in from taking. It never shows less than what flows."""
    COPIED = "copied"
    """Two sensors show one amount, so a meter or a charger is not measured at all."""
    PLACED = "placed"
    """A load is not on the phase that its form says, so the wrong breaker is guarded."""
    FORM = "form"
    """What a form says can't be right."""
    # --- what came of a check of the wiring
    ANSWERED = "answered"
    """The meter answered."""
    AGAINST = "against"
    """The meter answered, the wrong way round."""
    NO_ANSWER = "no_answer"
    """The meter did not move, which is an answer, too: the load may not be behind it."""
    UNCLEAR = "unclear"
    """The meter's answer can't be read."""
    NOT_CHECKED = "not_checked"
    """The check could not be made, or was ended."""
    SITE = "site"
    """About the site as a whole."""


class Next(StrEnum):
    """What comes next for a load: a sentence in `texts` under `next_<value>`."""

    NOTHING = "nothing"
    """Nothing, it has all that it may take."""
    OFF = "off"
    """Nothing until its mode is changed."""
    MORE = "more"
    """It gets more when the limit leaves more."""
    STARTS = "starts"
    """It starts when the limit leaves its minimum."""
    TAKES = "takes"
    """It gets more when it takes what it has."""
    CAR = "car"
    """It gets something when a car asks."""
    BACK = "back"
    """It goes on when it can be reached again."""
    METER = "meter"
    """It goes on when the meter reports again."""
    SAID = "said"
    """The sentence of the reason says it, or there is nothing to say."""


TAKES_NOTHING = "takes_nothing"
"""Stands for the status of a load that takes nothing of what it has, or would have."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code means.

    `next` is what comes next for the load. `status` is its status while this is its reason;
    `TAKES_NOTHING` is "full" or "ready" for a charger, as its car says; "": what the load does
    says it (charging, waiting, on).
    """

    family: Family
    next: Next = Next.SAID
    status: str = ""


def meaning(code: str) -> Meaning:
    """What `code` means; KeyError for one that is in no table."""
    return MEANINGS[code]


def is_known(code: str) -> bool:
    """Whether this version has `code`: what is stored may be of another one."""
    return code in MEANINGS


_LOADS: Mapping[str, Meaning] = {
    # it has all that it may take, or takes less
    "maximum": Meaning(Family.ENOUGH, Next.NOTHING),
    "plug_on": Meaning(Family.ENOUGH, Next.NOTHING),
    "takes_less": Meaning(Family.SPARES, Next.TAKES),
    "takes_nothing": Meaning(Family.SPARES, Next.TAKES, TAKES_NOTHING),
    "kept_for_next": Meaning(Family.OTHERS),
    "keeps": Meaning(Family.OTHERS, Next.MORE),
    # limits, and sources
    "circuit_full": Meaning(Family.LIMIT, Next.MORE),
    "circuit_too_small": Meaning(Family.LIMIT, Next.STARTS),
    "circuit_gave_way": Meaning(Family.LIMIT, Next.STARTS, TAKES_NOTHING),
    "import_full": Meaning(Family.LIMIT, Next.MORE),
    "import_too_small": Meaning(Family.LIMIT, Next.STARTS),
    "import_gave_way": Meaning(Family.LIMIT, Next.STARTS, TAKES_NOTHING),
    "surplus_full": Meaning(Family.SOURCE, Next.MORE),
    "surplus_minimum": Meaning(Family.SOURCE, Next.MORE),
    "surplus_too_small": Meaning(Family.SOURCE, Next.STARTS),
    "battery_first_minimum": Meaning(Family.SOURCE, Next.MORE),
    "battery_first_too_small": Meaning(Family.SOURCE, Next.STARTS),
    "excess_full": Meaning(Family.SOURCE, Next.MORE),
    "excess_minimum": Meaning(Family.SOURCE, Next.MORE),
    "excess_too_small": Meaning(Family.SOURCE, Next.STARTS),
    "own_full": Meaning(Family.SOURCE, Next.MORE),
    "own_too_small": Meaning(Family.SOURCE, Next.STARTS),
    "inverter_full": Meaning(Family.SOURCE, Next.MORE),
    "inverter_minimum": Meaning(Family.SOURCE, Next.MORE),
    "inverter_too_small": Meaning(Family.SOURCE, Next.STARTS),
    # patience
    "grace": Meaning(Family.GRACE, status="grace"),
    "grace_excess": Meaning(Family.GRACE, status="grace"),
    "grace_battery": Meaning(Family.GRACE, status="grace"),
    "pause": Meaning(Family.PAUSE, status="paused"),
    "rests": Meaning(Family.PAUSE, status="paused"),
    "paused_by_you": Meaning(Family.PAUSE, status="paused"),
    "to_one_phase": Meaning(Family.PHASES, status="changing_phases"),
    "to_three_phases": Meaning(Family.PHASES, status="changing_phases"),
    # fast down, slow up
    "raise_waits": Meaning(Family.TIMER),
    "start_waits": Meaning(Family.TIMER),
    "room_pending": Meaning(Family.PENDING),
    "start_pending": Meaning(Family.PENDING),
    # it does not do what it is told, or can't be told
    "not_following": Meaning(Family.DISOBEYS, status="not_following"),
    "not_taken": Meaning(Family.DISOBEYS, status="not_following"),
    "not_told": Meaning(Family.UNTOLD, status="not_following"),
    "never_told": Meaning(Family.UNTOLD, status="not_following"),
    "wrong_version": Meaning(Family.UNTOLD, status="not_following"),
    "other_in_force": Meaning(Family.DISOBEYS, status="not_following"),
    "not_in_force": Meaning(Family.STATION),
    "on_by_hand": Meaning(Family.HAND),
    "switched_off": Meaning(Family.HAND, status="off"),
    "switched_off_today": Meaning(Family.HAND, status="off"),
    "came_back": Meaning(Family.PENDING),
    "not_switched": Meaning(Family.DISOBEYS, status="not_following"),
    "held_back": Meaning(Family.STATION),
    "waits_turn": Meaning(Family.STATION),
    "lost": Meaning(Family.AWAY, Next.BACK, "unreachable"),
    "unreachable": Meaning(Family.AWAY, Next.BACK, "unreachable"),
    # it does not share, or a meter above it gives nothing
    "essential": Meaning(Family.SERVED, Next.NOTHING),
    "idle": Meaning(Family.IDLE, Next.CAR, "idle"),
    "idle_nothing": Meaning(Family.IDLE, Next.CAR, "idle"),
    "idle_blind": Meaning(Family.BLIND, Next.CAR, "idle"),
    "off": Meaning(Family.WANTED, Next.OFF, "off"),
    "maximum_below_minimum": Meaning(Family.WANTED),
    "session_limit_too_low": Meaning(Family.WANTED),
    "blind": Meaning(Family.BLIND, Next.METER, "stale_meter"),
    "blind_off": Meaning(Family.BLIND, Next.METER, "stale_meter"),
    "blind_start": Meaning(Family.BLIND, Next.METER, "starting"),
    "silent_fallback": Meaning(Family.SILENT, Next.METER, "stale_meter"),
    "silent_stops": Meaning(Family.SILENT, Next.METER, "stale_meter"),
    "silent_stays": Meaning(Family.SILENT, Next.METER),
    "hidden_fallback": Meaning(Family.SILENT, Next.METER, "stale_meter"),
    "hidden_stops": Meaning(Family.SILENT, Next.METER, "stale_meter"),
    "hidden_stays": Meaning(Family.SILENT, Next.METER),
    "checking_wiring": Meaning(Family.CHECK),
}


_ASIDES = (
    "boost_left", "battery_gives", "paused_by_switch", "paused_by_zero", "paused_at_least",
    "paused_at_minimum", "paused_no_switch", "no_fallback", "session_limit_holds", "cure_ends",
    "cure_stuck", "cure_drops", "way_relative", "way_single", "way_unnamed", "way_default",
    "ways_in_vain", "offers_less", "fed_in_elsewhere", "call_failed", "call_keeps",
    "wrong_phase_hint", "remapped",
)  # fmt: skip
"""Said before or after the reason of a load."""


_HOUSE: Mapping[str, Family] = {
    "sensor_missing": Family.MISSING,
    "comma_unclear": Family.MISSING,
    "meter_late": Family.MISSING,
    "meter_silent": Family.TROUBLE,
    "unit_unknown": Family.TROUBLE,
    "unit_no_power": Family.TROUBLE,
    "too_much": Family.TROUBLE,
    "not_percent": Family.TROUBLE,
    "setting_missing": Family.MISSING,
    "dial_unusable": Family.TROUBLE,
    "status_not_understood": Family.TROUBLE,
    "phases_unknown": Family.TROUBLE,
    "phases_failed": Family.TROUBLE,
    "charger_silent": Family.TROUBLE,
    "draw_unknown": Family.TROUBLE,
    "session_rounded": Family.TROUBLE,
    "untold": Family.TROUBLE,
    "disobeys": Family.TROUBLE,
    "about_load": Family.TROUBLE,
    "power_above_current": Family.CONTRADICTION,
    "energy_above_current": Family.CONTRADICTION,
    "draws_at_rest": Family.CONTRADICTION,
    "charger_unknown": Family.GONE,
    "charger_nameless": Family.GONE,
    "charger_swapped": Family.GONE,
    "charger_astray": Family.GONE,
    "charger_offline": Family.GONE,
    "dial_missing": Family.GONE,
    "overload": Family.OVERLOAD,
    "import_over": Family.OVERLOAD,
    "overload_unmanaged": Family.OVERLOAD_UNMANAGED,
    "import_over_unmanaged": Family.OVERLOAD_UNMANAGED,
    "wrong_phase": Family.WIRING,
    "not_behind": Family.UNSEEN,
    "not_seen": Family.UNSEEN,
    "meter_crossed": Family.WIRING,
    "meter_inverted": Family.WRONG_WAY,
    "clamp_inverted": Family.WRONG_WAY,
    "meter_turned": Family.WRONG_WAY,
    "meter_unsigned": Family.NO_SIGN,
    "remap_notice": Family.WIRING,
    "check_running": Family.ANSWERED,
    "check_right": Family.ANSWERED,
    "check_alike": Family.ANSWERED,
    "check_wrong": Family.ANSWERED,
    "check_against": Family.AGAINST,
    "check_turned": Family.AGAINST,
    "check_unsigned": Family.AGAINST,
    "check_nothing": Family.NO_ANSWER,
    "check_unclear": Family.UNCLEAR,
    "check_few": Family.UNCLEAR,
    "check_not_charging": Family.NOT_CHECKED,
    "check_legs": Family.NOT_CHECKED,
    "check_plug": Family.NOT_CHECKED,
    "check_no_room": Family.NOT_CHECKED,
    "check_blind": Family.NOT_CHECKED,
    "check_overload": Family.NOT_CHECKED,
    "setup_meter_sign": Family.WRONG_WAY,
    "setup_meter_turned": Family.WRONG_WAY,
    "setup_meter_small": Family.UNSEEN,
    "setup_meter_misses": Family.UNSEEN,
    "setup_meter_above": Family.FORM,
    "setup_meter_huge": Family.FORM,
    "setup_solar_sign": Family.FORM,
    "setup_output_sign": Family.FORM,
    "setup_battery_sign": Family.FORM,
    "setup_soc_scale": Family.FORM,
    "setup_battery_seldom": Family.FORM,
    "setup_battery_phase": Family.FORM,
    "setup_battery_all": Family.FORM,
    "setup_sum": Family.FORM,
    "setup_sum_sign": Family.FORM,
    "setup_unsigned": Family.NO_SIGN,
    "setup_unsigned_sun": Family.NO_SIGN,
    "setup_meter_house": Family.NO_SIGN,
    "setup_import_low": Family.FORM,
    "setup_max_above": Family.FORM,
    "setup_fallbacks": Family.FORM,
    "setup_no_room": Family.FORM,
    "setup_buffer": Family.FORM,
    "setup_named_meter": Family.FORM,
    "setup_named_sun": Family.FORM,
    "setup_ratings": Family.FORM,
    "setup_copied": Family.COPIED,
    "setup_plug_phase": Family.PLACED,
    "new_charger": Family.SITE,
    "ok": Family.SITE,
    "no_site": Family.SITE,
}
"""What is wrong with the house, and what comes of a check: no load has these as its reason."""


MEANINGS: Mapping[str, Meaning] = {
    **_LOADS,
    **{code: Meaning(Family.ASIDE) for code in _ASIDES},
    **{code: Meaning(family) for code, family in _HOUSE.items()},
}
"""Every code."""
