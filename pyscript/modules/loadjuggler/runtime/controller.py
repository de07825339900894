"""The Keeper: everything that lives between runs, that is forms, memory and the last report.

The host hands it forms, states and the time, and does what it answers. So everything that can be
decided without Home Assistant is decided, and tested, here. Services are answered in `api`.
"""

from __future__ import annotations

import math
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from .. import flow
from ..calls import MODE, NOTED, NOTICE, ServiceCall
from ..config import complaints
from ..config.registry import Registry
from ..diagnostics import wiring
from ..discovery.newcomers import Newcomers
from ..discovery.search import Search
from ..explain.trace import Trace
from ..loads import drive
from ..loads.kinds import KINDS_OF_LOADS
from ..memory.load import LoadMemory
from ..memory.memory import Memory
from ..memory.restart import taken_over, without_strangers
from ..options import Options, read_options
from ..publish.entity import Entity
from ..publish.events import Event
from ..publish.notifications import News, unstored
from ..publish.picture.showing import Showing
from ..publish.screen import Screen
from ..report import Notice, Report
from ..site.model import Site
from ..snapshot import Snapshot
from ..texts import CATALOGUES, WORDS, language_of
from ..units import LEGS
from . import storage
from .boosts import SettingBack
from .errors import where
from .exchange import Actions, Given
from .release import Leaving
from .saved import fuller


class Keeper:
    """Keeps forms and memory between runs.

    `trouble` is a sentence about what fails beside the runs, `unstored` why nothing can be stored
    ("": nothing fails); the host sets both.
    `given` is what the last run was given, `report` its result, `trace` the data that the report
    was worked out from, `screen` what Home Assistant shows of it.
    """

    def __init__(self, options: Options | None = None) -> None:
        """Start with nothing registered."""
        self.options = options or Options()
        self.setting_errors: tuple[str, ...] = ()
        self.trouble = ""
        self.unstored = ""
        self.memory = Memory()
        self.registry = Registry(self.options)
        self.given = Given()
        self.report = _idle_report(0.0, "en")
        self.trace: Trace | None = None
        self.screen = Screen(self.options)
        self.search = Search(self.options)
        self.newcomers = Newcomers()
        self.setting_back = SettingBack(self.options)
        self._leaving = Leaving(self.options)
        self._news = News(self.options)
        self.showing = Showing(self.options.picture_s)
        self._errors_logged: set[str] = set()
        self._stored: storage.SetByPeople | None = storage.set_by_people(self.registry, self.memory)

    @classmethod
    def from_settings(cls, settings: Any) -> Keeper:
        """A Keeper with the options that the user has set: numbers by name, or `None`.

        An option that can't be used keeps its default; `setting_errors` and the status say so.
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

    # --- what is wired --------------------------------------------------------------------------

    @property
    def shown(self) -> Mapping[str, Entity]:
        """The entities that Home Assistant shows, by id."""
        return self.screen.shown

    @property
    def site(self) -> Site | None:
        """What is wired now; `None`: no site is."""
        return self.registry.wired.site

    def register(
        self, kind: str, data: Mapping[str, Any], now: float, states: Snapshot | None = None
    ) -> dict[str, Any]:
        """Take in a form; answers `ok`, `id`, `message`, `errors`, `waiting`.

        With the `states` of all entities the answer has `found`, `why` and `missing`, too.
        """
        answer = self.registry.register(kind, data, now)
        known = self.memory.loads.get(str(answer.get("id")))
        if known is not None and known.calls.failures:  # what was wrong may be put right now
            self._remember(str(answer["id"]), replace(known, calls=known.calls.went_through()))
        return fuller(answer, self.registry, self.memory, kind, data, states)

    def looks(self, kind: str) -> bool:
        """Whether a form of this kind is registered with the states of all entities."""
        return kind in KINDS_OF_LOADS

    def watched(self) -> frozenset[str]:
        """Entity ids that the snapshot of a run must contain, if they exist."""
        leaving = {entity for left in self.registry.leaving.values() for entity in left.entities()}
        leaving |= self._leaving.entities()
        wired = self.site.entities() if self.site else frozenset[str]()
        return frozenset(self.registry.automations() | leaving | wired)

    def triggers(self) -> tuple[str, ...]:
        """What must start a run when it changes: entity ids, and `entity.attribute`."""
        if self.site is None:
            return ()
        found = self.site.entities() | self.registry.automations()
        for load in self.site.loads.values():
            found |= {f"{entity}.{leg}" for entity in load.sensors.current for leg in LEGS}
        return tuple(sorted(found))

    # --- a run ----------------------------------------------------------------------------------

    def run(
        self, snapshot: Snapshot, now: float, *, utc_offset_s: float = 0.0, language: str = "en"
    ) -> Actions:
        """One run. Never raises: an error is told in the status and logged once per kind.

        `utc_offset_s` is how far local time is ahead of UTC now; `language` is that of Home
        Assistant ("sl", "en-GB"), in which people are told: English, if it is not known.
        """
        self.given = Given(snapshot, now, utc_offset_s, language_of(language))
        calls: tuple[ServiceCall, ...] = ()
        try:
            discover = self.registry.sweep(snapshot, now)
            self.registry.identify(snapshot)
            calls = self._release()
            self.memory = self._of_the_wired()
            # These go out whatever fails below, because the memory counts them as sent.
            calls += self._flow()
            if self.site is not None:
                calls += self.setting_back.calls(self.site, self.memory, self.report, snapshot)
            calls += self._notices(self.trouble)
            self.report = self._with_complaints()
            self.search.note(self.site, snapshot)
            events = self._news.events(self.report, self.trouble, utc_offset_s)
            return Actions(calls, *self._changed_entities(), discover=discover, events=events)
        except Exception as error:  # whatever it is, the house must go on
            broken = self.broken(error)
            return replace(broken, calls=(*calls, *broken.calls))

    def _release(self) -> tuple[ServiceCall, ...]:
        """Calls that put loads which left the plan on their safe level, until they go through."""
        left, now = self.registry.leaving, self.given.now
        for load, site in left.items():
            self._leaving.add(site.loads[load], site, self.memory.load(load), now)
        loads = self.memory.loads.items()
        rested = {key: known.resting() if key in left else known for key, known in loads}
        self.memory = replace(self.memory, loads=rested)
        self.registry.leaving = {}
        return self._leaving.calls(self.site, self.memory, self.given.snapshot, now)

    def _of_the_wired(self) -> Memory:
        """The memory of what is wired, or was until lately; a new load has that of its device."""
        registry, heirs = self.registry, self.registry.taken_over
        registry.taken_over = {}
        departed = registry.departed.ids(self.given.now)
        return without_strangers(taken_over(self.memory, heirs), registry.ids(), departed)

    def _flow(self) -> tuple[ServiceCall, ...]:
        """Run the engine; keeps memory, report and trace, and answers its calls."""
        given = self.given
        if self.site is None:
            self.report, self.trace = _idle_report(given.now, given.language), None
            return ()
        outcome = flow.run(
            self.site,
            self.memory,
            given.snapshot,
            given.now,
            self.options,
            utc_offset_s=given.utc_offset_s,
            language=given.language,
        )
        self.memory, self.report, self.trace = outcome.memory, outcome.report, outcome.trace
        return outcome.commands

    def _with_complaints(self) -> Report:
        """The report with errors of settings, forms and the program among its warnings."""
        report, given = self.report, self.given
        asides = [one.message for one in self._asides()]
        forms = self.registry.complaints(given.now, given.language)
        found = [*self.setting_errors, *asides, *self._news.unsent(given.language), *forms]
        if not found and not self.trouble:
            return report
        ours = (self.trouble,) if self.trouble else ()
        warnings = tuple(dict.fromkeys((*ours, *report.warnings, *found)))
        status = "problem" if report.status == "ok" else report.status
        status = "error" if self.trouble else status
        return replace(report, status=status, warnings=warnings, sentence=" ".join(warnings))

    def _notices(self, trouble: str) -> tuple[ServiceCall, ...]:
        """Calls that show and dismiss notifications; `trouble` is what fails, "": nothing."""
        given, names = self.given, self.newcomers.names
        forms = complaints.notices(self.registry.troubles(given.now), given.language)
        always = (*self._asides(), *forms)
        return self._news.calls(
            self.site, self.report, names, given.snapshot, given.language, trouble, always
        )

    def _asides(self) -> tuple[Notice, ...]:
        """The notification that nothing can be stored, if that is so."""
        return unstored(self.unstored, self.given.language) if self.unstored else ()

    def beside(self, error: Exception) -> str:
        """The sentence about an error beside the runs, for `trouble`."""
        what = f"{type(error).__name__}: {error}"
        return WORDS[self.given.language]["broken_beside"].format(error=what)

    def broken(self, error: Exception) -> Actions:
        """What to do after a run with an error: tell it and notify, leave all else as it is.

        No call goes to a charger, so what it was told is not renewed, and it goes to its fall-back
        current by itself (docs/product.md section 6).
        """
        kind = where(error)
        what = f"{type(error).__name__}: {error}"
        text = WORDS[self.given.language]["broken"].format(error=what)
        self.report = replace(
            self.report, at=self.given.now, status="error", sentence=text, warnings=(text,)
        )
        log = () if kind in self._errors_logged else ("".join(traceback.format_exception(error)),)
        self._errors_logged.add(kind)
        calls: tuple[ServiceCall, ...] = ()
        events: tuple[Event, ...] = ()
        with suppress(Exception):  # the error may be just there
            calls = self._notices(text)
            events = self._news.events(self.report, text, self.given.utc_offset_s)
        return Actions(calls, *self._changed_entities(), log=log, events=events)

    def _changed_entities(self) -> tuple[tuple[Entity, ...], tuple[str, ...]]:
        """Entities to set, and ids of those to take away; they count as shown from here."""
        report, given = self.report, self.given
        changes = self.screen.next(
            report, self.memory.history, self.showing.address, given.utc_offset_s, given.language
        )
        self.showing.noted(self.screen.weight)
        return changes

    # --- how calls end --------------------------------------------------------------------------

    def failed(self, call: ServiceCall, error: str) -> bool:
        """Note that a call failed; answers whether it is the first in a row for its load."""
        if call.slot == MODE:
            return self.setting_back.failed(call, self.given.now)
        if call.slot.startswith(NOTICE):
            return self._news.failed(call, error)
        counts = call.tells or call.slot in NOTED  # others are made again by the next run
        leaving = self._leaving.failed(call, self.given.now) if counts else None
        if leaving is not None:
            return leaving
        old = self.memory.load(call.load_id)
        self._remember(call.load_id, drive.failed(old, call, error))
        return counts and old.calls.failures == 0

    def succeeded(self, call: ServiceCall, response: Any = None) -> None:
        """Note that a call went through; `response` is what it answered, if it `asks`."""
        counts = call.tells or call.slot in NOTED
        self._news.succeeded(call)
        if call.asks or (counts and not self._leaving.succeeded(call)):
            old = self.memory.load(call.load_id)
            self._remember(call.load_id, drive.succeeded(old, call, response))

    def _remember(self, load: str, memory: LoadMemory) -> None:
        if load in self.memory.loads:
            self.memory = replace(self.memory, loads={**self.memory.loads, load: memory})

    # --- storage --------------------------------------------------------------------------------

    def dump(self) -> dict[str, Any]:
        """Everything that must outlive a restart, as plain data, for the file."""
        self._stored = storage.set_by_people(self.registry, self.memory)
        return storage.content(self.registry, self.memory, self.screen.totals.to_store(self.shown))

    def written(self, content: Mapping[str, Any] | None) -> None:
        """Note that the file has what `dump` gave; `None`: that could not be written."""
        self.screen.totals.written(content["shown"] if content else None)

    def must_store(self) -> bool:
        """Whether people have set something since the last dump, which must not be lost."""
        return self._stored != storage.set_by_people(self.registry, self.memory)

    def load(self, data: Any) -> list[str]:
        """Take over what `dump` gave; answers warnings about what can't be used.

        With warnings, the file must be copied before it is written again.
        """
        if data is None:
            return []
        found = storage.read(data, self.registry)
        if found.memory is not None:
            self.memory = found.memory
            self.screen.restored(found.entities)
            # The clock may have been set back in between, too.
            self.given = replace(self.given, now=math.inf)
        self.setting_errors += found.warnings
        now = storage.set_by_people(self.registry, self.memory)
        self._stored = None if found.warnings else now
        return list(found.warnings)

    def restored(self) -> tuple[Entity, ...]:
        """The entities as they were before a restart, shown until the first run sets them."""
        return tuple(self.shown.values())

    # --- the picture ----------------------------------------------------------------------------

    def picture(self, now: float, language: str = "en") -> str | None:
        """The picture of the wiring (SVG) to write at `now` (epoch s); `None`: it has not changed.

        It takes longer than a run, so it may be called in another thread.
        """
        site = self.site
        if site is not None:
            site = wiring.applied(site, self.memory.wiring.remaps)
        return self.showing.next(site, self.report, now, language)

    def picture_told(self) -> tuple[Entity, ...]:
        """The entities that have the address of the picture, after that has changed (`showing`)."""
        return self.screen.with_picture(self.showing.address)


def _idle_report(now: float, language: str) -> Report:
    return Report(at=now, status="no_site", sentence=CATALOGUES[language]["no_site"])
