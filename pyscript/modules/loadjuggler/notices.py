"""Notifications as calls: shown when they turn up or change, taken away when they are over."""

from __future__ import annotations

from collections.abc import Sequence

from .model import NOTICE, ServiceCall
from .report import Notice

DOMAIN = "persistent_notification"


class Notices:
    """What is shown. Home Assistant forgets it when it starts, and so does this."""

    def __init__(self) -> None:
        """Start with nothing shown."""
        self._shown: dict[str, Notice] = {}

    def failed(self, call: ServiceCall) -> None:
        """Note that a call failed: it is made again."""
        self._shown.pop(str(call.data.get("notification_id")), None)

    def calls(self, notices: Sequence[Notice]) -> tuple[ServiceCall, ...]:
        """The calls that make Home Assistant show `notices`, and nothing else of ours."""
        if not notices and not self._shown:
            return ()
        wanted = {notice.id: notice for notice in notices}
        found = [
            _call("create", one.id, title=one.title, message=one.message)
            for key, one in wanted.items()
            if self._shown.get(key) != one
        ]
        found += [_call("dismiss", key) for key in self._shown if key not in wanted]
        self._shown = wanted
        return tuple(found)


def _call(service: str, notice_id: str, **more: str) -> ServiceCall:
    data = {"notification_id": notice_id, **more}
    return ServiceCall("", DOMAIN, service, data, slot=f"{NOTICE} {notice_id}")
