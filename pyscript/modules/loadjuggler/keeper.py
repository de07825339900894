"""What lives between runs: registrations, memory, and the last report.

The face of the engine to the shell. The shell hands it forms, states and the time, and does what
it answers; so everything that can be decided without Home Assistant is decided, and tested, here.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from . import drivers, flow, publish
from .memory import LoadMemory, Memory, Override, from_json, to_json
from .model import Load, ServiceCall, Setting, Site, Snapshot
from .modes import BOOST
from .options import Options, read_options
from .publish import Entity
from .registry import Registry
from .report import Report, plain
from .sense import number, sense
from .texts import CATALOGUES
from .units import LEGS
from .waking import woken
from .wiring import same_name

MODE_SLOT = "mode"
"""Slot of calls that write a mode; how they end says nothing about what the load was told."""
MOST_MINUTES = 1440
VERSION = 1
"""Version of what `dump` gives."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a run asks of the shell.

    `calls` to make in order, `entities` to set (those that changed), `removed` entity ids to
    take away, `discover`: ask all blueprints to announce themselves, `log`: errors to log.
    """

    calls: tuple[ServiceCall, ...] = ()
    entities: tuple[Entity, ...] = ()
    removed: tuple[str, ...] = ()
    discover: bool = False
    log: tuple[str, ...] = ()


class Keeper:
    """Keeps the house between runs."""

    def __init__(self, options: Options | None = None) -> None:
        """Start with nothing registered."""
        self.options = options or Options()
        self.setting_errors: tuple[str, ...] = ()
        self.memory = Memory()
        self.registry = Registry(self.options)
        self.report = _idle_report(0.0)
        self._let_go: dict[str, tuple[Site, LoadMemory]] = {}
        self._seen: Snapshot = {}
        self._published: dict[str, Entity] = {}
        self._errors_logged: set[str] = set()
        self._boosts_over: set[str] = set()

    @classmethod
    def from_settings(cls, settings: Any) -> Keeper:
        """Start with what the user has set: numbers by the name of an option, or `None`.

        What can't be used is left at its default, and told in `setting_errors` and the status.
        """
        if settings is None:
            return cls()
        if not isinstance(settings, Mapping):
            keeper, errors = cls(), [f"Settings: names and numbers are needed, not {settings!r}."]
        else:
            options, errors = read_options(settings)
            keeper = cls(options)
        keeper.setting_errors = tuple(errors)
        return keeper

    def register(self, kind: str, data: Mapping[str, Any], now: float) -> dict[str, Any]:
        """Take in a form; answers `ok`, `id`, `message`, `errors`, `waiting`."""
        return self.registry.register(kind, data, now)

    def watched(self) -> frozenset[str]:
        """Entity ids that a snapshot must hold (those that do not exist are left out of it)."""
        site = self.registry.wired.site
        leaving = {entity for left in self.registry.leaving.values() for entity in left.entities()}
        return frozenset(
            self.registry.automations() | leaving | (site.entities() if site else frozenset())
        )

    def triggers(self) -> tuple[str, ...]:
        """What a run must follow at once: entity ids, and `entity.attribute` where those count."""
        site = self.registry.wired.site
        if site is None:
            return ()
        found = site.entities() | self.registry.automations()
        for load in site.loads.values():
            found |= {f"{entity}.{leg}" for entity in load.sensors.current for leg in LEGS}
        return tuple(sorted(found))

    def run(self, snapshot: Snapshot, now: float, *, utc_offset_s: float = 0.0) -> Turn:
        """One run. Never raises: an error is told in the status and logged once per kind.

        `utc_offset_s` is how far local time is ahead of UTC now.
        """
        self._seen = snapshot
        calls: tuple[ServiceCall, ...] = ()
        try:
            discover = self.registry.sweep(snapshot, now)
            calls = self._release(snapshot, now)
            if self.registry.wired.site is None:
                self.report = _idle_report(now)
            else:
                outcome = flow.run(
                    self.registry.wired.site,
                    self.memory,
                    snapshot,
                    now,
                    self.options,
                    utc_offset_s=utc_offset_s,
                )
                self.memory, self.report = outcome.memory, outcome.report
                calls += (*outcome.commands, *self._after_boost(self.registry.wired.site))
            self.report = self._with_complaints(now)
            return Turn(calls, *self._changed_entities(), discover=discover)
        except Exception as error:  # whatever it is, the house must go on
            return replace(self._broken(error, now), calls=calls)

    def _release(self, snapshot: Snapshot, now: float) -> tuple[ServiceCall, ...]:
        """Calls that put loads which left the plan on their safe level, once."""
        calls: list[ServiceCall] = []
        for load, site in self.registry.leaving.items():
            readings, memory = sense(site, self.memory, snapshot, now, self.options)
            calls += drivers.release(site.loads[load], readings.loads[load], memory.load(load))
            self._let_go[load] = (site, memory.load(load))
        kept = {
            key: value
            for key, value in self.memory.loads.items()
            if key not in self.registry.leaving
        }
        self.memory = replace(self.memory, loads=kept)
        self.registry.leaving = {}
        return tuple(calls)

    def _after_boost(self, site: Site) -> tuple[ServiceCall, ...]:
        """Calls that set mode entities back which still say boost when it is over, once."""
        over = {
            load.id
            for load in site.loads.values()
            if load.mode.entity
            and self.memory.load(load.id).boost_at is not None
            and self.report.loads[load.id].mode != BOOST
        }
        calls = []
        for load_id in sorted(over - self._boosts_over):
            load, mode = site.loads[load_id], self.report.loads[load_id].mode
            call = self._set(load_id, "mode", load.mode, mode, load.name)["call"]
            if call:
                calls.append(ServiceCall(load_id, **call, slot=MODE_SLOT))
        self._boosts_over = over
        return tuple(calls)

    def failed(self, call: ServiceCall, error: str) -> bool:
        """Note that a call failed; answers whether it is the first in a row for its load."""
        if call.slot == MODE_SLOT:
            return True
        load = call.load_id
        if load not in self.memory.loads and load in self._let_go:
            site, memory = self._let_go.pop(load)  # it must still be let go
            self.registry.leaving.setdefault(load, site)
            again = replace(memory, failures=memory.failures + 1, error=error)
            self.memory = replace(self.memory, loads={**self.memory.loads, load: again})
            return memory.failures == 0
        old = self.memory.load(load)
        self._remember(load, old.not_delivered(call.delivers, error))
        return old.failures == 0

    def succeeded(self, call: ServiceCall) -> None:
        """Note that a call went through."""
        if call.slot == MODE_SLOT:
            return
        old = self.memory.load(call.load_id)
        self._remember(call.load_id, old.delivered(call.delivers))

    def _remember(self, load: str, memory: LoadMemory) -> None:
        if load in self.memory.loads:
            self.memory = replace(self.memory, loads={**self.memory.loads, load: memory})

    def _broken(self, error: Exception, now: float) -> Turn:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        kind = f"{type(error).__name__} in {frame.name}:{frame.lineno}"
        text = f"The last run failed, nothing was changed: {type(error).__name__}: {error}"
        self.report = replace(self.report, at=now, status="error", sentence=text, warnings=(text,))
        log = () if kind in self._errors_logged else ("".join(traceback.format_exception(error)),)
        self._errors_logged.add(kind)
        return Turn((), *self._changed_entities(), log=log)

    def _with_complaints(self, now: float) -> Report:
        """The report with what is wrong with the settings and the registrations."""
        report = self.report
        found = [*self.setting_errors, *self.registry.complaints(now)]
        if not found:
            return report
        warnings = tuple(dict.fromkeys((*report.warnings, *found)))
        status = "problem" if report.status == "ok" else report.status
        return replace(report, status=status, warnings=warnings, sentence=" ".join(warnings))

    def _changed_entities(self) -> tuple[tuple[Entity, ...], tuple[str, ...]]:
        now = {entity.id: entity for entity in publish.entities(self.report)}
        changed = tuple(e for key, e in now.items() if self._published.get(key) != e)
        removed = tuple(key for key in self._published if key not in now)
        self._published = now
        return changed, removed

    # --- settings by service --------------------------------------------------------------------

    def set_mode(self, load: str, mode: str, minutes: Any = None) -> dict[str, Any]:
        """Set the mode of a load named by id or name; answers `ok`, `message`, `call`.

        `minutes` is how long a boost lasts, else as long as the form says.
        """
        site = self.registry.wired.site
        wanted = same_name(str(load))
        for found in site.loads.values() if site else ():
            if wanted in (found.id, same_name(found.name)):
                length = number(minutes)
                if minutes is not None and not (length and 0 < length <= MOST_MINUTES):
                    text = f"'{minutes}' is no duration: 1 to {MOST_MINUTES} minutes are."
                    return {"ok": False, "message": text, "call": None}
                answer = self._set(found.id, "mode", found.mode, mode, found.name)
                if answer["ok"]:
                    self._forget_minutes(found)
                    if str(mode).strip().lower() == BOOST:
                        self._begin_boost(found, length)
                return answer
        names = ", ".join(found.name for found in site.loads.values()) if site else "none is wired"
        return {"ok": False, "message": f"There is no load called '{load}': {names}.", "call": None}

    def _forget_minutes(self, load: Load) -> None:
        """Minutes that a boost was asked for go with it: the next one may be begun by hand."""
        key = f"{load.id}.mode"
        override = self.memory.overrides.get(key)
        if load.mode.entity and override and override.value == BOOST:
            kept = {name: old for name, old in self.memory.overrides.items() if name != key}
            self.memory = replace(self.memory, overrides=kept)

    def _begin_boost(self, load: Load, minutes: float | None) -> None:
        """A boost that is set begins now, even if one is under way or has just ended."""
        of_load = replace(self.memory.load(load.id), boost_at=None)
        self._boosts_over.discard(load.id)
        overrides = dict(self.memory.overrides)
        if minutes:
            override = Override(BOOST, str(load.mode.value), minutes * 60)
            overrides[f"{load.id}.mode"] = override
        loads = {**self.memory.loads, load.id: of_load}
        self.memory = replace(self.memory, loads=loads, overrides=overrides)

    def set_distribution(self, distribution: str) -> dict[str, Any]:
        """Set how the site shares; answers `ok`, `message`, `call`."""
        site = self.registry.wired.site
        if site is None:
            return {"ok": False, "message": CATALOGUES["en"]["no_site"], "call": None}
        return self._set("site", "distribution", site.distribution, distribution, site.name)

    def _set(
        self, owner: str, name: str, setting: Setting, value: str, shown: str
    ) -> dict[str, Any]:
        """Set a choice: written to the wired entity, which always wins, or remembered."""
        wanted = str(value).strip().lower()
        wanted = "off" if wanted == "false" else wanted  # YAML reads off as False
        wanted = setting.aliases.get(wanted, wanted)
        if wanted not in setting.choices:
            allowed = ", ".join(setting.choices)
            message = f"'{value}' is not a {name} for {shown}: {allowed} are."
            return {"ok": False, "message": message, "call": None}
        call = None
        if setting.entity:
            domain = setting.entity.split(".")[0]
            services = {"select": "select_option", "input_select": "select_option"}
            key = "option" if domain in services else "value"
            state = self._seen.get(setting.entity)
            offered = (state.attributes.get("options") if state else None) or ()
            spelt = next((str(o) for o in offered if _same(setting, str(o), wanted)), wanted)
            if domain not in services and domain != "input_text":
                message = f"{setting.entity} says the {name} of {shown} and can't be written."
                return {"ok": False, "message": message, "call": None}
            data = {"entity_id": setting.entity, key: spelt}
            call = {"domain": domain, "service": services.get(domain, "set_value"), "data": data}
        else:
            override = Override(wanted, str(setting.value))
            overrides = {**self.memory.overrides, f"{owner}.{name}": override}
            self.memory = replace(self.memory, overrides=overrides)
        return {"ok": True, "message": f"{shown}: {name} {wanted}.", "call": call}

    # --- answers and storage --------------------------------------------------------------------

    def answer(self) -> dict[str, Any]:
        """The last report as plain data, for a service response."""
        report = self.report
        return {
            "ok": report.status not in ("error", "no_site"),
            "status": report.status,
            "message": report.sentence,
            "warnings": list(report.warnings),
            "distribution": report.distribution,
            "grid_available_w": report.grid_available_w,
            "surplus_w": report.surplus_w,
            "battery_help_w": report.battery_help_w,
            "import_over_limit_today": plain(report.import_over) if report.import_over else None,
            "loads": {
                load.id: {
                    "name": load.name,
                    "mode": load.mode,
                    "status": load.status,
                    "allocated_a": load.allocated_a,
                    "target_a": load.target_a,
                    "available_a": load.available_a,
                    "power_w": load.power_w,
                    "reason": load.sentence,
                    "code": load.reason.code,
                }
                for load in report.loads.values()
            },
            "circuits": {
                circuit.id: {
                    "name": circuit.name,
                    "limit_a": circuit.limit_a,
                    "current_a": dict(circuit.draw.items()),
                    "headroom_a": dict(circuit.headroom.items()),
                    "over_limit_today": {
                        phase: plain(over) for phase, over in circuit.over.items()
                    },
                }
                for circuit in report.circuits.values()
            },
        }

    def dump(self) -> dict[str, Any]:
        """Everything that must outlive a restart, as plain data."""
        return {
            "version": VERSION,
            "nodes": self.registry.dump(),
            "memory": to_json(self.memory),
        }

    def load(self, data: Any) -> list[str]:
        """Take over what `dump` gave; answers warnings about what could not be used."""
        if data is None:
            return []
        if not isinstance(data, dict) or data.get("version") != VERSION:
            return ["The stored registrations are of another version and are not used."]
        warnings = self.registry.load(data.get("nodes"))
        try:
            self.memory = woken(from_json(data.get("memory")), self.registry.wired.site)
        except ValueError as error:
            warnings.append(f"Stored {error}; starting without it.")
        self.setting_errors += tuple(warnings)
        return warnings


def _same(setting: Setting, offered: str, wanted: str) -> bool:
    """Whether what an entity offers means `wanted`, in its own spelling or by an old name."""
    plain = offered.strip().lower()
    return wanted in (plain, setting.aliases.get(plain))


def _idle_report(now: float) -> Report:
    return Report(at=now, status="no_site", sentence=CATALOGUES["en"]["no_site"])
