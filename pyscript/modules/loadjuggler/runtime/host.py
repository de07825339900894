"""The host: runs the engine in Home Assistant, for as long as this Home Assistant lives.

It hands states and the time to the Keeper, run after run, and does what the Keeper answers: calls
go out, entities are set, events fired, what must outlive a restart is stored, the picture drawn.
Nothing of that is waited for by a run. It knows Home Assistant only by its Hands.

```
    triggers, tick ──▶ wake ──▶ turn ──▶ Keeper.run ──▶ calls ──▶ Queues   (one per load)
                                                    ├─▶ entities, events
                                                    ├─▶ Saving, Drawing    (in the background)
                                                    └─▶ next_run: wait for wake or the tick
```
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Iterable, Mapping
from typing import Any

from ..calls import ServiceCall
from ..discovery import suggest
from ..publish.entities import Entity
from ..snapshot import EntityState, Snapshot
from . import file
from .api import Answer, Desk
from .controller import Keeper, Turn
from .drawing import Drawing
from .hands import Hands, locked
from .queues import Made, Queues
from .saving import Saving

DISCOVER = "loadjuggler_discover"
"""The event upon which all blueprints announce themselves."""


CHECK_LOOK_S = 1.0
"""How often it is looked whether a check of the wiring has ended."""


class Host:
    """Runs a keeper.

    `on` is whether to go on; `wake` is set by whoever wants a run soon; `discover` is whether the
    blueprints are to be asked with the next turn.
    """

    def __init__(self, hands: Hands, keeper: Keeper, stored: Any = None) -> None:
        """Start with a keeper, and what its file holds."""
        self.hands = hands
        self.keeper = keeper
        self.on = True
        self.wake = asyncio.Event()
        self.discover = True
        self._ran_at = 0.0  # by the monotonic clock, as all here
        self._queues = Queues(self._make_noted, self._call_ended)
        self._saving = Saving(hands, keeper, stored)
        self._drawing = Drawing(hands, keeper, self._tell_of_picture)
        self._complained: set[tuple[type[Exception], str, int | None]] = set()
        self._successor: Host | None = None

    @classmethod
    async def opened(cls, hands: Hands, settings: Any) -> Host:
        """A host that goes on from what is stored, with the user's `settings`.

        What was shown before a restart is shown until the first run: Home Assistant takes its time.
        """
        stored, warning = await hands.in_thread(file.read, hands.store_path)
        host = cls(hands, await _keeper(hands, settings, stored, warning), stored)
        for entity in host.keeper.restored():
            if hands.state(entity.id) is None:  # else pyscript was only reloaded
                hands.set_entity(entity.id, entity.value, entity.attributes)
        return host

    @classmethod
    async def renewed(cls, old: Host, settings: Any) -> Host:
        """A host of this engine that goes on where `old`, of the engine before, is now.

        If this raises, `old` can go on.
        """
        old._saving.soon()  # dumping makes it forget that something was set just before
        host = cls(old.hands, await _keeper(old.hands, settings, old.keeper.dump()))
        host._queues.go_on_from(old._queues)
        host._saving.go_on_from(old._saving)
        host._drawing.go_on_from(old._drawing)
        host.wake = old.wake  # somebody may be waiting for it
        host.discover, host.on = old.discover, old.on
        old._successor = host
        host.wake.set()
        return host

    @property
    def latest(self) -> Host:
        """The host that does the work now: this one, unless it was renewed."""
        host = self
        while host._successor is not None:
            host = host._successor
        return host

    @property
    def desk(self) -> Desk:
        """Where services are answered."""
        return Desk(self.keeper)

    # --- a run ----------------------------------------------------------------------------------

    def turn(self) -> None:
        """Look for what is missing, run, and ask the blueprints, if that is wanted.

        A host that was renewed a moment ago leaves that to its successor.
        """
        if self._successor is not None:
            return
        self._look_around()
        self.run()
        if self.discover:
            self.discover = False
            self.hands.fire(DISCOVER, {})

    def run(self) -> None:
        """One run: states in, calls out, entities set. Never raises, never waits."""
        self.wake.clear()
        self._ran_at = self.hands.monotonic()
        try:
            turn = self.keeper.run(
                self._states(self.keeper.watched()),
                self.hands.now(),
                utc_offset_s=self.hands.utc_offset_s(),
                language=self.hands.language(),
            )
            self._do(turn)
            self._saving.start()
            self._drawing.start()
        except Exception as error:  # whatever it is, the house must go on
            self.complain_once(error)

    def _do(self, turn: Turn) -> None:
        """Do what a run asks for. Calls go first, whatever may fail after them."""
        hands = self.hands
        for text in turn.log:
            hands.log.error(text)
        self._queues.send(turn.calls)
        self._show(turn.entities)
        for entity_id in turn.removed:
            hands.remove_entity(entity_id)
        for event in turn.events:
            hands.fire(event.kind, event.data)
        self.discover |= turn.discover
        if turn.calls or turn.entities or turn.removed:
            hands.log.debug(
                "run in %.1f ms: calls %s; changed %s; removed %s",
                (hands.monotonic() - self._ran_at) * 1000,
                [(call.load_id, call.service, dict(call.data)) for call in turn.calls],
                {entity.id: entity.value for entity in turn.entities},
                turn.removed,
            )

    def _show(self, entities: Iterable[Entity]) -> None:
        for entity in entities:
            self.hands.set_entity(entity.id, entity.value, entity.attributes)

    def _tell_of_picture(self, entities: Iterable[Entity]) -> None:
        """Show where the picture is, unless another host shows its own entities by now."""
        if self.latest is self:
            self._show(entities)

    async def next_run(self) -> None:
        """Wait for a change or the next tick; changes just after a run are joined into the next."""
        options, monotonic = self.keeper.options, self.hands.monotonic
        try:
            async with asyncio.timeout(max(self._ran_at + options.tick_s - monotonic(), 0)):
                await self.wake.wait()
        except TimeoutError:
            pass
        await asyncio.sleep(max(self._ran_at + options.join_s - monotonic(), 0))

    def _look_around(self) -> None:
        """Look for what is missing of chargers, if that is worthwhile."""
        keeper, now = self.keeper, self.hands.now()
        try:
            if keeper.search.due(now):
                names = self.hands.entity_ids()
                if keeper.search.worthwhile(names, now):
                    keeper.registry.look(self._states(names))
            if keeper.newcomers.due(keeper.site, now):
                keeper.newcomers.look(self._all_states(), keeper.site, now)
        except Exception as error:  # whatever it is, the run must go on
            self.complain_once(error)

    def complain_once(self, error: Exception) -> None:
        """Log an error that should not happen with its traceback, each kind once."""
        frame = traceback.extract_tb(error.__traceback__)[-1]
        kind = (type(error), frame.name, frame.lineno)
        if kind not in self._complained:
            self._complained.add(kind)
            self.hands.log.error("This should not happen", exc_info=error)

    # --- states ---------------------------------------------------------------------------------

    def _states(self, entity_ids: Iterable[str]) -> Snapshot:
        """The states of these entities; those that are not there are left out."""
        found = {entity_id: self.hands.state(entity_id) for entity_id in entity_ids}
        return {key: EntityState(*state) for key, state in found.items() if state is not None}

    def _all_states(self) -> Snapshot:
        """The states of all entities; to get them takes as long as ten runs."""
        return self._states(self.hands.entity_ids())

    def followed(self) -> dict[str, list[str]]:
        """What a trigger each must follow: names of states by the attribute that counts ("": none).

        So no trigger follows two names of the same entity. pyscript loses track of one that names
        an entity twice (itself and an attribute, or two attributes): it can't be stopped any more,
        and what it is sent piles up for ever.
        """
        groups: dict[str, list[str]] = {}
        for name in self.keeper.triggers():
            attribute = name.split(".")[2:]
            groups.setdefault(".".join(attribute), []).append(name)
        return groups

    # --- calls ----------------------------------------------------------------------------------

    async def _make(
        self, domain: str, service: str, data: Mapping[str, Any], *, asks: bool = False
    ) -> Made:
        """Call a service; answers what went wrong (`None`: nothing) and, if it asks, the response.

        A call that takes longer than options.call_timeout_s is given up.
        """
        timeout_s = self.keeper.options.call_timeout_s
        try:
            async with asyncio.timeout(timeout_s):
                return None, await self.hands.call(domain, service, data, asks)
        except TimeoutError:
            return f"no answer in {timeout_s:g} s", None
        except Exception as error:  # a service may raise anything
            return str(error) or type(error).__name__, None

    async def _make_noted(self, call: ServiceCall) -> Made:
        return await self._make(call.domain, call.service, call.data, asks=call.asks)

    def _call_ended(self, call: ServiceCall, error: str | None, response: Any) -> None:
        """Tell the keeper how a call ended; the first failure in a row is logged and followed."""
        if error is None:
            self.keeper.succeeded(call, response)
        elif self.keeper.failed(call, error):
            self.hands.log.warning("A call for %s failed: %s", call.load_id, error)
            self.wake.set()  # what it holds stays reserved: the others may have to make room

    # --- what services ask ----------------------------------------------------------------------

    def register(self, kind: str, data: Mapping[str, Any]) -> Answer:
        """Take in a form; the next run looks at the new wiring."""
        self.wake.set()
        states = self._all_states() if self.keeper.looks(kind) else None
        return self.keeper.register(kind, data, self.hands.now(), states)

    async def suggested(self) -> Answer:
        """What to wire, worked out beside the runs: it may take a second."""
        return await self.hands.in_thread(suggest, self._all_states())

    async def settled(self, answer: Answer) -> Answer:
        """What the desk answered to a setting, once that is done and stored.

        The calls in it write the setting to the entities that are wired for it. If one of them
        fails, that is the answer.
        """
        last = answer.pop("call", None)
        for call in [*answer.pop("calls", ()), *([last] if last else ())]:
            error, _ = await self._make(call["domain"], call["service"], call["data"])
            if error:
                answer = {"ok": False, "message": error}
        if not answer["ok"]:
            self.hands.log.warning(answer["message"])
        host = self.latest
        host.wake.set()
        if host.keeper.must_store():
            await host._saving.save()  # before it is answered: what a user set must not be lost
        return answer

    async def check_wiring(self, load: Any) -> Answer:
        """Begin a check of a load, wait until it has ended, and answer what came of it."""
        host, monotonic = self, self.hands.monotonic
        answer = self.desk.check_wiring(load, self.hands.now())
        ends_at = monotonic() + 5 * self.keeper.options.check_stage_s + CHECK_LOOK_S
        while answer["ok"] and host.on and monotonic() < ends_at:
            host.wake.set()
            await asyncio.sleep(CHECK_LOOK_S)
            host = self.latest
            found = host.desk.checked(load)
            if found is not None:
                return found
        return answer

    # --- the end --------------------------------------------------------------------------------

    async def finish(self) -> None:
        """Let the work end, and store once more, after what is being stored now."""
        host = self.latest
        host.on = False
        host.wake.set()
        await host._saving.save()


async def _keeper(hands: Hands, settings: Any, stored: Any, warning: str | None = None) -> Keeper:
    """A keeper that goes on from what was stored; what can't be used is told and set aside.

    `warning` is one about the file as a whole (`None`: all is well).
    """
    keeper = Keeper.from_settings(settings)
    if warning:
        keeper.setting_errors += (warning,)
    for text in keeper.setting_errors:
        hands.log.warning(text)
    unusable = keeper.load(stored)
    if unusable:
        aside = await hands.in_thread(locked, hands.lock, file.set_aside, hands.store_path)
        kept = f" The file is kept as {aside}." if aside else ""
        for text in unusable:
            hands.log.warning("%s%s", text, kept)
    return keeper
