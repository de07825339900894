"""The desk: answers what people and automations ask by services.

Every answer has `ok` and a `message` in words; `call` and `calls` are calls that the host makes. If
an entity is wired for a setting, it always wins, so a service writes it. Otherwise the value is
remembered until the form's own value changes (docs/product.md section 7).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from ..config.node import same_name
from ..diagnostics import wiring
from ..explain import breakdown, diagnosis
from ..loads.mode import before_boost, read_mode
from ..logbook import history
from ..measure.lookup import Sensing
from ..measure.numbers import number
from ..measure.settings import amount, meaning
from ..memory.load import LoadMemory
from ..memory.memory import Override
from ..memory.wiring import WiringMemory
from ..publish import dashboard
from ..report import as_data
from ..site.model import Load, Setting
from ..site.modes import BOOST
from ..snapshot import Snapshot
from ..texts import CATALOGUES, WORDS, language_of
from ..texts.wording import echoed
from . import boosts, requests
from .controller import Keeper
from .requests import NotPossible

Answer = dict[str, Any]


P = ParamSpec("P")


def _or_why_not(
    ask: Callable[Concatenate[Desk, P], Answer],
) -> Callable[Concatenate[Desk, P], Answer]:
    """`ask` with NotPossible turned into an answer that says why."""

    @wraps(ask)
    def answered(desk: Desk, /, *args: P.args, **kwargs: P.kwargs) -> Answer:
        try:
            return ask(desk, *args, **kwargs)
        except NotPossible as error:
            return {"ok": False, "message": str(error)}

    return answered


@dataclass(frozen=True, slots=True)
class Desk:
    """Answers from the last run of a Keeper, and puts settings into its memory.

    A `load` is given by its id or its name, also by one that it had before. What a service sets may
    depend on what was set just before, which no run has seen yet: `seen` are the states as they are
    now, `now` is the time (epoch s). Without them those of the last run count.
    """

    keeper: Keeper
    seen: Snapshot | None = None
    now: float | None = None

    # --- modes and sharing ----------------------------------------------------------------------

    @_or_why_not
    def set_mode(self, load: Any, mode: Any, minutes: Any = None) -> Answer:
        """Set the mode of a load; answers `ok`, `message`, `call`.

        `minutes` is the length of a boost; without it the form's counts. Other modes hold until
        another one is set.
        """
        found = self._load(load)
        length_min = None if minutes is None else requests.minutes(minutes, 0.0)
        _, known = self._mode_now(found)
        answer = self._choose(found.id, "mode", found.mode, mode, found.name)
        memory = self.keeper.memory
        memory = replace(memory, loads={**memory.loads, found.id: known})
        memory = boosts.without_minutes(memory, found)
        boost = meaning(found.mode, mode) == BOOST
        if length_min is not None and not boost:
            answer["message"] += " The minutes count for boost only."
        if boost:
            memory = boosts.begun(memory, found, length_min)
            self.keeper.setting_back.forget(found.id)
        self.keeper.memory = memory
        return answer

    @_or_why_not
    def set_distribution(self, distribution: Any) -> Answer:
        """Set how the site shares (a name of `DISTRIBUTIONS`); answers `ok`, `message`, `call`."""
        site = self.keeper.site
        if site is None:
            raise NotPossible(CATALOGUES[self.keeper.given.language]["no_site"])
        return self._choose("site", "distribution", site.distribution, distribution, site.name)

    def _choose(self, owner: str, name: str, setting: Setting, value: Any, shown: str) -> Answer:
        """Set the choice `name` of `owner` (an id), which messages call `shown`."""
        wanted = meaning(setting, value)
        if wanted is None:
            allowed = ", ".join(setting.choices)
            raise NotPossible(f"'{echoed(value)}' is not a {name} for {shown}: {allowed} are.")
        call = requests.written(setting, wanted, self._sensing().snapshot)
        if setting.entity and call is None:
            raise NotPossible(f"{setting.entity} says the {name} of {shown} and can't be written.")
        if not setting.entity:
            memory, override = self.keeper.memory, Override(wanted, str(setting.value))
            overrides = {**memory.overrides, (owner, name): override}
            self.keeper.memory = replace(memory, overrides=overrides)
        return {"ok": True, "message": f"{shown}: {name} {wanted}.", "call": call}

    # --- pause, order and limits ----------------------------------------------------------------

    @_or_why_not
    def pause(self, load: Any, minutes: Any, now: float) -> Answer:
        """Pause a load for `minutes`, whatever its mode; answers `ok` and `message`."""
        found, length_min = self._load(load), requests.minutes(minutes, requests.PAUSE_MIN)
        _, known = self._mode_now(found)
        self.keeper.memory = requests.paused(self.keeper.memory, found, known, length_min, now)
        return {"ok": True, "message": f"{found.name}: paused for {length_min:g} min."}

    @_or_why_not
    def resume(self, load: Any) -> Answer:
        """End a pause and a boost of a load; answers `ok`, `message`, `call`.

        If a sensor says the boost, it can't be ended here; the pause ends all the same, and the
        message says so.
        """
        found = self._load(load)
        mode, known = self._mode_now(found)
        boosted = mode == BOOST
        if known.chosen.paused_at is None and not boosted:
            return {"ok": True, "message": f"{found.name} is neither paused nor boosted."}
        answer: Answer = {"ok": True, "message": f"{found.name}: goes on."}
        if boosted:
            before = before_boost(found, known)
            answer = self.set_mode(found.id, before)
            if answer["ok"]:
                answer["message"] = f"{found.name}: mode {before} again."
            elif known.chosen.paused_at is not None:
                text = f"{found.name}: its pause is over, its boost is not: {answer['message']}"
                answer = {"ok": True, "message": text}
        if answer["ok"]:
            self.keeper.memory = requests.unpaused(self.keeper.memory, found)
        return answer

    @_or_why_not
    def set_priority(self, load: Any, priority: Any) -> Answer:
        """Set the priority of a load, 1 goes first; answers `ok`, `message`, `calls`."""
        found = self._load(load)
        return self._grant(found, (requests.priority(found, priority),))

    @_or_why_not
    def set_limits(self, load: Any, min_a: Any = None, max_a: Any = None) -> Answer:
        """Set the minimum and maximum of a charger, A per leg; answers `ok`, `message`, `calls`."""
        found = self._load(load)
        return self._grant(found, requests.limits(found, min_a, max_a, self._limits_now(found)))

    def _limits_now(self, load: Load) -> dict[str, float]:
        """The minimum and maximum of a charger that hold now, A per leg."""
        at = self._sensing()
        both = {"min_a": load.min_a, "max_a": load.max_a}
        return {name: amount(at, load.id, name, setting) for name, setting in both.items()}

    def _mode_now(self, load: Load) -> tuple[str, LoadMemory]:
        """The mode of a load now, and its memory with that, as a run at this moment would have it.

        So what was asked before this, and answered, counts also if no run came between.
        """
        return read_mode(self._sensing(), load, self.keeper.memory.load(load.id))

    def _sensing(self) -> Sensing:
        """A look at the states as they are now; there must be a site."""
        keeper, given = self.keeper, self.keeper.given
        assert keeper.site is not None  # there is something to set, so there is one
        seen = given.snapshot if self.seen is None else self.seen
        now = given.now if self.now is None else self.now
        return Sensing(keeper.site, keeper.memory, seen, now, keeper.options)

    def _grant(self, load: Load, wishes: tuple[requests.Wish, ...]) -> Answer:
        keeper, seen = self.keeper, self._sensing().snapshot
        keeper.memory, calls = requests.granted(keeper.memory, load, wishes, seen)
        return {"ok": True, "message": requests.done(load, wishes), "calls": calls}

    # --- the wiring -----------------------------------------------------------------------------

    @_or_why_not
    def check_wiring(self, load: Any, now: float) -> Answer:
        """Start a check of a load's wiring with the next run; answers `ok` and `message`.

        It takes a minute; its result is in `checked` then.
        """
        found, learned = self._load(load), self.keeper.memory.wiring
        if learned.check is not None and not learned.check.code:
            raise NotPossible("A check is under way already; it takes a minute.")
        self._remember_wiring(replace(learned, check=wiring.begun(found.id, now)))
        return {"ok": True, "message": f"{found.name}: its wiring is being checked."}

    def checked(self, load: Any) -> Answer | None:
        """The result of a load's check: `ok`, `message`, `code`, `legs`; `None`: it goes on."""
        site, check = self.keeper.site, self.keeper.memory.wiring.check
        if check is not None and not check.code and site is not None:
            return None
        there = self._found(load) is not None
        return diagnosis.checked(check, site, self.keeper.given.language, still_there=there)

    @_or_why_not
    def undo_remap(self, load: Any) -> Answer:
        """Count a load on the phases of its form again; answers `ok` and `message`."""
        found, learned = self._load(load), self.keeper.memory.wiring
        remap = learned.remaps.get(found.id)
        if remap is None or remap.undone:
            raise NotPossible(f"{found.name} is counted on the phases that its form says.")
        self._remember_wiring(wiring.undone(learned, found.id))
        legs = ", ".join(f"{leg}: {phase}" for leg, phase in found.legs)
        text = f"{found.name} is counted as its form says again ({legs}), and stays so."
        return {"ok": True, "message": text}

    def _remember_wiring(self, learned: WiringMemory) -> None:
        self.keeper.memory = replace(self.keeper.memory, wiring=learned)

    # --- what was told, and why -----------------------------------------------------------------

    def answer(self) -> Answer:
        """The report of the last run as plain data: what each load gets, and why."""
        return as_data(self.keeper.report)

    @_or_why_not
    def history(self, load: Any, count: Any = None) -> Answer:
        """The last changes of a load: `ok`, `message`, `changes`, the newest first.

        `count` is how many at most; without it all 50.
        """
        found, most = self._load(load), history.MOST if count is None else number(count)
        if most is None or not 1 <= most <= history.MOST:
            raise NotPossible(f"'{echoed(count)}' is no count: 1 to {history.MOST} are.")
        kept, given = self.keeper.memory.history.get(found.id, ()), self.keeper.given
        changes = history.told(kept, int(most), given.utc_offset_s)
        text = changes[0]["reason"] if changes else WORDS[given.language]["no_history"]
        message = f"{found.name}: {text}"
        return {"ok": True, "message": message, "load": found.id, "changes": changes}

    @_or_why_not
    def explain(self, load: Any) -> Answer:
        """The account of a load by the last run: `ok`, `message`, `text` (Markdown), its data."""
        found, report, language = self._load(load), self.keeper.report, self.keeper.given.language
        trace = self.keeper.trace
        if trace is None or found.id not in report.loads:
            raise NotPossible(WORDS[language]["no_run"])
        data = breakdown.account(report, trace, found.id, language)
        return {"ok": True, "message": data["reason"], **data}

    def dashboard(self, version: str = "", language: str = "en") -> Answer:
        """A dashboard for the wired loads, for Home Assistant `version`: `ok`, `yaml`, `note`."""
        keeper = self.keeper
        return dashboard.made(
            keeper.site, keeper.report, keeper.shown, version, language_of(language)
        )

    # --- who is meant ---------------------------------------------------------------------------

    def _load(self, load: Any) -> Load:
        """The load with this id or name; raises NotPossible with the names that exist."""
        found, site = self._found(load), self.keeper.site
        if found is not None:
            return found
        names = [other.name for other in site.loads.values()] if site else []
        shown = ", ".join(names) or "none is wired"
        raise NotPossible(f"There is no load called '{echoed(load)}': {shown}.")

    def _found(self, load: Any) -> Load | None:
        """The load with this id or name, or that had this name before; `None`: there is none."""
        site, wanted = self.keeper.site, same_name(str(load))
        loads = site.loads if site else {}
        for found in loads.values():
            if wanted in (found.id, same_name(found.name)):
                return found
        return loads.get(self.keeper.registry.formerly(wanted) or "")
