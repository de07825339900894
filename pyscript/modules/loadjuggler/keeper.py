"""What lives between runs: registrations, memory, and the last report.

The face of the engine to the shell. The shell hands it forms, states and the time, and does what
it answers; so everything that can be decided without Home Assistant is decided, and tested, here.
"""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from . import (
    account,
    alerts,
    asked,
    dashboard,
    detect,
    drivers,
    events,
    flow,
    history,
    mistakes,
    publish,
)
from .discovery import EVERY_S as NEWCOMERS_S
from .discovery import Search, newcomers, suggest
from .events import Event, Troubles
from .evidence import Remap, WiringMemory
from .leaving import Leaving, Tries
from .memory import LoadMemory, Memory, Override, from_json, to_json
from .model import NOTED, NOTICE, Load, OcppControl, ServiceCall, Setting, Site, Snapshot
from .modes import BOOST
from .notices import SENT, Notices
from .options import Options, read_options
from .picture import Showing
from .plain import shown
from .publish import Entity
from .registry import LOADS, Registry
from .report import Notice, Report, coded
from .report import plain as as_plain
from .sense import number
from .sense.lookup import Sensing
from .sense.mode import before_boost
from .sense.settings import amount
from .texts import CATALOGUES, WORDS, language_of
from .units import LEGS
from .waking import without_strangers, woken
from .wiring import same_name

MODE_SLOT = "mode"
"""Slot of calls that write a mode; how they end says nothing about what the load was told."""
VERSION = 1
"""Version of what `dump` gives."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a run asks of the shell.

    `calls` to make in order, `entities` to set (those that changed), `removed` entity ids to
    take away, `discover`: ask all blueprints to announce themselves, `log`: errors to log,
    `events` to fire.
    """

    calls: tuple[ServiceCall, ...] = ()
    entities: tuple[Entity, ...] = ()
    removed: tuple[str, ...] = ()
    discover: bool = False
    log: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()


class Keeper:
    """Keeps the house between runs."""

    def __init__(self, options: Options | None = None) -> None:
        """Start with nothing registered."""
        self.options = options or Options()
        self.setting_errors: tuple[str, ...] = ()
        self.memory = Memory()
        self.registry = Registry(self.options)
        self.report = _idle_report(0.0, "en")
        self._leaving = Leaving(self.options)
        self._search = Search(self.options)
        self._now = 0.0
        self._utc_offset_s = 0.0
        self._language = "en"
        self._seen: Snapshot = {}
        self._published: dict[str, Entity] = {}
        self._errors_logged: set[str] = set()
        self._written_back: dict[str, Tries] = {}
        self._notices = Notices()
        self._showing = Showing(self.options.picture_s)
        self._troubles: Troubles = {}
        self._alerts: dict[str, Notice] = {}
        self._newcomers: tuple[str, ...] = ()
        self._newcomers_at = -math.inf
        self._dumped: Any = self._set_by_people()

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

    def register(
        self, kind: str, data: Mapping[str, Any], now: float, states: Snapshot | None = None
    ) -> dict[str, Any]:
        """Take in a form; answers `ok`, `id`, `message`, `errors`, `waiting`.

        With the `states` of all entities the entities of a load are found and checked, and it
        answers with `found`, `why` and `missing`, too.
        """
        answer = self.registry.register(kind, data, now)
        return answer if states is None else answer | self.registry.entities_of(kind, data, states)

    def suggest(self, states: Snapshot) -> dict[str, Any]:
        """What could be wired, among the states of all entities: see `discovery.suggest`."""
        return suggest(states)

    def looks(self, kind: str) -> bool:
        """Whether a form of this kind is registered with the states of all entities."""
        return kind in LOADS

    def searching(self, now: float) -> bool:
        """Whether something of a charger is missing that the names of entities may tell."""
        return self._search.due(now)

    def worthwhile(self, names: Iterable[str], now: float) -> bool:
        """Whether to `find` it, given the names of all entities."""
        return self._search.worthwhile(names, now)

    def find(self, states: Snapshot) -> None:
        """Find what is missing of chargers among the states of all entities."""
        self.registry.look(states)

    def watched(self) -> frozenset[str]:
        """Entity ids that a snapshot must hold (those that do not exist are left out of it)."""
        site = self.registry.wired.site
        leaving = {entity for left in self.registry.leaving.values() for entity in left.entities()}
        leaving |= self._leaving.entities()
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

    def run(
        self, snapshot: Snapshot, now: float, *, utc_offset_s: float = 0.0, language: str = "en"
    ) -> Turn:
        """One run. Never raises: an error is told in the status and logged once per kind.

        `utc_offset_s` is how far local time is ahead of UTC now; `language` is that of Home
        Assistant ("sl", "en-GB"), in which people are told: English, if it is not known.
        """
        self._seen, self._now, self._utc_offset_s = snapshot, now, utc_offset_s
        self._language = language_of(language)
        before = self.report
        calls: tuple[ServiceCall, ...] = ()
        try:
            discover = self.registry.sweep(snapshot, now)
            self.registry.identify(snapshot)
            calls = self._release(snapshot, now)
            self.memory = without_strangers(self.memory, self.registry.ids())
            if self.registry.wired.site is None:
                self.report = _idle_report(now, self._language)
                calls += self._notices.calls(())
            else:
                outcome = flow.run(
                    self.registry.wired.site,
                    self.memory,
                    snapshot,
                    now,
                    self.options,
                    utc_offset_s=utc_offset_s,
                    language=self._language,
                )
                self.memory, self.report = outcome.memory, outcome.report
                # First of all, as the memory has them as told: whatever may fail after this.
                calls += outcome.commands
                calls += self._after_boost(self.registry.wired.site)
                calls += self._tell(self.registry.wired.site)
            self.report = self._with_complaints(now)
            self._search.note(self.registry.wired.site, snapshot)
            told = self._events(before, utc_offset_s)
            return Turn(calls, *self._changed_entities(), discover=discover, events=told)
        except Exception as error:  # whatever it is, the house must go on
            return replace(self._broken(error, now), calls=calls)

    def _tell(self, site: Site) -> tuple[ServiceCall, ...]:
        """Calls that show, send and take away notifications."""
        self._alerts = alerts.notices(
            site,
            self.report,
            self._troubles,
            self._newcomers,
            self._alerts,
            self.options,
            self._language,
        )
        target = site.notify.target
        is_entity = target is not None and target in self._seen
        shown = (*self.report.notices, *self._alerts.values())
        return self._notices.calls(shown, target, is_entity)

    def newcomers_due(self, now: float) -> bool:
        """Whether to look at all entities for chargers that no form names."""
        site = self.registry.wired.site
        if site is None or "new_charger" not in site.notify.kinds:
            self._newcomers = ()
            return False
        return not 0 <= now - self._newcomers_at < NEWCOMERS_S

    def look_for_newcomers(self, states: Snapshot, now: float) -> None:
        """Find chargers that no form names among the states of all entities."""
        site = self.registry.wired.site
        loads = site.loads.values() if site else ()
        named = [load.control.devid for load in loads if isinstance(load.control, OcppControl)]
        self._newcomers, self._newcomers_at = newcomers(states, named), now

    def _events(self, before: Report, utc_offset_s: float) -> tuple[Event, ...]:
        """What automations are told: what is another now than `before` the run."""
        told, self._troubles = events.problems(self._troubles, self.report, utc_offset_s)
        return (*events.changed(before, self.report), *told)

    def _release(self, snapshot: Snapshot, now: float) -> tuple[ServiceCall, ...]:
        """Calls that put loads which left the plan on their safe level, until they go through."""
        for load, site in self.registry.leaving.items():
            self._leaving.add(site.loads[load], site, self.memory.load(load), now)
        kept = {
            key: value
            for key, value in self.memory.loads.items()
            if key not in self.registry.leaving
        }
        self.memory = replace(self.memory, loads=kept)
        self.registry.leaving = {}
        return self._leaving.calls(self.registry.wired.site, self.memory, snapshot, now)

    def _after_boost(self, site: Site) -> tuple[ServiceCall, ...]:
        """Calls that set mode entities back which still say boost when it is over.

        Each once; but one that fails is made again, and one that has no value now is waited for.
        """
        over = {
            load.id
            for load in site.loads.values()
            if load.mode.entity
            and self.memory.load(load.id).boost_at is not None
            and self.report.loads[load.id].mode != BOOST
        }
        tries = {load: self._written_back.get(load, Tries()) for load in sorted(over)}
        calls = []
        for load_id, tried in tries.items():
            load, mode = site.loads[load_id], self.report.loads[load_id].mode
            shown = self._seen.get(load.mode.entity or "")
            says_boost = shown is not None and _same(load.mode, shown.value, BOOST)
            if not (says_boost and tried.due(self._now, self.options)):
                continue
            call = self._set(load_id, "mode", load.mode, mode, load.name)["call"]
            tries[load_id] = replace(tried, due_at=math.inf)
            if call:
                calls.append(ServiceCall(load_id, **call, slot=MODE_SLOT))
        self._written_back = tries
        return tuple(calls)

    def failed(self, call: ServiceCall, error: str) -> bool:
        """Note that a call failed; answers whether it is the first in a row for its load."""
        load = call.load_id
        if call.slot == MODE_SLOT:
            tried = self._written_back.get(load, Tries())
            self._written_back[load] = tried.failed(self._now, self.options)
            return tried.failures == 0
        if call.slot.startswith(NOTICE):
            self._notices.failed(call)
            return call.load_id == SENT  # that one is not made again
        if not call.tells and call.slot not in NOTED:
            return False  # it is tried anew by itself
        leaving = self._leaving.failed(call, self._now)
        if leaving is not None:
            return leaving
        old = self.memory.load(load)
        noted = old.noted(call.slot, error) if call.slot in NOTED else None
        self._remember(load, noted or old.not_delivered(call.delivers, error))
        return old.failures == 0

    def succeeded(self, call: ServiceCall, response: Any = None) -> None:
        """Note that a call went through; `response` is what it answered, if it `asks`."""
        old = self.memory.load(call.load_id)
        if call.asks:
            self._remember(call.load_id, drivers.answered(old, call, response))
        elif (call.tells or call.slot in NOTED) and not self._leaving.succeeded(call):
            noted = old.noted(call.slot, None) if call.slot in NOTED else None
            self._remember(call.load_id, noted or old.delivered(call.delivers))

    def _remember(self, load: str, memory: LoadMemory) -> None:
        if load in self.memory.loads:
            self.memory = replace(self.memory, loads={**self.memory.loads, load: memory})

    def _broken(self, error: Exception, now: float) -> Turn:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        kind = f"{type(error).__name__} in {frame.name}:{frame.lineno}"
        what = f"{type(error).__name__}: {error}"
        text = WORDS[self._language]["broken"].format(error=what)
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
        now = {entity.id: entity for entity in publish.entities(self.report, self._showing.address)}
        changed = tuple(e for key, e in now.items() if self._published.get(key) != e)
        removed = tuple(key for key in self._published if key not in now)
        self._published = now
        return changed, removed

    # --- settings by service --------------------------------------------------------------------

    def set_mode(self, load: str, mode: str, minutes: Any = None) -> dict[str, Any]:
        """Set the mode of a load named by id or name; answers `ok`, `message`, `call`.

        `minutes` is how long a boost lasts, else as long as the form says.
        """
        found = self._find(load)
        if found is None:
            return {"ok": False, "message": self._no_load(load), "call": None}
        try:
            length = None if minutes is None else asked.minutes(minutes, 0.0)
        except asked.NotPossible as error:
            return {"ok": False, "message": str(error), "call": None}
        answer = self._set(found.id, "mode", found.mode, mode, found.name)
        if answer["ok"]:
            self._forget_minutes(found)
            if str(mode).strip().lower() == BOOST:
                self._begin_boost(found, length)
        return answer

    def _find(self, load: Any) -> Load | None:
        """The load that somebody calls by its id or name."""
        site, wanted = self.registry.wired.site, same_name(str(load))
        for found in site.loads.values() if site else ():
            if wanted in (found.id, same_name(found.name)):
                return found
        return None

    def _no_load(self, load: Any) -> str:
        """That there is no such load, and which ones there are."""
        site = self.registry.wired.site
        names = ", ".join(found.name for found in site.loads.values()) if site else "none is wired"
        return f"There is no load called '{load}': {names}."

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
        self._written_back.pop(load.id, None)
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
            return {"ok": False, "message": CATALOGUES[self._language]["no_site"], "call": None}
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

    # --- pause, order and limits by service ------------------------------------------------------

    def pause(self, load: Any, minutes: Any, now: float) -> dict[str, Any]:
        """Let a load rest for so many minutes, whatever its mode; answers `ok` and `message`."""
        return self._asked(load, lambda found: self._pause(found, minutes, now))

    def _pause(self, load: Load, minutes: Any, now: float) -> dict[str, Any]:
        length_min = asked.minutes(minutes, asked.PAUSE_MIN)
        self.memory = asked.paused(self.memory, load, length_min, now)
        return {"ok": True, "message": f"{load.name}: paused for {length_min:g} min."}

    def resume(self, load: Any) -> dict[str, Any]:
        """End a pause and a boost of a load; answers `ok`, `message`, `call`."""
        return self._asked(load, self._resume)

    def _resume(self, load: Load) -> dict[str, Any]:
        known = self.memory.load(load.id)
        reported = self.report.loads.get(load.id)
        boosted = reported is not None and reported.mode == BOOST
        if known.paused_at is None and not boosted:
            return {"ok": True, "message": f"{load.name} is neither paused nor boosted."}
        self.memory = asked.unpaused(self.memory, load)
        if not boosted:
            return {"ok": True, "message": f"{load.name}: goes on."}
        before = before_boost(load, known)
        return {**self.set_mode(load.id, before), "message": f"{load.name}: mode {before} again."}

    def set_priority(self, load: Any, priority: Any) -> dict[str, Any]:
        """Set who goes first, 1 before 2; answers `ok`, `message`, `calls`."""
        return self._asked(
            load, lambda found: self._grant(found, (asked.priority(found, priority),))
        )

    def set_limits(self, load: Any, min_a: Any = None, max_a: Any = None) -> dict[str, Any]:
        """Set the minimum and maximum of a charger, A per leg; answers `ok`, `message`, `calls`."""
        return self._asked(
            load,
            lambda found: self._grant(
                found, asked.limits(found, min_a, max_a, self._limits_now(found))
            ),
        )

    def _limits_now(self, load: Load) -> dict[str, float]:
        """Minimum and maximum of a charger as they are now, A per leg."""
        site = self.registry.wired.site
        assert site is not None  # there is a load, so there is one
        at = Sensing(site, self.memory, self._seen, self._now, self.options)
        both = {"min_a": load.min_a, "max_a": load.max_a}
        return {name: amount(at, load.id, name, setting) for name, setting in both.items()}

    def _grant(self, load: Load, wishes: tuple[asked.Wish, ...]) -> dict[str, Any]:
        self.memory, calls = asked.granted(self.memory, load, wishes, self._seen)
        return {"ok": True, "message": asked.done(load, wishes), "calls": calls}

    def _asked(self, load: Any, do: Callable[[Load], dict[str, Any]]) -> dict[str, Any]:
        """What `do` answers for the load called so, or why it is not possible."""
        found = self._find(load)
        if found is None:
            return {"ok": False, "message": self._no_load(load)}
        try:
            return do(found)
        except asked.NotPossible as error:
            return {"ok": False, "message": str(error)}

    # --- the wiring -----------------------------------------------------------------------------

    def check_wiring(self, load: Any, now: float) -> dict[str, Any]:
        """Begin a check of a load's wiring with the next run; answers `ok` and `message`.

        It takes a minute; what came of it is in `checked` then.
        """
        found, going = self._find(load), self.memory.wiring.check
        if found is None:
            return {"ok": False, "message": self._no_load(load)}
        if going is not None and not going.code:
            return {"ok": False, "message": "A check is under way already; it takes a minute."}
        self._remember_wiring(replace(self.memory.wiring, check=detect.begun(found.id, now)))
        return {"ok": True, "message": f"{found.name}: its wiring is being checked."}

    def checked(self) -> dict[str, Any] | None:
        """What came of the last check: `ok`, `message`, `code`, `legs`; `None` while it goes on."""
        site, check = self.registry.wired.site, self.memory.wiring.check
        if check is not None and not check.code and site is not None:
            return None
        return mistakes.checked(check, site, self._language)

    def undo_remap(self, load: Any) -> dict[str, Any]:
        """Count a load as its form says again; answers `ok` and `message`."""
        found = self._find(load)
        if found is None:
            return {"ok": False, "message": self._no_load(load)}
        remap = self.memory.wiring.remaps.get(found.id)
        if remap is None or remap.undone:
            text = f"{found.name} is counted on the phases that its form says."
            return {"ok": False, "message": text}
        self._remember_wiring(detect.undone(self.memory.wiring, found.id))
        legs = ", ".join(f"{leg}: {phase}" for leg, phase in found.legs)
        text = f"{found.name} is counted as its form says again ({legs}), and stays so."
        return {"ok": True, "message": text}

    def _remember_wiring(self, wiring: WiringMemory) -> None:
        self.memory = replace(self.memory, wiring=wiring)

    # --- what was told, and why -----------------------------------------------------------------

    def history(self, load: Any, count: Any = None) -> dict[str, Any]:
        """What a load was told lately: `ok`, `message`, `changes`, the newest first.

        `count` is how many at most: all that are kept, if it is not given.
        """
        found, most = self._find(load), history.MOST if count is None else number(count)
        if found is None:
            return {"ok": False, "message": self._no_load(load)}
        if most is None or not 1 <= most <= history.MOST:
            return {"ok": False, "message": f"'{count}' is no count: 1 to {history.MOST} are."}
        kept = self.memory.history.get(found.id, ())
        changes = history.told(kept, int(most), self._utc_offset_s)
        text = changes[0]["reason"] if changes else WORDS[self._language]["no_history"]
        message = f"{found.name}: {text}"
        return {"ok": True, "message": message, "load": found.id, "changes": changes}

    # --- the dashboard --------------------------------------------------------------------------

    def dashboard(self, version: str = "", language: str = "en") -> dict[str, Any]:
        """A dashboard of what is wired: `ok`, `yaml`, `note`; for this Home Assistant `version`."""
        site = self.registry.wired.site
        shown = self._published
        return dashboard.made(site, self.report, shown, version, language_of(language))

    def explain(self, load: Any) -> dict[str, Any]:
        """The full account of the last run for a load: `ok`, `message`, `text`, and its data."""
        found = self._find(load)
        if found is None:
            return {"ok": False, "message": self._no_load(load)}
        if self.report.basis is None or found.id not in self.report.loads:
            return {"ok": False, "message": WORDS[self._language]["no_run"]}
        data = account.account(self.report, found.id, self._language)
        return {"ok": True, "message": data["reason"], **data}

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
            "import_over_limit_today": as_plain(report.import_over) if report.import_over else None,
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
                    **coded(load.reason),
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
                        phase: as_plain(over) for phase, over in circuit.over.items()
                    },
                }
                for circuit in report.circuits.values()
            },
        }

    def dump(self) -> dict[str, Any]:
        """Everything that must outlive a restart, as plain data; `must_store` counts from here."""
        self._dumped = self._set_by_people()
        return {
            "version": VERSION,
            "nodes": self.registry.dump(),
            "memory": to_json(replace(self.memory, wiring=self.memory.wiring.lasting())),
            "shown": publish.stored(self._published.values()),
        }

    def restored(self) -> tuple[Entity, ...]:
        """Entities as they were before a restart, to be shown until the first run sets them."""
        return tuple(self._published.values())

    def must_store(self) -> bool:
        """Whether something has changed since the last dump that must not be lost.

        Forms, modes, pauses, and on which phases loads are counted.
        """
        return bool(self._dumped != self._set_by_people())

    def _set_by_people(
        self,
    ) -> tuple[Mapping[str, Any], Mapping[str, Override], Mapping[str, Remap], Mapping[str, float]]:
        pauses = {
            key: load.paused_at
            for key, load in self.memory.loads.items()
            if load.paused_at is not None
        }
        return dict(self.registry.nodes), self.memory.overrides, self.memory.wiring.remaps, pauses

    def load(self, data: Any) -> list[str]:
        """Take over what `dump` gave; answers warnings about what could not be used, if anything.

        Then `data` must be set aside before it is written over. Forms are of use without the
        memory; the memory is not without the forms, as their ids say whose it is.
        """
        if data is None:
            return []
        version = data.get("version") if isinstance(data, dict) else None
        if isinstance(version, bool) or version != VERSION:
            found = f"version {shown(version)}" if isinstance(data, dict) else "nothing known"
            warnings = [
                f"What was stored has {found}, this reads {VERSION}; starting from nothing."
            ]
        else:
            warnings = self._load(data)
        self.setting_errors += tuple(warnings)
        self._dumped = None if warnings else self._set_by_people()
        return warnings

    def _load(self, data: Mapping[str, Any]) -> list[str]:
        warnings = self.registry.load(data.get("nodes"))
        try:
            memory = without_strangers(from_json(data.get("memory")), self.registry.ids())
        except ValueError as error:
            return [*warnings, f"Stored {error}; starting without it."]
        self._published = {one.id: one for one in publish.restored(data.get("shown"))}
        self.memory = woken(memory, self.registry.wired.site)
        self._now = math.inf  # it may have been set back in between, too
        return warnings

    # --- the picture ----------------------------------------------------------------------------

    def picture_due(self, now: float) -> bool:
        """Whether it is time at `now` (epoch s) to ask for a `picture`."""
        return self._showing.due(now)

    def picture(self, now: float, language: str = "en") -> str | None:
        """The picture of the wiring (SVG) to write at `now` (epoch s); `None`: it is the same.

        It may be drawn beside the runs: that takes longer than one of them.
        """
        site = self.registry.wired.site
        if site is not None:
            site = detect.applied(site, self.memory.wiring.remaps)
        return self._showing.next(site, self.report, now, language)

    def picture_written(self) -> tuple[Entity, ...]:
        """Note that the last picture is in its file; answers the entities that tell of it."""
        self._showing.written()
        return self._changed_entities()[0]


def _same(setting: Setting, offered: str, wanted: str) -> bool:
    """Whether what an entity offers means `wanted`, in its own spelling or by an old name."""
    plain = offered.strip().lower()
    return wanted in (plain, setting.aliases.get(plain))


def _idle_report(now: float, language: str) -> Report:
    return Report(at=now, status="no_site", sentence=CATALOGUES[language]["no_site"])
