"""Notifications as calls: shown when they turn up or change, taken away when they are over."""

from __future__ import annotations

from collections.abc import Sequence

from .calls import NOTICE, ServiceCall
from .report import Notice

DOMAIN = "persistent_notification"
SENT = "notifications"
"""Stands for a load in calls that send notifications elsewhere: none of ours waits for them."""


class Notices:
    """What is shown. Home Assistant forgets it when it starts, and so does this."""

    def __init__(self) -> None:
        """Start with nothing shown."""
        self._shown: dict[str, Notice] = {}
        self._known: set[str] = set()

    def failed(self, call: ServiceCall) -> None:
        """Note that a call failed: it is made again."""
        self._shown.pop(str(call.data.get("notification_id")), None)

    def calls(
        self, notices: Sequence[Notice], target: str | None = None, is_entity: bool = False
    ) -> tuple[ServiceCall, ...]:
        """The calls that make Home Assistant show `notices`, and nothing else of ours.

        What was not there before goes to `target`, too, once: an action, or a notify entity.
        """
        if not notices and not self._shown:
            return ()
        wanted = {notice.id: notice for notice in notices}
        found = [
            _call("create", one.id, title=one.title, message=one.message)
            for key, one in wanted.items()
            if self._shown.get(key) != one
        ]
        found += [_call("dismiss", key) for key in self._shown if key not in wanted]
        found += [
            _sent(target, is_entity, one)
            for key, one in wanted.items()
            if target and key not in self._known
        ]
        self._known = set(wanted)
        self._shown = wanted
        return tuple(found)


def _call(service: str, notice_id: str, **more: str) -> ServiceCall:
    data = {"notification_id": notice_id, **more}
    return ServiceCall("", DOMAIN, service, data, slot=f"{NOTICE} {notice_id}")


def _sent(target: str, is_entity: bool, notice: Notice) -> ServiceCall:
    data = {"title": notice.title, "message": notice.message}
    slot = f"{NOTICE} to {target} {notice.id}"
    domain, _, action = target.partition(".")
    if is_entity:
        data, action = {"entity_id": target, **data}, "send_message"
    return ServiceCall(SENT, domain, action, data, slot=slot)
