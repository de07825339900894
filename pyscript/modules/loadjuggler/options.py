"""Durations and thresholds of the control, all in one place.

Users change them in configuration.yaml (docs/how-it-works.md, Settings); tests make them short.
Each has a sentence that says what it is, its unit, what a larger or smaller value does, and its
source: a section of docs/product.md, or a decision in docs/decisions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

_LOWEST = {"tick_s": 0.1, "check_times": 0.001}
"""The smallest value of options that must not be 0; all others may be 0, none may be negative."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """When the engine runs, how long values are held, when calls and files are tried again."""

    tick_s: float = 5.0
    """The engine runs at least this often, in s, even if no wired sensor has changed. A larger
    value makes timers (graces, pauses, raises) end up to that much later; a smaller one costs
    processor time (product.md section 5)."""
    join_s: float = 0.5
    """Changes of sensors that arrive within this time, in s, after a run are handled together
    by the next run. A larger value delays the reaction to an overload by as much; 0 starts a
    run for every change (product.md section 5)."""
    hold_s: float = 60.0
    """The last good value of a sensor that gives nothing is used for this long, in s; after it
    the value is unknown. A meter that has been silent for longer sends its chargers to their
    fallback current. A larger value shares for longer on a reading that may be wrong
    (product.md section 6)."""
    calm_s: float = 600.0
    """A problem that is back within this time, in s, is the same one: it is neither notified nor
    told by an event again, and is over when it has been gone for as long. A smaller value tells a
    hob that overloads a breaker at each of its turns (decision 23)."""
    heat_s: float = 60.0
    """A breaker warms up with this time constant, in s. It is told as overloaded when it is as warm
    as after hours at 1.13 times its rating. A larger value tells later; 0 tells each overload of
    more than that at once (decision 43)."""
    show_s: float = 10.0
    """Measurements that have changed clearly are shown at most this often, in s, slight changes at
    most every three times that; a sensor that gives nothing is shown as that after this time.
    Whatever matters is shown at once. 0 shows every change at once; each is a row in the database
    of the recorder (decision 44)."""
    late_reports: float = 2.0
    """A meter whose form gives its interval counts as giving no reading once this many intervals
    have passed without a report: 2 * 10 s = 20 s. A smaller value notices a frozen meter
    earlier; below 1 a healthy meter would be given up (product.md section 6, decision 14)."""
    peak_s: float = 900.0
    """While a meter is silent, the highest draw that was not managed in this many s before
    stands in for its reading. A larger value is safer and leaves less to the loads (product.md
    section 6, decision 14)."""
    retry_s: float = 5.0
    """A call that failed, or a command that is not followed, is sent again after this time, in
    s. It is doubled each time: 5, 10, 20 s and so on, up to `retry_most_s` (product.md section
    6)."""
    retry_most_s: float = 300.0
    """The longest time between two tries, in s. A larger value asks a device that does not
    answer more seldom, and finds out later that it is back (product.md section 6)."""
    call_timeout_s: float = 30.0
    """A call of a service that takes longer than this, in s, counts as failed and is tried
    again. A smaller value gives up on slow devices (product.md section 6)."""
    gone_s: float = 30.0
    """An automation may be gone or unavailable for this long, in s, before its load leaves the
    plan. A smaller value lets go of loads while automations are being reloaded (product.md
    section 6)."""
    settle_s: float = 5.0
    """A load that names an unknown breaker is told as a mistake this long, in s, after the last
    form was announced: forms arrive in any order (product.md section 6)."""
    search_s: float = 10.0
    """Entities of a charger that are missing are looked for again after this time, in s;
    doubled each time in vain, up to `retry_most_s`. One look takes as long as ten runs
    (decision 22)."""
    save_s: float = 300.0
    """The memory is written to its file at most this often, in s; what people set is written at
    once. After a power cut what was learned in this time is missing. Energies and times of the day
    are shown as they are written, because they must not fall. A smaller value wears out a memory
    card (decision 44)."""
    picture_s: float = 10.0
    """The picture of the wiring is drawn at most this often, in s; 0 draws none. A smaller
    value costs processor time (decision 24)."""
    notify_any: float = 0.0
    """1 lets the site's form send notifications to any action, a script for example; 0 only to
    those of the domain notify (product.md section 7)."""


@dataclass(frozen=True, slots=True)
class ControlOptions(RunOptions):
    """When a load is raised, cut, stopped or told again."""

    raise_interval_s: float = 15.0
    """A load is raised at most once in this time, in s. A larger value raises more seldom
    (product.md section 5, decision 13)."""
    lasting_s: float = 10.0
    """A load is raised only into room that was free under its breakers for all of this time, in s;
    the raise interval, if that is shorter. With a smaller value a car follows every dip of the
    house and is cut again (decisions 13 and 25)."""
    start_s: float = 20.0
    """A load that lives from the sun starts only when the sun has been enough for this long, in s;
    after a stop for as long as its pause, if that is more. A smaller value lets shorter flashes of
    sun start a load, which then bridges their end for its grace (decision 34)."""
    ramp_a_s: float = 0.5
    """A raise is no larger than this many A per s times the raise interval: 0.5 A/s * 15 s =
    7.5 A. The first raise after a start or a new mode has no ramp (product.md section 5,
    decision 13)."""
    dead_band_a: float = 0.3
    """A raise, or a cut for lack of sun, that is smaller than this many A per leg is made only
    after `dead_band_s`. A larger value sends fewer commands and uses the sun less exactly. Cuts
    for a breaker or the import limit never wait (product.md section 5, decision 13)."""
    dead_band_s: float = 60.0
    """A change smaller than `dead_band_a` is made once it has been wanted for this long, in s.
    0 makes every change at once (product.md section 5, decision 13)."""
    smooth_s: float = 2.0
    """The sun that is left over is smoothed with this time constant, in s: after it, 63 % of a
    step are counted. A larger value follows clouds more slowly; 0 does not smooth. Meters and
    limits are never smoothed (decision 13)."""
    spare_s: float = 60.0
    """A car that takes clearly less than it is offered frees the rest for others after this
    time, in s. A smaller value also takes current from cars that pause for a moment (product.md
    section 2, decision 14)."""
    spare_a: float = 2.0
    """A car that takes less than it is offered is left this many A per leg above what it takes.
    A larger value keeps more reserved for nothing; a smaller one makes it harder to see that
    the car wants more again (product.md section 2)."""
    follow_s: float = 5.0
    """A ramp of the house, or of the sun, is expected to go on for this long, in s; and so
    long after a raise a charger is asked for a report, if its last one is older than twice this. A
    smaller value is late at the edge of a cloud (decisions 11 and 25)."""
    obeys_s: float = 2.5
    """So long, in s, a charger usually takes to obey a command, as long as nothing has been seen of
    it. A breaker that is still over its limit then has its loads cut further, down to their
    minimums. A smaller value cuts slow cars too far; a larger one is late at the edge of a cloud
    (decision 25)."""
    obeys_most_s: float = 10.0
    """So long, in s, a charger takes at most to obey a command, until it was seen to obey three
    times; only after that is it stopped because what it draws is still too much. A smaller
    value stops slow cars; a larger one hides new load behind a car for longer (decision 25)."""
    phase_wish_s: float = 120.0
    """The other number of phases must have been the better one for this long, in s, before a
    charger is switched. A smaller value switches contactors more often (decision 16)."""
    phase_settle_s: float = 20.0
    """After its switch has changed, a charger stays off for this long, in s, until car and
    charger are ready again (decision 16)."""
    phase_wait_s: float = 120.0
    """The car may take this long, in s, to stop, and then the switch as long to change, before
    a switch of phases is given up and told (decision 16)."""
    not_following_s: float = 15.0
    """A report shows that a command is not followed only if it was made at least this long, in
    s, after the command. A smaller value accuses slow chargers (product.md section 6)."""
    overdraw_a: float = 1.0
    """A load that draws more than this many A per leg above its command does not follow it. A
    smaller value takes errors of measurement for disobedience (product.md section 6)."""
    tx_sure_s: float = 10.0
    """A charging session is told everything once more this long, in s, after its first command:
    a charger that had not yet taken in the number of the transaction has rejected it, and
    nobody hears of that (decision 17)."""
    profile_s: float = 180.0
    """A command to an OCPP charger runs out this long, in s, after it was sent, and is renewed
    after a third of it. Then the fallback current holds. A larger value lets a charger go on
    for longer after Home Assistant has stopped; a smaller one sends more (product.md section 6,
    decision 17)."""


@dataclass(frozen=True, slots=True)
class Options(ControlOptions):
    """All settings of one engine: these, of what meters and legs show, and those above.

    Times are in s, currents in A per leg or phase, powers in W.
    """

    legs_s: float = 60.0
    """A car is taken to use fewer legs than are wired once the others have been idle for this
    long, in s. A smaller value takes a car that starts leg by leg for one with fewer phases,
    and hands its room to others (product.md section 2)."""
    idle_leg_a: float = 1.0
    """A leg that draws no more than this many A is idle (product.md section 2)."""
    rising_a_s: float = 0.15
    """What is not managed must rise by at least this many A per s, in most of the last three
    runs, to be expected to go on rising for `follow_s`. A smaller value takes noise for a ramp
    and cuts too much; a larger one is late at the edge of a cloud (decision 11)."""
    over_a: float = 0.2
    """A breaker counts as exceeded from this many A above its limit on: less is the resolution
    of meters. It decides when an overload is counted and told, never how much is handed out
    (decision 11)."""
    shortfall_s: float = 30.0
    """The site must have imported for this long, in s, while its battery gave less than was
    counted on, before the battery is counted on for no more than it gave. A smaller value loses
    battery power to batteries that answer slowly (product.md section 3)."""
    shortfall_w: float = 100.0
    """Import, or missing battery power, up to this many W is an error of measurement and does
    not start `shortfall_s` (product.md section 3)."""
    check_stage_s: float = 20.0
    """A check of the wiring has three stages of this length, in s: less current, as before,
    less again. A shorter stage ends before slow meters have shown it (product.md section 8,
    decision 20)."""
    check_times: float = 1.0
    """All durations of the plausibility checks are multiplied by this: 1 in a house, less in
    tests. A smaller value warns of states that are rare and right (decision 21)."""

    def backoff_s(self, times: int) -> float:
        """The time before the next try, in s, when the first try and `times` more have failed.

        With 5 s and at most 300 s: 0 -> 5 s, 1 -> 10 s, 2 -> 20 s, 6 and more -> 300 s.
        """
        return float(min(self.retry_s * 2.0 ** min(times, 30), self.retry_most_s))


_LEARNED = "How long a car takes to obey is learned; until then obeys_s and obeys_most_s count."


RETIRED = {"again_s": _LEARNED, "again_a": _LEARNED}
"""Settings of earlier versions, and what has taken their place."""


DEFAULTS = Options()
"""The settings of a user who has set nothing."""


def read_options(settings: Mapping[str, Any]) -> tuple[Options, list[str]]:
    """The options that a user has set, and a sentence for each setting that can't be used.

    `settings` are numbers by the name of an option. One that can't be used keeps its default.
    """
    names = [field.name for field in fields(Options)]
    good, errors = {}, []
    for name, value in settings.items():
        low = _LOWEST.get(name, 0.0)
        if name in RETIRED:
            errors.append(f"Setting '{name}' is not needed any more: remove it. {RETIRED[name]}")
        elif name not in names:
            errors.append(f"Setting '{name}' is unknown; there are {', '.join(names)}.")
        elif isinstance(value, bool) or not isinstance(value, int | float):
            errors.append(f"Setting '{name}': {value!r} is not a number.")
        elif not (math.isfinite(value) and value >= low):
            errors.append(f"Setting '{name}': {value} is too low or no usable number.")
        else:
            good[name] = float(value)
    return Options(**good), errors
