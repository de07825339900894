"""Durations and thresholds of the control, in one place, so that tests can make them short."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """All times in s, currents in A. Sources: docs/product.md sections 1, 2, 5 and 6."""

    tick_s: float = 5.0
    """A run at least this often."""
    join_s: float = 0.5
    """Changes within this time after a run are joined into the next."""
    raise_interval_s: float = 15.0
    """At most one raise per charger in this time."""
    hold_s: float = 60.0
    """How long the last good value of a sensor that gives nothing is used."""
    follow_s: float = 5.0
    """How long a cut is judged with the larger of report and command."""
    legs_s: float = 60.0
    """How long legs must be idle before a car is taken not to use them."""
    idle_leg_a: float = 1.0
    """A leg that draws no more than this is idle."""
    gone_s: float = 30.0
    """How long an automation may be gone before its load leaves the plan."""
    settle_s: float = 5.0
    """After the last announcement, how long an unknown breaker may still turn up."""
    save_s: float = 60.0
    """Memory is written at most this often."""
