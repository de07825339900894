"""An OCPP 1.6 charger behind Home Assistant's OCPP integration.

Everything goes out as `custom_profile` with an explicit `devid` and `conn_id`: the integration's
own ampere and watt fields limit the whole station, and an unknown `devid` commands the first
charger it has. So a charger is only commanded while entities of its own exist.

While a transaction runs it has two TxProfiles with its id: the command, which runs out by itself
and is renewed before, and one level below it the safe current, which stays. So a charger that
nobody tells anything any more falls to its safe current by itself. Without a transaction a
TxDefaultProfile, without expiry, is what the next one starts with. Many chargers write that one to
flash: it is written only when it changes.

Source: docs/product.md section 6; OCPP 1.6 3.13 and 7.8 (a higher stack level wins while it is
valid; a TxProfile overrules a TxDefaultProfile).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..following import ASK, CLEAR, RESET
from ..memory import LoadMemory
from ..model import SAFE, Load, LoadReading, OcppControl, ServiceCall
from ..options import Options
from ..units import TOLERANCE, floor_to_step
from .profiles import Limit, Validity, profile

Calls = tuple[ServiceCall, ...]
RENEWED_AFTER = 1 / 3
"""Of the time that a command is valid: two renewals may be lost."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a charger is told (epoch s), by what durations, and whether `again` what it was told."""

    now: float
    options: Options
    again: bool = False


def command(
    load: Load,
    control: OcppControl,
    reading: LoadReading,
    memory: LoadMemory,
    amps: float,
    at: Moment,
) -> tuple[Calls, LoadMemory]:
    """The calls after which the connector is limited to `amps` per phase (A), as far as needed."""
    if not reading.connected:
        return (), memory
    if reading.transaction:
        return _in_session(load, control, reading, memory, amps, at)
    if not at.again and _same(memory.default_a, amps):
        return (), memory
    told = memory.told(default_a=amps)
    return (_default(load, control, amps, told),), told


def _in_session(
    load: Load,
    control: OcppControl,
    reading: LoadReading,
    memory: LoadMemory,
    amps: float,
    at: Moment,
) -> tuple[Calls, LoadMemory]:
    """The same while a transaction runs: command, safe current below it, and what comes after.

    The command goes first: a cut must not wait, and the other way round a charger that has its
    current as a default would dip to the safe one.
    """
    telling, transaction = control.telling, reading.transaction
    begun = memory.tx == transaction
    if not begun:
        memory = replace(memory, safe_a=None, renewed_at=None)
    calls: list[ServiceCall] = []
    held_a = memory.tx_a if begun and telling.layers > 1 else memory.command_a(transaction)
    if at.again or not _same(held_a, amps) or _runs_out(control, memory, at):
        renewed_at = at.now if telling.falls_back else None
        memory = memory.told(tx_a=amps, tx=transaction, renewed_at=renewed_at)
        valid = Validity(at.now, at.options.profile_s) if telling.falls_back else Validity()
        limit = Limit(amps, transaction, command=True)
        calls.append(_call(load, control, profile(control, limit, valid), memory))
    safe_a = _safe_a(load, reading)
    if telling.layers > 1 and not _same(memory.safe_a, safe_a):
        memory = replace(memory, safe_a=safe_a)
        made = profile(control, Limit(safe_a, transaction), Validity())
        calls.append(replace(_call(load, control, made, memory), slot=SAFE))
    if not calls and memory.tx == transaction and memory.before is None:
        safe, memory = safe_level(load, control, reading, memory)
        calls += [safe] if safe else []
    return tuple(calls), memory


def _runs_out(control: OcppControl, memory: LoadMemory, at: Moment) -> bool:
    """Whether it is time to renew a command; after the clock was set back, too."""
    if not control.telling.falls_back:
        return False
    if memory.renewed_at is None:
        return True
    return not 0 <= at.now - memory.renewed_at < at.options.profile_s * RENEWED_AFTER


def _safe_a(load: Load, reading: LoadReading) -> float:
    """A per phase that a charger falls back on: what its form says, 0 if that is no level of it."""
    safe_a = floor_to_step(min(load.fallback_a, reading.max_a), load.step_a)
    return safe_a if safe_a >= reading.min_a - TOLERANCE else 0.0


def safe_level(
    load: Load, control: OcppControl, reading: LoadReading, memory: LoadMemory
) -> tuple[ServiceCall | None, LoadMemory]:
    """The call that leaves the minimum as TxDefaultProfile for the next car, if it is not there."""
    if not reading.connected or _same(memory.default_a, reading.min_a):
        return None, memory
    told = memory.told(default_a=reading.min_a)
    return _default(load, control, reading.min_a, told), told


def release(load: Load, control: OcppControl, reading: LoadReading, memory: LoadMemory) -> Calls:
    """The calls that let go of a charger: its minimum, without end, now and for the next car.

    What limits the running transaction ends with it by itself. Clearing would take away the limits
    of the station's other connectors, too.
    """
    if not reading.connected:
        return ()
    safe, memory = safe_level(load, control, reading, memory)
    calls = [safe] if safe else []
    held = _same(memory.command_a(reading.transaction), reading.min_a)
    if reading.transaction and not (held and not control.telling.falls_back):
        told = memory.told(tx_a=reading.min_a, tx=reading.transaction)
        limit = Limit(reading.min_a, reading.transaction, command=True)
        calls.append(_call(load, control, profile(control, limit, Validity()), told))
    return tuple(calls)


def remedy(
    load: Load, control: OcppControl, reading: LoadReading, memory: LoadMemory, step: str
) -> tuple[Calls, LoadMemory]:
    """What is tried with a charger that does not follow, before it is told again.

    Its profiles are cleared (the integration clears all of OCPP 1.6's at once), the safe default
    being there first; or it is restarted by its button, after which nothing is known of them.
    """
    if not reading.connected:
        return (), memory
    forgot = replace(memory, tx_a=None, tx=0, default_a=None, safe_a=None, renewed_at=None)
    if step == ASK:
        data = {"devid": control.devid, "requested_message": "MeterValues"}
        return (_aside(load, "ocpp", "trigger_custom_message", data, step),), memory
    if step == CLEAR:
        safe, _ = safe_level(load, control, reading, forgot)
        clear = _aside(load, "ocpp", "clear_profile", {"devid": control.devid}, step)
        return tuple(call for call in (safe, clear) if call), forgot
    if step == RESET:
        button = {"entity_id": load.reset_button}
        return (_aside(load, "button", "press", button, step),), forgot
    return (), memory


def _aside(load: Load, domain: str, service: str, data: dict[str, Any], step: str) -> ServiceCall:
    """A call that tells the charger no current."""
    return ServiceCall(load.id, domain, service, data, slot=step)


def _default(load: Load, control: OcppControl, amps: float, told: LoadMemory) -> ServiceCall:
    """The call that leaves `amps` per phase as TxDefaultProfile."""
    return _call(load, control, profile(control, Limit(amps), Validity()), told)


def _call(
    load: Load, control: OcppControl, custom_profile: dict[str, Any], told: LoadMemory
) -> ServiceCall:
    data = {
        "devid": control.devid,
        "conn_id": control.connector,
        "custom_profile": custom_profile,
    }
    slot = str(custom_profile["chargingProfilePurpose"])
    return ServiceCall(load.id, "ocpp", "set_charge_rate", data, told.held(), slot)


def _same(one: float | None, two: float) -> bool:
    return one is not None and abs(one - two) <= TOLERANCE
