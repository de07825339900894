"""Notifications that people chose: what of a run's report is worth one, in words that stay.

Their numbers would change with each run; they are shown as they were when they turned up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .events import Troubles
from .explain import House, sentence
from .model import Site
from .names import slug
from .options import Options
from .reasons import Reason
from .report import Notice, Report

TITLE = "Load Juggler"
METER_LOST_S = 300.0
OVERLOADS = ("overload_unmanaged", "import_over_unmanaged")


def notices(
    site: Site,
    report: Report,
    troubles: Troubles,
    newcomers: Iterable[str],
    before: Mapping[str, Notice],
    options: Options,
    language: str = "en",
) -> dict[str, Notice]:
    """The notifications that are wanted now, by id; those of `before` keep their words.

    `newcomers` are charge points that no form names. New ones are told in `language`.
    """
    found = {
        **_of_troubles(report, troubles, options),
        **dict(_of_loads(report)),
        **dict(_of_newcomers(newcomers, House(site, {}, {}, language))),
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
    """Overloads that are not ours, one for each breaker and phase, and meters that are lost."""
    found = []
    for key, text in report.problems.items():
        code, _, about = key.partition(" ")
        trouble = troubles.get(key)
        lasts_s = report.at - trouble.since if trouble else 0.0
        if code in OVERLOADS:
            found.append(_notice("overload", f"{code} {about}", text))
        if code == "meter_silent" and lasts_s + options.hold_s >= METER_LOST_S:
            found.append(_notice("meter_lost", about, text))
    return dict(found)


def _of_loads(report: Report) -> Iterator[tuple[str, Notice]]:
    for load in report.loads.values():
        if load.status == "not_following":
            yield _notice("not_following", load.id, f"{load.name}: {load.sentence}")


def _of_newcomers(names: Iterable[str], house: House) -> Iterator[tuple[str, Notice]]:
    for name in names:
        text = sentence(Reason("new_charger", {"charger": name}), house)
        yield _notice("new_charger", name, text)
