"""What people and automations are told when something changes: notifications and events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from . import alerts, events
from .calls import ServiceCall
from .events import Event, Troubles
from .model import Site
from .notices import SENT, Notices
from .options import Options
from .report import Notice, Report
from .snapshot import Snapshot


class News:
    """Keeps what has been told, so that nothing is told twice."""

    def __init__(self, options: Options) -> None:
        """Start with nothing told."""
        self.options = options
        self._notices = Notices()
        self._alerts: Mapping[str, Notice] = {}
        self._troubles: Troubles = {}

    def calls(
        self,
        site: Site | None,
        report: Report,
        newcomers: Iterable[str],
        seen: Snapshot,
        language: str,
    ) -> tuple[ServiceCall, ...]:
        """Calls that show, send and take away notifications; all of them without a `site`.

        `newcomers` are charge points that no form names.
        """
        if site is None:
            return self._notices.calls(())
        self._alerts = alerts.notices(
            site, report, self._troubles, newcomers, self._alerts, self.options, language
        )
        target = site.notify.target
        is_entity = target is not None and target in seen
        return self._notices.calls((*report.notices, *self._alerts.values()), target, is_entity)

    def failed(self, call: ServiceCall) -> bool:
        """Note that such a call failed; answers whether that is the end of it."""
        self._notices.failed(call)
        return call.load_id == SENT  # others are made again

    def events(self, before: Report, after: Report, utc_offset_s: float) -> tuple[Event, ...]:
        """What automations are told: what is another now than `before` the run."""
        told, self._troubles = events.problems(self._troubles, after, utc_offset_s)
        return (*events.changed(before, after), *told)
