"""The host: runs the engine in Home Assistant.

For each run it hands states and the time to the Keeper, and does what the Keeper answers: it makes
calls, sets entities, fires events, stores the memory, draws the picture. A run waits for none of
that. The host knows Home Assistant only by its Hands.

```
    triggers, tick ──▶ wake ──▶ cycle ──▶ Keeper.run ──▶ calls ──▶ Queues   (one per load)
                                                    ├─▶ entities, events
                                                    ├─▶ Saving, Drawing    (in the background)
                                                    └─▶ next_run: wait for wake or the tick
```
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..calls import ServiceCall
from ..discovery import suggest
from ..discovery.similar import with_registered
from ..publish.entity import Entity
from ..snapshot import EntityState, Snapshot
from . import file
from .api import Answer, Desk
from .complaints import Complaints
from .controller import Keeper
from .drawing import Drawing
from .exchange import Actions
from .hands import Hands, locked
from .queues import Made, Queues
from .saving import Saving

DISCOVER = "loadjuggler_discover"
"""The event at which all blueprints announce themselves."""


_FOLLOWED = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+(\.\w+)?")
"""What a trigger can follow: an entity, or one of its attributes."""

CHECK_LOOK_S = 1.0
"""While a check of the wiring is under way, its end is looked for this often."""


class Host:
    """Runs a Keeper.

    `on`: whether to go on. `wake`: set it to have a run soon. `discover`: ask the blueprints to
    announce themselves at the next cycle.
    """

    def __init__(self, hands: Hands, keeper: Keeper, stored: Any = None) -> None:
        """Start with a Keeper and the content of its file (`None`: not known)."""
        self.hands = hands
        self.keeper = keeper
        self.on = True
        self.wake = asyncio.Event()
        self.discover = True
        self._ran_at = 0.0  # by the monotonic clock, as all here
        self._queues = Queues(self._make, self._call_ended)
        self._saving = Saving(hands, keeper, stored)
        self._drawing = Drawing(hands, keeper, self._tell_of_picture)
        self._complaints = Complaints(hands, keeper, self.soon)
        self._successor: Host | None = None

    @classmethod
    async def opened(cls, hands: Hands, settings: Any) -> Host:
        """A host that goes on from the stored file, with the user's `settings`.

        The entities of before the restart are shown until the first run, which may take minutes.
        """
        stored, warning = await hands.in_thread(file.read, hands.store_path)
        host = cls(hands, await _keeper(hands, settings, stored, warning), stored)
        before = [one for one in host.keeper.restored() if hands.state(one.id) is None]
        host._show(before)  # those that exist show more: pyscript was only reloaded
        return host

    @classmethod
    async def renewed(cls, old: Host, settings: Any) -> Host:
        """A host of this engine that replaces `old`, a host of an engine that was loaded before.

        If this raises, `old` can go on.
        """
        old._saving.soon()  # after a dump the keeper no longer asks for what was just set
        host = cls(old.hands, await _keeper(old.hands, settings, old.keeper.dump()))
        host._queues.go_on_from(old._queues)
        host._saving.go_on_from(old._saving)
        host._drawing.go_on_from(old._drawing)
        host.wake = old.wake  # somebody may be waiting for it
        # Only forms in force are handed over: what is refused, or waits, has to be sent again.
        host.discover = old.discover or bool(old.keeper.registry.complaints(old.hands.now()))
        host.on = old.on
        old._successor = host
        host.wake.set()
        return host

    @property
    def latest(self) -> Host:
        """The host that runs the engine now: this one, or the last that replaced it."""
        host = self
        while host._successor is not None:
            host = host._successor
        return host

    @property
    def desk(self) -> Desk:
        """Where services are answered, by the states as they are now."""
        return Desk(self.keeper, self._states(self.keeper.watched()), self.hands.now())

    def soon(self) -> None:
        """Have a run soon."""
        self.wake.set()

    # --- a run ----------------------------------------------------------------------------------

    def cycle(self) -> None:
        """Search for missing entities, run, and ask the blueprints if `discover` is set.

        What fails beside a run is told with the next one, and until a cycle passes without it. A
        host that has a successor does nothing.
        """
        if self._successor is not None:
            return
        self._complaints.cycle_begins()
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
            actions = self.keeper.run(
                self._states(self.keeper.watched()),
                self.hands.now(),
                utc_offset_s=self.hands.utc_offset_s(),
                language=self.hands.language(),
            )
            self._do(actions)
            self._saving.start()
            self._drawing.start()
        except Exception as error:  # whatever it is, the house must go on
            self._fails(error)

    def _fails(self, error: Exception) -> None:
        """Tell that a run did not even come to the engine, or that nothing of it could be done."""
        self.complain_once(error)
        told = self._complaints.each(self.keeper.broken, error)
        if told is not None:
            self._complaints.each(self._do, told)

    def _do(self, actions: Actions) -> None:
        """Do what a run answered; calls first, so that an error in the rest can't stop them."""
        hands = self.hands
        for text in actions.log:
            hands.log.error(text)
        self._queues.send(actions.calls)
        self._show(actions.entities)
        for entity_id in actions.removed:
            self._complaints.each(hands.remove_entity, entity_id)
        for event in actions.events:
            self._complaints.each(hands.fire, event.kind, event.data)
        self.discover |= actions.discover
        if actions.calls or actions.entities or actions.removed:
            hands.log.debug(
                "run in %.1f ms: calls %s; changed %s; removed %s",
                (hands.monotonic() - self._ran_at) * 1000,
                [(call.load_id, call.service, dict(call.data)) for call in actions.calls],
                {entity.id: entity.value for entity in actions.entities},
                actions.removed,
            )

    def _show(self, entities: Iterable[Entity]) -> None:
        for entity in entities:
            one = (entity.id, entity.value, entity.attributes)
            self._complaints.each(self.hands.set_entity, *one)

    def _tell_of_picture(self, entities: Iterable[Entity]) -> None:
        """Show the address of the picture, unless this host has a successor."""
        if self.latest is self:
            self._show(entities)

    async def next_run(self) -> None:
        """Wait for a change or the next tick, and at least `join_s` after the last run."""
        options, monotonic = self.keeper.options, self.hands.monotonic
        try:
            async with asyncio.timeout(max(self._ran_at + options.tick_s - monotonic(), 0)):
                await self.wake.wait()
        except TimeoutError:
            pass
        await asyncio.sleep(max(self._ran_at + options.join_s - monotonic(), 0))

    def _look_around(self) -> None:
        """Search for missing entities of chargers, and for chargers that no form names, if due."""
        keeper, now = self.keeper, self.hands.now()
        try:
            keeper.registry.answered(self.hands.answers("ocpp", "set_charge_rate"))
            if keeper.registry.unsearched():
                keeper.registry.look(self._all_states())
            elif keeper.search.due(now):
                names = self.hands.entity_ids()
                if keeper.search.worthwhile(names, now):
                    keeper.registry.look(self._known(self._states(names)))
            if keeper.newcomers.due(keeper.site, now):
                keeper.newcomers.look(self._all_states(), keeper.site, now)
        except Exception as error:  # whatever it is, the run must go on
            self.complain_once(error)

    def complain_once(self, error: Exception) -> None:
        """Log an unexpected error, of each kind only the first; the next cycle tells it."""
        self._complaints.note(error)

    # --- states ---------------------------------------------------------------------------------

    def _states(self, entity_ids: Iterable[str]) -> Snapshot:
        """The states of these entities, without those that do not exist or can't be read."""
        state, each = self.hands.state, self._complaints.each
        found = {entity_id: each(state, entity_id) for entity_id in entity_ids}
        return {key: EntityState.of(*state) for key, state in found.items() if state is not None}

    def _all_states(self) -> Snapshot:
        """The states of all entities, which takes as long as ten runs."""
        return self._known(self._states(self.hands.entity_ids()))

    def _known(self, states: Snapshot) -> Snapshot:
        """`states` with what the registry has of the OCPP integration's entities."""
        return with_registered(states, self._complaints.each(self.hands.registered, "ocpp") or ())

    def followed(self) -> dict[str, list[str]]:
        """What the triggers must follow: names by attribute ("": the state), one trigger for each.

        So no trigger has two names of the same entity. pyscript can't stop a trigger that names an
        entity twice (itself and an attribute, or two attributes), and its queue grows for ever. One
        name that it can't follow would leave a trigger undone, and only pyscript's log would say
        so. Such a name is left out and told.
        """
        groups: dict[str, list[str]] = {}
        for name in self.keeper.triggers():
            if not _FOLLOWED.fullmatch(name):
                self.complain_once(ValueError(f"{name!r} can't be followed"))
                continue
            attribute = name.split(".")[2:]
            groups.setdefault(".".join(attribute), []).append(name)
        return groups

    # --- calls ----------------------------------------------------------------------------------

    async def _make(self, call: ServiceCall) -> Made:
        """Make a call; answers (error, `None`: it went through; response, if it `asks` for one).

        A call that takes longer than `Options.call_timeout_s` has failed.
        """
        timeout_s = self.keeper.options.call_timeout_s
        try:
            async with asyncio.timeout(timeout_s):
                data = call.data
                return None, await self.hands.call(call.domain, call.service, data, call.asks)
        except TimeoutError:
            return f"no answer in {timeout_s:g} s", None
        except Exception as error:  # a service may raise anything
            return str(error) or type(error).__name__, None

    def _call_ended(self, call: ServiceCall, error: str | None, response: Any) -> None:
        """Tell the keeper how a call ended; the first failure in a row is logged, with a run."""
        if error is None:
            self.keeper.succeeded(call, response)
        elif self.keeper.failed(call, error):
            self._complaints.of_call(call.load_id, error)
            self.wake.set()  # its old command stays reserved, so others may have to make room

    # --- what services ask ----------------------------------------------------------------------

    def register(self, kind: str, data: Mapping[str, Any]) -> Answer:
        """Take in a form; the next run uses the new wiring."""
        self.wake.set()
        states = self._all_states() if self.keeper.looks(kind) else None
        return self.keeper.register(kind, data, self.hands.now(), states)

    async def suggested(self) -> Answer:
        """Suggestions of what to wire, worked out in a thread, as that may take a second."""
        return await self.hands.in_thread(suggest, self._all_states())

    async def settled(self, answer: Answer) -> Answer:
        """The desk's `answer` to a setting, after its calls were made and the memory was stored.

        The calls write the setting to wired entities. If one fails, its error is the answer.
        """
        last = answer.pop("call", None)
        for call in [*answer.pop("calls", ()), *([last] if last else ())]:
            if error := (await self._make(ServiceCall("", **call)))[0]:
                answer = {"ok": False, "message": error}
        if not answer["ok"]:
            self.hands.log.warning(answer["message"])
        return await self.stored(answer)

    async def stored(self, answer: Answer) -> Answer:
        """An `answer` after what was set is stored, so that it is never lost; else it says so."""
        host = self.latest
        host.keeper.screen.asked()
        host.wake.set()
        return await host._saving.settled(answer)

    async def check_wiring(self, load: Any) -> Answer:
        """Start a check of a load's wiring, wait for its end, and answer its result."""
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
        """Stop, store once more after any write that is under way, and remove the picture."""
        host = self.latest
        host.on = False
        host.wake.set()
        await host._saving.save()
        await host._drawing.end()


async def _keeper(hands: Hands, settings: Any, stored: Any, warning: str | None = None) -> Keeper:
    """A Keeper that goes on from `stored`; a file that can't be used is told of and set aside.

    `warning` is about the file as a whole (`None`: there is none).
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
