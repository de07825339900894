"""Drives an OCPP charger behind Home Assistant's OCPP integration: which profiles it holds when.

Everything goes out as `custom_profile` with an explicit `devid` and `conn_id`: the integration's
own ampere and watt fields limit the whole station, and it gives a call with an unknown `devid` to
the first charger that it has. So a charger is only commanded while entities of its own exist.

    layer                              holds                             limits
    TxProfile, stack level 1: command  180 s (`profile_s`), renewed      the running session
                                       every 60 s
    TxProfile, stack level 0: safe     until the session ends            the session, once the
                                                                         command has run out
    TxDefaultProfile: minimum          until it is changed               a session that is told
                                                                         nothing yet

A higher layer wins while it is valid. Stack levels count from the form's `stack_level`, 0 mostly.
A charger that nobody tells anything any more falls to its safe current by itself: two renewals may
be lost. Example with a command of 16 A, a safe current of 6 A and a minimum of 6 A:

    time, s          0         10        70        130       140               310
                     session   told      renewed   renewed   Home Assistant    command
                     begins    again                         stops             runs out
    command, 16 A    |---------|---------|---------|---------------------------|
    safe, 6 A        |--------------------------------------------------------------- to its end
    in force, A      16        16        16        16        16                6

- The command is sent before the safe layer: a cut must not wait.
- A session is told everything once more 10 s (`tx_sure_s`) after its first command: a charger may
  reject a profile whose transaction it has not taken in yet, and nobody hears of that.
- When both layers are there, the default goes back to the minimum: if Home Assistant stops, the
  next car must not start with what this one was told.
- Many chargers write the default to flash, so it is written only when it changes.
- While a car waits for its session with 0 A, and the limits have no room for its minimum, that
  default holds the session at 0 A until it is told so (`profiles`): for its first minute.

A charger with one layer, or with Relative profiles only, keeps its command: nothing runs out there.

A user may limit a session by a number of the integration, which sends a TxProfile at the highest
level. That counts as the load's maximum, and the command goes to that level, too, so that it can be
lower (docs/decisions/0042).

Currents are A per phase, times epoch s. Sources: docs/product.md section 6; docs/decisions/0003 and
0017; OCPP 1.6, sections 3.13 (a higher stack level wins while it is valid, a TxProfile overrules a
TxDefaultProfile) and 7.8.
"""

from __future__ import annotations

from ...calls import SAFE, ServiceCall
from ...measure.readings import LoadReading
from ...memory.load import LoadMemory
from ...memory.told import Profiles
from ...options import Options
from ...records import replace
from ...site.controls import OcppControl
from ...site.model import Load
from ...site.modes import MODES
from ...units import TOLERANCE
from ..kind import Calls
from . import make
from .profiles import HELD_BY_CLOCK_S, Validity, held_by_session, profile
from .session import hurried
from .ways import has_ways, told_by

RENEWED_AFTER = 1 / 3
"""A command is renewed after this share of its validity, so two renewals may be lost."""


def command(
    load: Load,
    control: OcppControl,
    reading: LoadReading,
    memory: LoadMemory,
    amps: float,
    now: float,
    options: Options,
    again: bool = False,
) -> tuple[Calls, LoadMemory]:
    """The calls that limit the connector to `amps` (0 pauses it), and the memory of them.

    There are none if it holds that already, and is not to be told `again`.
    """
    if not reading.connected:
        return (), memory
    if reading.session.pause_switch and amps <= TOLERANCE:
        return _off(
            load, control, reading, memory, reading.session.pause_switch, now, options, again
        )
    on: Calls = ()
    if memory.command.off:  # before the limit: the switch may begin the session
        entity = reading.session.pause_switch
        on = (make.switch(load, entity, on=True),) if entity else ()
        memory = _paused(memory, off=False)
    elif again and reading.active and reading.waits_for_start():
        entity = reading.session.pause_switch
        on = (make.switch(load, entity, on=True),) if entity else ()
    if control.telling.layers == 1 and memory.profiles.safe_a is not None:
        # It has said that it takes one layer only, after it was told two.
        again, memory = True, _holding(memory, memory.profiles.without_layers())
    legs = make.watt_legs(control, reading, memory)
    if legs != memory.profiles.watt_legs:
        again = True
        memory = _holding(memory, memory.profiles.in_watts(legs).without_safe())
    if reading.session.transaction and control.telling.purpose == "auto":
        calls, memory = _in_session(load, control, reading, memory, amps, now, options, again)
        return (*on, *calls), memory
    waits = amps <= TOLERANCE and not reading.session.runs and MODES[reading.mode].takes
    if waits:
        # What holds by itself is 0 only in mode off: if Home Assistant stops, the next session
        # would get nothing. This one is told 0 A when it begins.
        held_at = now if _is_held(reading, memory) else None
        safe, memory = safe_level(load, control, reading, memory, again=again, held_at=held_at)
        return (*on, *([safe] if safe else [])), _waiting(memory, waits)
    known = not (again or memory.command.waits)
    if known and make.same(memory.command_a(reading.session.transaction), amps):
        return on, memory
    told = _holding(_waiting(memory, waits), memory.profiles.held(None)).told_default(amps)
    return (*on, make.default(load, control, reading, amps, told)), told


def _off(
    load: Load,
    control: OcppControl,
    reading: LoadReading,
    memory: LoadMemory,
    switch: str,
    now: float,
    options: Options,
    again: bool,
) -> tuple[Calls, LoadMemory]:
    """The calls that pause a charger by its `switch`, and the memory of them."""
    if memory.command.off and not again:
        return (), memory
    lower: Calls = ()  # the switch may act only at the end of the session, or never
    if reading.session.transaction and control.telling.purpose == "auto":
        lower, memory = _in_session(
            load, control, reading, memory, reading.min_a, now, options, again
        )
    safe: ServiceCall | None = None
    if memory.command.default_a is None:  # a person may start it by hand
        safe, memory = safe_level(load, control, reading, memory)
    off = make.switch(load, switch, on=False)
    return (*lower, off, *([safe] if safe else [])), _paused(memory, off=True)


def _is_held(reading: LoadReading, memory: LoadMemory) -> bool:
    """Whether the session that a car waits for is held at 0 A when it begins.

    As soon as the limits have no room for its minimum, and from then on until it may have that: so
    the default is not written each time the house takes more or less. Never where a charger is not
    told 0 A.
    """
    crowded = reading.session.crowded or memory.profiles.held_at is not None
    return crowded and reading.session.least_a <= TOLERANCE


def _waiting(memory: LoadMemory, waits: bool) -> LoadMemory:
    """The memory of a charger that waits for its session with 0 A, or does not."""
    return replace(memory, command=memory.command.waiting(waits))


def _paused(memory: LoadMemory, *, off: bool) -> LoadMemory:
    """The memory with the charger paused by its switch (`off`), or not."""
    return replace(memory, command=memory.command.paused(off))


def _holding(memory: LoadMemory, profiles: Profiles) -> LoadMemory:
    """The memory with other `profiles`."""
    return replace(memory, profiles=profiles)


def as_known(control: OcppControl, memory: LoadMemory) -> OcppControl:
    """The control as the charger was found to take it.

    With one layer if it takes no stack level above the safe one; in another way if only that helps.
    """
    telling = control.telling
    if memory.profiles.way and has_ways(telling):
        return replace(control, telling=told_by(telling, memory.profiles.way))
    if not telling.asks_levels or memory.profiles.max_level is None:
        return control
    if memory.profiles.max_level > telling.stack_level:
        return control
    return replace(control, telling=replace(telling, layers=1))


def _in_session(
    load: Load,
    control: OcppControl,
    reading: LoadReading,
    memory: LoadMemory,
    amps: float,
    now: float,
    options: Options,
    again: bool,
) -> tuple[Calls, LoadMemory]:
    """The calls of a running transaction: the command, the safe layer, and then the default.

    The command goes first: a cut must not wait. Safe layer first, a charger that starts with 16 A
    as its default would dip to its safe current.
    """
    transaction = reading.session.transaction
    begun = memory.command.tx == transaction
    if not begun:
        memory = _holding(memory, memory.profiles.begun(now, hurried(memory, now)))
    elif _unsure(memory, now, options):
        again, memory = True, _holding(memory, memory.profiles.told_twice())
    limit_a = reading.session.limit.amps
    if limit_a is not None and not make.same(memory.profiles.limit_a, limit_a):
        # A user has set it since: the profile that this sent has replaced the command, or is above.
        again, memory = True, _holding(memory, memory.profiles.limited(limit_a))
    telling = control.telling
    calls: list[ServiceCall] = []
    if memory.profiles.way and telling.layers == 1:
        # A charger that holds only one profile forgets the command when its default is written.
        safe, memory = safe_level(load, control, reading, memory)
        calls += [safe] if safe else []
        again = again or safe is not None
    held_a = memory.command.tx_a if begun and telling.layers > 1 else memory.command_a(transaction)
    if not begun and make.same(held_a, 0.0):
        held_a = None  # a default that holds its session at 0 A does so for a minute only
    if again or not make.same(held_a, amps) or _runs_out(control, memory, now, options):
        renewed_at = now if telling.falls_back else None
        memory = memory.told_session(amps, transaction, renewed_at)
        valid = Validity(now, options.profile_s) if telling.falls_back else Validity()
        limit = make.limit_in_session(load, reading, memory, amps, command=True)
        calls.append(make.call(load, control, profile(control, limit, valid), memory))
    safe_a = make.safe_current_a(load.fallback_a, reading.min_a, reading.max_a, load.step_a)
    if telling.layers > 1 and not make.same(memory.profiles.safe_a, safe_a):
        memory = _holding(memory, memory.profiles.with_safe(safe_a))
        made = profile(control, make.limit_in_session(load, reading, memory, safe_a), Validity())
        calls.append(replace(make.call(load, control, made, memory), slot=SAFE))
    if not calls and memory.command.tx == transaction and memory.command.before is None:
        safe, memory = safe_level(load, control, reading, memory)
        calls += [safe] if safe else []
    return tuple(calls), memory


def _unsure(memory: LoadMemory, now: float, options: Options) -> bool:
    """Whether a session is to be told once more now: 10 s (`tx_sure_s`) after its first command.

    The first profile may reach a charger before it has taken in the id of the transaction. It is
    rejected then (OCPP 1.6, 5.16.4), and nobody hears of that.
    """
    told_at = memory.profiles.told_at
    if memory.profiles.sure or told_at is None:
        return False
    return not 0 <= now - told_at < options.tx_sure_s


def _runs_out(control: OcppControl, memory: LoadMemory, now: float, options: Options) -> bool:
    """Whether a command is to be renewed: after 60 s, or if a clock was set back since."""
    if not control.telling.falls_back:
        return False
    renewed_at = memory.profiles.renewed_at
    if renewed_at is None:
        return True
    return not 0 <= now - renewed_at < options.profile_s * RENEWED_AFTER


def safe_level(
    load: Load,
    control: OcppControl,
    reading: LoadReading,
    memory: LoadMemory,
    *,
    again: bool = False,
    held_at: float | None = None,
) -> tuple[ServiceCall | None, LoadMemory]:
    """The call that writes the minimum as TxDefaultProfile for the next car, and the memory.

    `held_at` (epoch s, now): it holds a session at 0 A when that begins, for a while, so the
    charger counts as told 0 A. `None` if the charger holds that already, and is not to be told
    `again`.
    """
    legs = make.watt_legs(control, reading, memory)
    in_unit = bool(legs) == bool(memory.profiles.watt_legs)  # A may have been rejected
    default_a = reading.min_a if held_at is None else 0.0
    known = not again and in_unit and make.same(memory.command.default_a, default_a)
    if held_at is not None:
        known = known and _still_held(control, memory, held_at)
    if not reading.connected or known:
        return None, memory
    memory = _holding(memory, memory.profiles.in_watts(legs).held(held_at))
    told = memory.told_default(default_a)
    return make.default(load, control, reading, reading.min_a, told, held_at), told


def _still_held(control: OcppControl, memory: LoadMemory, now: float) -> bool:
    """Whether a default that holds sessions at 0 A needs not be written again `now`."""
    held_at = memory.profiles.held_at
    if held_at is None:
        return False
    return held_by_session(control.telling) or 0 <= now - held_at < HELD_BY_CLOCK_S * RENEWED_AFTER


def release(load: Load, control: OcppControl, reading: LoadReading, memory: LoadMemory) -> Calls:
    """The calls for a charger that is not managed any more: its minimum, now and for the next car.

    It holds without end; in a running transaction until that ends. Nothing is cleared, because that
    would clear the limits of the station's other connectors, too.
    """
    if not reading.connected:
        return ()
    safe, memory = safe_level(load, control, reading, memory)
    calls = [safe] if safe else []
    if memory.command.off and reading.session.pause_switch:
        calls.append(
            replace(make.switch(load, reading.session.pause_switch, on=True), slot="release")
        )
        memory = _paused(memory, off=False)
    held = make.same(memory.command_a(reading.session.transaction), reading.min_a)
    of_session = reading.session.transaction and control.telling.purpose == "auto"
    if of_session and not (held and not control.telling.falls_back):
        told = memory.told_session(
            reading.min_a, reading.session.transaction, memory.profiles.renewed_at
        )
        limit = make.limit_in_session(load, reading, memory, reading.min_a, command=True)
        calls.append(make.call(load, control, profile(control, limit, Validity()), told))
    return tuple(calls)
