"""Notifications as calls: shown when they begin or change, dismissed when they end."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..calls import NOTICE, ServiceCall
from ..config.complaints import FORM, TITLE
from ..options import Options
from ..reason_table import Family, meaning
from ..reasons import Reason
from ..report import About, Notice, Report
from ..site.model import Site, is_notify
from ..site.slug import slug
from ..snapshot import Snapshot
from ..texts import WORDS
from ..texts.markdown import plain
from ..texts.sentence import sentence
from ..texts.wording import Known
from . import events
from .calm import Calm
from .events import Event

FAILED = "loadjuggler_error"
"""The id of the notification that a run, or something beside it, fails."""


UNSTORED = "loadjuggler_unstored"
"""The id of the notification that nothing can be stored."""


METER_LOST_S = 300.0
"""A meter that has been silent for this long is notified."""


def notices(
    site: Site,
    report: Report,
    since: Mapping[About, float],
    newcomers: Iterable[str],
    before: Mapping[str, Notice],
    options: Options,
    language: str = "en",
) -> dict[str, Notice]:
    """The notifications that the site wants now, by id. Those of `before` keep their text.

    `since` is since when (epoch s) each problem has been there, `newcomers` are charge points that
    no form names. New notifications are in `language`.
    """
    found = {
        **_of_troubles(report, since, options),
        **_of_hot(report, before),
        **dict(_of_loads(report)),
        **dict(_of_newcomers(newcomers, Known(site, {}, {}, language))),
    }
    return {
        notice.id: before.get(notice.id, notice)
        for notice in found.values()
        if notice.kind in site.notify.kinds
    }


def _notice(kind: str, about: str, message: str) -> tuple[str, Notice]:
    ident = _ident(kind, about)
    return ident, Notice(ident, kind, TITLE, message)


def _ident(kind: str, about: str) -> str:
    return f"loadjuggler_{kind}_{slug(about, 'site')}"


def _of_troubles(
    report: Report, since: Mapping[About, float], options: Options
) -> dict[str, Notice]:
    """Overloads by what is not managed, one for each breaker and phase, and lost meters."""
    found = []
    for about, text in report.problems.items():
        lasts_s = report.at - since.get(about, report.at)
        if meaning(about.code).family is Family.OVERLOAD_UNMANAGED and about.where in report.hot:
            found.append(_notice("overload", about.where.strip() or "import", text))
        if about.code == "meter_silent" and lasts_s + options.hold_s >= METER_LOST_S:
            found.append(_notice("meter_lost", about.where, text))
    return dict(found)


def _of_hot(report: Report, before: Mapping[str, Notice]) -> dict[str, Notice]:
    """Those of `before` about breakers that are hot still: an overload pauses before it is over."""
    idents = {_ident("overload", where.strip() or "import") for where in report.hot}
    return {ident: before[ident] for ident in idents if ident in before}


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
        self._notices = Notices(options.calm_s)
        self._alerts: Mapping[str, Notice] = {}
        self._changes = events.Changes(options)
        self._problems = events.Problems(options)
        self._unsent: tuple[str, str] | None = None
        self._target: str | None = None

    def calls(
        self,
        site: Site | None,
        report: Report,
        newcomers: Iterable[str],
        seen: Snapshot,
        language: str,
        trouble: str = "",
        always: Iterable[Notice] = (),
    ) -> tuple[ServiceCall, ...]:
        """Calls that show, send and dismiss notifications; without a `site` all are dismissed.

        `newcomers` are charge points that no form names, `seen` are the states of this run. New
        notifications are in `language`. `trouble` is what failed in Load Juggler itself ("":
        nothing), `always` is what else is always notified, whatever the form of the site wants:
        forms that are not in force, and that nothing can be stored.
        """
        failed = (*((Notice(FAILED, "error", TITLE, trouble),) if trouble else ()), *always)
        if site is None:
            return self._notices.calls(failed, now=report.at)
        self._alerts = notices(
            site,
            report,
            self._problems.since,
            newcomers,
            self._alerts,
            self.options,
            language,
        )
        target = site.notify.target
        if target is not None and not is_notify(target) and not self.options.notify_any:
            target = None  # of a form that was taken in when it could still say any action
        if target != self._target:
            self._target, self._unsent = target, None
        is_entity = target is not None and target in seen
        wanted = (*failed, *report.notices, *self._alerts.values())
        return self._notices.calls(wanted, target, is_entity, report.at)

    def failed(self, call: ServiceCall, error: str) -> bool:
        """Note that such a call failed with `error`; answers whether that is to be logged.

        What can't be sent elsewhere is not sent again, and logged once until something can be.
        """
        self._notices.failed(call)
        if call.load_id != SENT:
            return False
        first = self._unsent is None
        self._unsent = _target_of(call), error
        return first

    def succeeded(self, call: ServiceCall) -> None:
        """Note that a call went through."""
        if call.load_id == SENT:
            self._unsent = None

    def unsent(self, language: str) -> tuple[str, ...]:
        """The warning that notifications can't be sent elsewhere; none: they can."""
        if self._unsent is None or self._unsent[0] != self._target:
            return ()
        target, error = self._unsent
        return (WORDS[language]["unsent"].format(target=target, error=error),)

    def events(self, report: Report, trouble: str, utc_offset_s: float) -> tuple[Event, ...]:
        """The events for what `report` shows and was not told before.

        `trouble` is what fails in Load Juggler itself ("": nothing).
        """
        told = self._problems.events(report, trouble, utc_offset_s)
        return (*self._changes.events(report), *told)


DOMAIN = "persistent_notification"


SENT = "notifications"
"""Load id of calls that send notifications elsewhere, so that they have a queue of their own."""


RENEW_S = 60.0
"""A notification whose words change again and again is renewed at most this often, in s."""


class Notices:
    """Keeps which notifications are shown; at a start there are none, as in Home Assistant."""

    def __init__(self, calm_s: float) -> None:
        """Start with nothing shown; what is back within `calm_s` (s) is not sent again."""
        self._shown: dict[str, Notice] = {}
        self._renewed: dict[str, float] = {}
        self._calm = Calm[str](calm_s)

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
        One that comes and goes is shown on until it has been gone for a while, and sent once.
        """
        asked = {notice.id: notice for notice in notices}
        begun, _ = self._calm.note(asked, now)
        restless = {key: one for key, one in self._shown.items() if self._calm.restless(key)}
        # Who puts a form right wants to see that at once.
        shown_on = {key: one for key, one in restless.items() if one.kind != FORM}
        wanted = {**asked, **shown_on}  # in the same words
        wanted = {key: self._in_words(key, one, now) for key, one in wanted.items()}
        found = [
            _call("create", one.id, title=one.title, message=plain(one.message))
            for key, one in wanted.items()
            if self._shown.get(key) != one
        ]
        found += [_call("dismiss", key) for key in self._shown if key not in wanted]
        found += [_sent(target, is_entity, asked[key]) for key in begun if target]
        self._shown = wanted
        return tuple(found)

    def _in_words(self, key: str, notice: Notice, now: float) -> Notice:
        """A notification as it is to be shown: in its new words, or still in those of before."""
        before = self._shown.get(key)
        if before is None or before == notice:
            return notice
        if 0.0 <= now - self._renewed.get(key, -math.inf) < RENEW_S:
            return before
        self._renewed[key] = now
        return notice


def unstored(error: str, language: str) -> tuple[Notice, ...]:
    """The notification that nothing can be stored because of `error`."""
    return (Notice(UNSTORED, "error", TITLE, WORDS[language]["unstored"].format(error=error)),)


def _target_of(call: ServiceCall) -> str:
    """Where a call sends a notification."""
    return str(call.data.get("entity_id") or f"{call.domain}.{call.service}")


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
