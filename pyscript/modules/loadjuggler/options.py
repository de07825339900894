"""Durations and thresholds of the control, in one place, so that tests can make them short."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

_LOWEST = {"tick_s": 0.1, "check_times": 0.001}
"""Options that must not be 0, and the least they may be."""


@dataclass(frozen=True, slots=True)
class Options:
    """All times in s, currents in A, powers in W. Sources: docs/product.md sections 1 to 6."""

    tick_s: float = 5.0
    """A run at least this often."""
    join_s: float = 0.5
    """Changes within this time after a run are joined into the next."""
    raise_interval_s: float = 15.0
    """At most one raise per charger in this time."""
    ramp_a_s: float = 0.5
    """A per second by which a charger's current grows at most."""
    dead_band_a: float = 0.3
    """A raise, or a cut for lack of sun, by less than this waits ..."""
    dead_band_s: float = 60.0
    """... until it has been wanted for so long."""
    smooth_s: float = 2.0
    """Time constant by which what the sun leaves over is smoothed."""
    hold_s: float = 60.0
    """How long the last good value of a sensor that gives nothing is used, and a meter may be
    silent before chargers go to their fallback current."""
    late_reports: float = 2.0
    """A meter whose interval is known is silent after so many of them without a report."""
    peak_s: float = 900.0
    """While a meter is silent, the highest of so long before it counts as not managed."""
    retry_s: float = 5.0
    """A call that failed, or a command that is not followed, is sent again after this time, ..."""
    retry_most_s: float = 300.0
    """... doubled each time, up to this."""
    spare_s: float = 60.0
    """How long a load takes less than it may before others get the rest."""
    spare_a: float = 2.0
    """What it is left above what it takes."""
    follow_s: float = 5.0
    """How long a cut is judged with the larger of report and command."""
    phase_wish_s: float = 120.0
    """How long another number of phases must be the better one before a charger is switched."""
    phase_settle_s: float = 20.0
    """How long it stays off after its switch has changed, and ..."""
    phase_wait_s: float = 120.0
    """... how long its car may take to stop, and its switch to change, before that is given up."""
    not_following_s: float = 15.0
    """How old a command must be before a report can say that it is not followed."""
    overdraw_a: float = 1.0
    """A load that draws more than this above its command does not follow."""
    call_timeout_s: float = 30.0
    """A call that takes longer counts as failed."""
    tx_sure_s: float = 10.0
    """So long after its first command a session is told once more: it may have been too early."""
    profile_s: float = 180.0
    """A command to a charger runs out after this time, and is renewed after a third of it."""
    legs_s: float = 60.0
    """How long legs must be idle before a car is taken not to use them."""
    idle_leg_a: float = 1.0
    """A leg that draws no more than this is idle."""
    gone_s: float = 30.0
    """How long an automation may be gone before its load leaves the plan."""
    settle_s: float = 5.0
    """After the last announcement, how long an unknown breaker may still turn up."""
    search_s: float = 10.0
    """Between two looks for entities of a charger that are missing; longer while it is in vain."""
    rising_a_s: float = 0.15
    """A per second by which what is not managed must rise to be expected to go on rising."""
    over_a: float = 0.2
    """A breaker that carries no more than this above its limit is not clearly over it."""
    again_s: float = 2.0
    """A breaker that is clearly over its limit for so long although loads are being cut ..."""
    again_a: float = 1.0
    """... has them cut by this much more."""
    shortfall_s: float = 30.0
    """How long the site imports before a battery that gives too little is counted on less."""
    shortfall_w: float = 100.0
    """Import, or lack of battery power, up to this is not worth a thought."""
    check_stage_s: float = 20.0
    """A check of the wiring has three stages of this length: less, as before, less."""
    check_times: float = 1.0
    """What a doubt about the wiring needs to be told lasts so many times as long."""
    save_s: float = 60.0
    """Memory is written at most this often."""
    picture_s: float = 10.0
    """The picture of the wiring is written at most this often; 0: never."""

    def backoff_s(self, times: int) -> float:
        """The time before the next try, in s, after so many more that did not help."""
        return float(min(self.retry_s * 2.0 ** min(times, 30), self.retry_most_s))


DEFAULTS = Options()


def read_options(settings: Mapping[str, Any]) -> tuple[Options, list[str]]:
    """Options from what a user has set, and a sentence for each setting that can't be used."""
    names = [field.name for field in fields(Options)]
    good, errors = {}, []
    for name, value in settings.items():
        low = _LOWEST.get(name, 0.0)
        if name not in names:
            errors.append(f"Setting '{name}' is unknown; there are {', '.join(names)}.")
        elif isinstance(value, bool) or not isinstance(value, int | float):
            errors.append(f"Setting '{name}': {value!r} is not a number.")
        elif not (math.isfinite(value) and value >= low):
            errors.append(f"Setting '{name}': {value} is too low or no usable number.")
        else:
            good[name] = float(value)
    return Options(**good), errors
