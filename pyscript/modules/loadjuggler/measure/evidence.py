"""What a charger draws, by all that is said of it together: one rule for every contradiction.

A charger has several voices: a current by leg, a current or a power as one number, its status. They
are of different ages, and some do not tell the truth.

1. **The youngest wins.** The state of an entity is never older than its attributes. A status by
   which nothing flows is younger than a current that has not changed since, but for the last report
   of a session, which may come 10 s late (`LAST_S`).
2. **What is not known by that** counts on the safe side for limits, between the least and the most
   that any voice says (`Draws.apart`), and on the likely side for sharing.
3. A contradiction of two living voices is **told** once it has lasted for 60 s (`hold_s`).

Example: the OCPP integration sets the state of a current to 0 when a session is suspended or ends,
and leaves L1 to L3 in its attributes:

    time, s                  0         100          105    110    200
    status                   Charging  SuspendedEV
    state, A                 16        0            0      0      0
    attributes L1 to L3, A   16        16           16     16     16
    counts as, A             16        16           16     0      0
                                       |- it may still obey -|

The cases, and what counts in each: docs/decisions/0029. Currents are A by leg, times epoch s.
"""

from __future__ import annotations

from ..memory.drawn import LAST_S, ByLeg, Draws, Heard
from ..memory.load import LoadMemory
from ..reason_table import Family
from ..records import replace
from ..site.model import Legs, Load
from ..units import amps_to_watts
from .growth import energy_voice
from .lookup import NO_VALUE, Sensing
from .readings import Problem
from .split import Bounds, can_carry, followed, on_all, seen_legs, split, told_most_a, too_much
from .voices import Voice, current_voice, power_voice

MORE = 1.25
"""A power says more than a current if it is over 25 % and 2 A (`MORE_A`) above it: the voltage may
be 10 % above the nominal one. Less says nothing: a power factor is below 1."""


MORE_A = 2.0


TOGETHER_S = 5.0
"""Two reports that are less than 5 s apart count as of the same age."""


SUSPENDED, ENDED = "suspended", "ended"
"""Why nothing flows by a status: the session pauses; there is none."""


OLD, ENDING, LIVING = "old", "ending", "living"
"""What an amount is beside a status by which nothing flows: older than that; perhaps still true, as
a car may obey yet; or younger."""


def read_draw(
    at: Sensing,
    load: Load,
    memory: LoadMemory,
    used: Legs,
    *,
    rests: str = "",
    status: str | None = None,
    exact: bool = False,
    in_watts: bool = False,
) -> LoadMemory:
    """The memory of a charger with what it draws now; unchanged, and noted, if nothing says it.

    - `used`: the legs that may be in use. `exact`: a sensor says that these are the ones.
    - `rests`: why nothing flows by its `status` (`SUSPENDED`, `ENDED`); "": something may.
    - `in_watts`: its commands are in W, so they say nothing of its legs.
    """
    current = current_voice(at, load, used)
    power = power_voice(at, load, used, noted=current is None) if load.sensors.power else None
    heard = memory.draws.heard
    if rests == ENDED and len(used) > 1 and (current is None or current.by_leg is None):
        heard = heard.with_levels(followed(heard.levels, 0.0, at.now))
    grows, heard = energy_voice(at, load, heard, used, (current, power), rests=bool(rests))
    if current is None and power is None and grows is None:
        _unknown(at, load)
        return memory if heard is memory.draws.heard else memory.hearing(heard)
    zero = current or power
    if grows is not None and (zero is None or grows.total_a > MORE_A):
        since = at.now if heard.doubt_at is None else heard.doubt_at
        voice, power, doubt_at = grows, grows, None if zero is None else since
    else:
        voice, doubt_at = _louder(at, heard, current, power)
    heard = heard.doubted(doubt_at)
    memory, heard, likely, apart = _by_leg(at, load, memory, heard, voice, used, exact, in_watts)
    if voice is power and voice is not grows and current is not None and current.by_leg:
        apart = _between(likely, current.by_leg, apart[1] if apart else likely)
    reported_at = voice.at
    if rests or voice.zeroed or heard.quiet_at is not None:
        zeros = dict.fromkeys(likely, 0.0)
        age, heard = _aged(at, heard, voice, rests, likely)
        if age == OLD:
            reported_at = max(voice.at, min((heard.quiet_at or 0.0) + LAST_S, at.now))
            likely, apart = zeros, None
        elif age:
            apart = _between(likely, zeros, apart[1] if apart else likely)
        if age == LIVING:
            _tell_status(at, load, heard, voice, likely, status)
    if voice is grows and zero is not None and doubt_at is not None:
        _tell_power(at, load, doubt_at, zero, grows, "energy_above_current")
    elif voice is power and current is not None and apart and doubt_at is not None:
        _tell_power(at, load, doubt_at, current, power)
    return memory.reported(_sorted(likely), reported_at, at.now, _pair(apart), heard)


def _unknown(at: Sensing, load: Load) -> None:
    """Note that nothing says what a charger draws, if no sensor was noted for that already."""
    if load.sensors.current_by_leg:
        return
    found = [at.first(load.sensors.current), at.first(load.sensors.power)]
    if any(one and one[1].value.lower() not in NO_VALUE for one in found):
        return
    missing = found[0][0] if found[0] else (*load.sensors.current, *load.sensors.power)[0]
    at.miss("draw_unknown", missing, load.id)


def _louder(
    at: Sensing, heard: Heard, current: Voice | None, power: Voice | None
) -> tuple[Voice, float | None]:
    """The voice that counts, and since when the power has said more than the current (`None`: not).

    That is the power only if it is no older than the current: if both were reported together, or
    the power since it has said more.
    """
    if current is None or power is None:
        only = current or power
        assert only is not None
        return only, None
    if current.by_leg is None:
        return power, None
    if power.total_a <= MORE * current.total_a + MORE_A:
        return current, None
    doubt_at = at.now if heard.doubt_at is None else heard.doubt_at
    no_older = abs(power.at - current.at) <= TOGETHER_S or power.at >= doubt_at
    return (power if no_older else current), doubt_at


def _by_leg(
    at: Sensing,
    load: Load,
    memory: LoadMemory,
    heard: Heard,
    voice: Voice,
    used: Legs,
    exact: bool,
    in_watts: bool,
) -> tuple[LoadMemory, Heard, dict[str, float], Bounds | None]:
    """What a voice says by wired leg: likely, and its bounds (`None`: it is known).

    With the memory, in which the legs of a load are noted once they are known, and forgotten when
    they can't be right.
    """
    if voice.by_leg is not None:
        return memory, heard, voice.by_leg, None
    total_a = max(voice.total_a, 0.0)
    told_a = 0.0 if in_watts else told_most_a(memory, memory.command.tx, at.now)
    if not heard.levels or voice.at > heard.levels[-1][2]:
        heard = heard.with_levels(followed(heard.levels, total_a, voice.at))
    legs, known = used, exact or len({phase for _, phase in used}) < 2
    if not known:
        draws = _with_legs(at, load, memory.draws, heard, total_a, told_a, used)
        if draws is not memory.draws:
            memory = replace(memory, draws=draws)
        if draws.legs is not None:
            legs = tuple([pair for pair in used if pair[0] in draws.legs]) or used
        known = draws.proven
    if known or total_a <= len(legs) * at.options.idle_leg_a:
        zeros = {leg: 0.0 for leg, _ in load.legs}
        return memory, heard, zeros | {leg: total_a / len(legs) for leg, _ in legs}, None
    before = sum(a > at.options.idle_leg_a for _, a in memory.draws.by_leg or ())
    same = len(heard.levels) > 0 and heard.levels[-1][1] < voice.at
    return memory, heard, *split(total_a, legs, load.legs, told_a, before, same=same)


def _with_legs(
    at: Sensing,
    load: Load,
    draws: Draws,
    heard: Heard,
    total_a: float,
    told_a: float,
    used: Legs,
) -> Draws:
    """What is remembered, with the legs among `used` on which a total flows, once that is known.

    What the meter shows at a later change is newer, so it replaces what was known: there may be
    another car. `told_a` is the most that the load may be following, A per leg; 0: not known.
    """
    most_a = max(float(load.max_a.value or 0.0), told_a)
    found = seen_legs(at, load, heard.levels, used)
    if found is not None and most_a:
        larger_a = max([amps for amps, _, _ in heard.levels])
        by_all = can_carry(larger_a, len(used), most_a)  # else it does not follow
        found = None if by_all and not can_carry(larger_a, len(found), most_a) else found
    if found is None and not draws.proven:
        found = used if on_all(total_a, len(used), told_a, most_a) else None
    if found is not None:
        names = None if len(found) == len(used) else tuple([leg for leg, _ in found])
        known = draws.proven and draws.legs == names
        return draws if known else draws.on_legs(names, proven=True)
    if draws.proven and draws.legs and too_much(heard.levels, len(draws.legs), told_a):
        return draws.on_legs(None)
    return draws


def _aged(
    at: Sensing, heard: Heard, voice: Voice, rests: str, likely: dict[str, float]
) -> tuple[str, Heard]:
    """`OLD`, `ENDING`, `LIVING`, or "": nothing contradicts the amounts in `likely`.

    With what is heard, which is to be remembered.

    Amounts that were old stay so after the status has changed, until they change, or are reported
    10 s later: the next session begins with what the last one ended with.
    """
    shows = (*likely.values(), float(voice.zeroed))
    same = shows == heard.shows
    if not (rests or voice.zeroed):
        left_at = at.now if heard.left_at is None else heard.left_at
        if heard.old and same and voice.at < left_at + LAST_S:
            return OLD, heard.leaving(at.now)
        return "", heard.heeded()
    quiet_at = at.now if heard.quiet_at is None else heard.quiet_at
    same_at = heard.same_at if same and heard.same_at is not None else at.now
    # What came later than the last report of a session can, counts as long as it is reported.
    later = same_at - quiet_at > LAST_S
    later &= at.now - max(same_at, min(voice.at, at.now)) < at.options.hold_s
    living = later or (rests == SUSPENDED and voice.at >= quiet_at + LAST_S)
    living &= not voice.zeroed
    drawing = max(likely.values(), default=0.0) > at.options.idle_leg_a
    over = voice.zeroed and rests == ENDED  # the contactor is open: nobody obeys any more
    old = drawing and not living and (over or at.now - quiet_at >= LAST_S)
    heard = heard.quiet(quiet_at, shows, same_at, old=old)
    if old:
        return OLD, heard
    if not drawing:
        return "", heard
    return (LIVING if living else ENDING), heard


def _between(*amounts: dict[str, float]) -> Bounds:
    """The least and the most of amounts by leg."""
    legs = amounts[0]
    least = {leg: min([one.get(leg, 0.0) for one in amounts]) for leg in legs}
    return least, {leg: max([one.get(leg, 0.0) for one in amounts]) for leg in legs}


def _sorted(by_leg: dict[str, float]) -> ByLeg:
    """A by leg as it is remembered; what is fed in is 0 A."""
    found = tuple(sorted(by_leg.items()))
    if min(by_leg.values()) >= 0.0:
        return found
    return tuple([(leg, max(amps, 0.0)) for leg, amps in found])


def _pair(apart: Bounds | None) -> tuple[ByLeg, ByLeg] | None:
    """Bounds as they are remembered."""
    return None if apart is None else (_sorted(apart[0]), _sorted(apart[1]))


# --- what people are told ------------------------------------------------------------------------


def contradictions(problems: list[Problem]) -> list[Problem]:
    """Those of `problems` that say that sensors contradict each other."""
    return [problem for problem in problems if problem.reason.family is Family.CONTRADICTION]


def _tell_power(
    at: Sensing,
    load: Load,
    since: float,
    current: Voice,
    power: Voice | None,
    code: str = "power_above_current",
) -> None:
    """Tell that the power, or the energy, says more than the current, once it has for 60 s."""
    if power is None or at.now - since < at.options.hold_s:
        return
    power_w = amps_to_watts(power.total_a, at.site.voltage_v)
    at.miss(
        code,
        current.entity,
        load.id,
        shown_a=round(current.total_a, 1),
        by=power.entity,
        power_w=round(power_w),
    )


def _tell_status(
    at: Sensing,
    load: Load,
    heard: Heard,
    voice: Voice,
    likely: dict[str, float],
    status: str | None,
) -> None:
    """Tell that a charger draws although nothing flows by its status, once it has for 60 s."""
    if heard.quiet_at is None or at.now - heard.quiet_at < at.options.hold_s:
        return
    drawn_a = round(max(likely.values(), default=0.0), 1)
    at.miss("draws_at_rest", voice.entity, load.id, draw_a=drawn_a, state=status or "?")
