"""What each service does, by its name in `services`.

Each function gets the host and the data of the call, and returns the response. A missing field is
passed on as `None`; the desk (`api`) answers what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ..config.kinds import KINDS
from ..site.modes import BOOST
from . import targets
from .api import Answer
from .host import Host
from .rights import REFUSED, REGISTER, needed

Data = Mapping[str, Any]
Does = Callable[[Host, Data], Awaitable[Answer]]


async def answer(host: Host, name: str, data: Data, context: Any = None) -> Answer:
    """The response of the service `name` to `data`; raises KeyError if there is no such service.

    `context` is that of the call in Home Assistant: a user who may not do that is told so, and
    nothing is done (`rights`).
    """
    does, latest, right = ANSWERS[name], host.latest, needed(name)
    if await latest.hands.may(context, right):
        return await does(latest, data)
    latest.hands.log.warning("loadjuggler_%s was refused: %s", name, REFUSED[right])
    return {"ok": False, "message": REFUSED[right], "errors": [REFUSED[right]]}


def _registering(kind: str) -> Does:
    async def register(host: Host, data: Data) -> Answer:
        answer = await host.stored(host.register(kind, dict(data)))
        text = targets.missing(host) if kind == "site" and answer["ok"] else ""
        return {**answer, "message": f"{answer['message']} {text}"} if text else answer

    return register


async def _recalculate(host: Host, _data: Data) -> Answer:
    host.run()
    return host.desk.answer()


async def _suggest(host: Host, _data: Data) -> Answer:
    return await host.suggested()


async def _history(host: Host, data: Data) -> Answer:
    return host.desk.history(data.get("load"), data.get("count"))


async def _explain(host: Host, data: Data) -> Answer:
    return host.desk.explain(data.get("load"))


async def _dashboard(host: Host, _data: Data) -> Answer:
    return host.desk.dashboard(host.hands.version(), host.hands.language())


async def _check_wiring(host: Host, data: Data) -> Answer:
    return await host.check_wiring(data.get("load"))


async def _undo_remap(host: Host, data: Data) -> Answer:
    return await host.settled(host.desk.undo_remap(data.get("load")))


async def _set_mode(host: Host, data: Data) -> Answer:
    load, mode, minutes = data.get("load"), data.get("mode"), data.get("minutes")
    return await host.settled(host.desk.set_mode(load, mode, minutes))


async def _set_distribution(host: Host, data: Data) -> Answer:
    return await host.settled(host.desk.set_distribution(data.get("distribution")))


async def _set_priority(host: Host, data: Data) -> Answer:
    return await host.settled(host.desk.set_priority(data.get("load"), data.get("priority")))


async def _set_limits(host: Host, data: Data) -> Answer:
    low_a, high_a = data.get("min_current_a"), data.get("max_current_a")
    return await host.settled(host.desk.set_limits(data.get("load"), low_a, high_a))


async def _boost(host: Host, data: Data) -> Answer:
    return await host.settled(host.desk.set_mode(data.get("load"), BOOST, data.get("minutes")))


async def _pause(host: Host, data: Data) -> Answer:
    now = host.hands.now()
    return await host.settled(host.desk.pause(data.get("load"), data.get("minutes"), now))


async def _resume(host: Host, data: Data) -> Answer:
    return await host.settled(host.desk.resume(data.get("load")))


ANSWERS: Mapping[str, Does] = {
    **{f"{REGISTER}{kind}": _registering(kind) for kind in KINDS},
    "recalculate": _recalculate,
    "suggest": _suggest,
    "history": _history,
    "explain": _explain,
    "dashboard": _dashboard,
    "check_wiring": _check_wiring,
    "undo_remap": _undo_remap,
    "set_mode": _set_mode,
    "set_distribution": _set_distribution,
    "set_priority": _set_priority,
    "set_limits": _set_limits,
    "boost": _boost,
    "pause": _pause,
    "resume": _resume,
}
