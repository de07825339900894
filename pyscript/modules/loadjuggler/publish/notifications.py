"""Notifications as calls: shown when they begin or change, dismissed when they end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ..calls import NOTICE, ServiceCall
from ..options import Options
from ..reason_table import Family, meaning
from ..reasons import Reason
from ..report import Notice, Report
from ..site.model import Site
from ..site.slug import slug
from ..snapshot import Snapshot
from ..texts.sentence import sentence
from ..texts.wording import Known
from . import events
from .events import Event, Troubles

TITLE = "Load Juggler"


FAILED = "loadjuggler_error"
"""The id of the notification that a run, or something beside it, fails."""


METER_LOST_S = 300.0
"""A meter that has been silent for this long is notified."""


def notices(
    site: Site,
    report: Report,
    troubles: Troubles,
    newcomers: Iterable[str],
    before: Mapping[str, Notice],
    options: Options,
    language: str = "en",
) -> dict[str, Notice]:
    """The notifications that the site wants now, by id. Those of `before` keep their text.

    `newcomers` are charge points that no form names. New notifications are in `language`.
    """
    found = {
        **_of_troubles(report, troubles, options),
        **dict(_of_loads(report)),
        **dict(_of_newcomers(newcomers, Known(site, {}, {}, language))),
    }
    return {
        notice.id: before.get(notice.id, notice)
        for notice in found.values()
        if notice.kind in site.notify.kinds
    }


def _notice(kind: str, about: str, message: str) -> tuple[str, Notice]:
    ident = f"loadjuggler_{kind}_{slug(about, 'site')}"
    return ident, Notice(ident, kind, TITLE, message)


def _of_troubles(report: Report, troubles: Troubles, options: Options) -> dict[str, Notice]:
    """Overloads by what is not managed, one for each breaker and phase, and lost meters."""
    found = []
    for about, text in report.problems.items():
        trouble = troubles.get(about)
        lasts_s = report.at - trouble.since if trouble else 0.0
        if meaning(about.code).family is Family.OVERLOAD_UNMANAGED:
            found.append(_notice("overload", " ".join(about), text))
        if about.code == "meter_silent" and lasts_s + options.hold_s >= METER_LOST_S:
            found.append(_notice("meter_lost", about.where, text))
    return dict(found)


def _of_loads(report: Report) -> Iterator[tuple[str, Notice]]:
    for load in report.loads.values():
        if load.status == "not_following":
            yield _notice("not_following", load.id, f"{load.name}: {load.sentence}")


def _of_newcomers(names: Iterable[str], known: Known) -> Iterator[tuple[str, Notice]]:
    for name in names:
        text = sentence(Reason("new_charger", {"charger": name}), known)
        yield _notice("new_charger", name, text)


class News:
    """Keeps which notifications and problems have been told, so that none is told twice."""

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
        trouble: str = "",
    ) -> tuple[ServiceCall, ...]:
        """Calls that show, send and dismiss notifications; without a `site` all are dismissed.

        `newcomers` are charge points that no form names, `seen` are the states of this run. New
        notifications are in `language`. `trouble` is what failed in Load Juggler itself ("":
        nothing): that is always notified, whatever the form wants.
        """
        failed = (Notice(FAILED, "error", TITLE, trouble),) if trouble else ()
        if site is None:
            return self._notices.calls(failed, now=report.at)
        self._alerts = notices(
            site, report, self._troubles, newcomers, self._alerts, self.options, language
        )
        target = site.notify.target
        is_entity = target is not None and target in seen
        wanted = (*failed, *report.notices, *self._alerts.values())
        return self._notices.calls(wanted, target, is_entity, report.at)

    def failed(self, call: ServiceCall) -> bool:
        """Note that such a call failed; answers whether it is not made again."""
        self._notices.failed(call)
        return call.load_id == SENT  # others are made again

    def events(self, before: Report, after: Report, utc_offset_s: float) -> tuple[Event, ...]:
        """The events for the differences between the report `before` a run and `after` it."""
        told, self._troubles = events.problems(
            self._troubles, after, utc_offset_s, self.options.hold_s
        )
        return (*events.changed(before, after), *told)


DOMAIN = "persistent_notification"


SENT = "notifications"
"""Load id of calls that send notifications elsewhere, so that they have a queue of their own."""


AGAIN_S = 600.0
"""What comes back within 10 min is one problem: a hob that is on for 20 s of 40 overloads a breaker
90 times an hour. It is not sent again, and is shown until it has been gone for as long."""


class Notices:
    """Keeps which notifications are shown; at a start there are none, as in Home Assistant."""

    def __init__(self) -> None:
        """Start with nothing shown."""
        self._shown: dict[str, Notice] = {}
        self._known: set[str] = set()
        self._wanted_at: dict[str, float] = {}
        self._restless: set[str] = set()

    def failed(self, call: ServiceCall) -> None:
        """Note that a call failed, so that it is made again."""
        self._shown.pop(str(call.data.get("notification_id")), None)

    def calls(
        self,
        notices: Sequence[Notice],
        target: str | None = None,
        is_entity: bool = False,
        now: float = 0.0,
    ) -> tuple[ServiceCall, ...]:
        """The calls after which Home Assistant shows `notices`; `now` is epoch s.

        Each new one is sent to `target`, too, once: an action, or a notify entity (`is_entity`).
        One that comes and goes is shown on for a while (`AGAIN_S`), and sent once.
        """
        if not notices and not self._shown:
            self._known = set()
            return ()
        asked = {notice.id: notice for notice in notices}
        back = self._came_back(asked, now)
        wanted = {**asked, **self._shown_on(now)}
        found = [
            _call("create", one.id, title=one.title, message=one.message)
            for key, one in wanted.items()
            if self._shown.get(key) != one
        ]
        found += [_call("dismiss", key) for key in self._shown if key not in wanted]
        found += [
            _sent(target, is_entity, one)
            for key, one in asked.items()
            if target and key not in self._known and key not in back
        ]
        self._known = set(asked)
        self._shown = wanted
        return tuple(found)

    def _came_back(self, wanted: Collection[str], now: float) -> set[str]:
        """The ids of notices that are there again; all of `wanted` are remembered as of `now`."""
        back = {key for key in wanted if key not in self._known and self._lately(key, now)}
        self._restless = {key for key in self._restless if self._lately(key, now)} | back
        self._wanted_at = {k: at for k, at in self._wanted_at.items() if self._lately(k, now)}
        self._wanted_at |= dict.fromkeys(wanted, now)
        return back

    def _shown_on(self, now: float) -> dict[str, Notice]:
        """The notices that come and go; they are shown on as they are, in the same words."""
        return {
            key: notice
            for key, notice in self._shown.items()
            if key in self._restless and self._lately(key, now)
        }

    def _lately(self, key: str, now: float) -> bool:
        """Whether a notice was wanted within the last 10 min."""
        at = self._wanted_at.get(key)
        return at is not None and abs(now - at) < AGAIN_S


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
