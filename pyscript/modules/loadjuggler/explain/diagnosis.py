"""Findings of `diagnostics/wiring` in words: warnings, notifications, and a hint at the load."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..measure.readings import Problem
from ..memory.wiring import Check, Remap, WiringMemory
from ..reason_table import Family, meaning
from ..reasons import Reason
from ..report import CheckReport, Notice
from ..site.model import Load, Site
from ..texts import WORDS
from ..texts.sentence import sentence
from ..texts.wording import Known

KIND = "wiring"


def problems(wiring: WiringMemory) -> tuple[Problem, ...]:
    """The findings as warnings of the site."""
    return tuple(
        Problem(Reason(found.code, found.numbers), _load(key))
        for key, found in wiring.findings.items()
    )


RESULT_S = 3600.0
"""The result of a check is notified for an hour: a restart later does not tell it again."""


def notices(wiring: WiringMemory, known: Known, now: float) -> tuple[Notice, ...]:
    """Findings, remaps and the result of a check as notifications.

    Their texts change only when these do. `now` is epoch s.
    """
    if not wiring.findings and not wiring.remaps and wiring.check is None:
        return ()
    found = [
        ("_".join(key), sentence(Reason(one.code, one.numbers), known, _load(key)))
        for key, one in wiring.findings.items()
    ]
    for load_id, remap, numbers in _remaps(wiring, known):
        path = known.site.path(known.site.loads[load_id].circuit)
        if any(("meter", circuit) in wiring.findings for circuit in path):
            continue  # the meter is wrong: with that corrected the load is right, too
        text = sentence(
            Reason("remap_notice", {"changes": float(remap.changes), **numbers}), known, load_id
        )
        found.append((f"remap_{load_id}", text))
    check = check_report(wiring.check, known)
    if check is not None and check.status != RUNNING and now - check.at < RESULT_S:
        found.append((f"check_{check.load}", check.sentence))
    title = WORDS[known.language]["title_wiring"]
    return tuple(Notice(f"loadjuggler_{key}", KIND, title, text) for key, text in found)


RUNNING = "running"


_STATUSES = {Family.UNCLEAR: "unclear", Family.NOT_CHECKED: "not_checked"}
"""What the families of results are called; all others have answered."""


def check_report(check: Check | None, known: Known) -> CheckReport | None:
    """The last check of the wiring, in words; `None`: there is none, or its load is gone."""
    if check is None or check.load not in known.site.loads:
        return None
    status, reason = RUNNING, Reason("check_running")
    if check.code:
        status = _STATUSES.get(meaning(check.code).family, "answered")
        reason = Reason(check.code, check.numbers)
    return CheckReport(check.load, check.at, status, sentence(reason, known, check.load))


NOTIFIED = (Family.WRONG_WAY, Family.UNSEEN, Family.NO_SIGN, Family.COPIED, Family.PLACED)
"""What is told of meters that hide what flows or do not measure it, and of loads that are not where
their forms say."""


def of_doubts(problems: Iterable[Problem], known: Known) -> Iterator[Notice]:
    """Doubts that a person must know of, as notifications: what flows is not measured."""
    title = WORDS[known.language]["title_wiring"]
    for problem in problems:
        reason = problem.reason
        if reason.family in NOTIFIED:
            where = reason.numbers.get("circuit", reason.numbers.get("charger", ""))
            about = f"{reason.code}_{where}"
            yield Notice(f"loadjuggler_{about}", KIND, title, sentence(reason, known))


def hint(wiring: WiringMemory, load: Load, known: Known) -> str:
    """The sentence to add for a load on other phases than its form says; "": it is wired right."""
    if not wiring.findings and not wiring.remaps:
        return ""
    found = wiring.findings.get(("load", load.id))
    if found is not None and found.code == "wrong_phase":
        return sentence(Reason("wrong_phase_hint", found.numbers), known, load.id)
    if load.id not in wiring.remaps:
        return ""
    for load_id, _, numbers in _remaps(wiring, known):
        if load_id == load.id:
            return sentence(Reason("remapped", numbers), known, load.id)
    return ""


def _load(key: tuple[str, str]) -> str | None:
    """The id of the load that a finding is about; `None`: it is about a meter."""
    about, ident = key
    return ident if about in ("load", "place", "sight") else None


def _remaps(wiring: WiringMemory, known: Known) -> Iterator[tuple[str, Remap, dict[str, str]]]:
    """Remaps that hold now: (id of the load, remap, the changed legs as text)."""
    for load_id, remap in wiring.remaps.items():
        load = known.site.loads.get(load_id)
        if load is not None and not remap.undone and load.legs == remap.legs:
            was = dict(remap.was)
            changed = [f"{leg}: {phase}" for leg, phase in remap.legs if was.get(leg) != phase]
            yield load_id, remap, {"legs": ", ".join(changed)}


def checked(
    check: Check | None, site: Site | None, language: str = "en", *, still_there: bool = False
) -> dict[str, Any]:
    """The result of a check as plain data: `ok`, `message`, `code` and `legs`.

    Without a `check` it was ended from outside: its load is `still_there`, or is gone.

    For each leg: the `phase` on which it was found and the one to which the form has it `wired`
    (`None`: not known, not connected), the `sign` of the meter there (1, -1, 0: not known), and
    `confidence_pct`.
    """
    load = site.loads.get(check.load) if site and check else None
    if check is None or site is None or load is None:
        code = "check_ended" if still_there else "check_gone"
        return {"ok": False, "message": WORDS[language][code], "code": code}
    wired = dict(load.legs)
    legs = {
        answer.leg: {
            "phase": answer.phase,
            "wired": wired.get(answer.leg),
            "sign": answer.sign,
            "confidence_pct": round(answer.confidence_pct),
        }
        for answer in check.answers
    }
    text = sentence(Reason(check.code, check.numbers), Known(site, {}, {}, language), load.id)
    answers = (Family.ANSWERED, Family.AGAINST, Family.NO_ANSWER)
    ok = meaning(check.code).family in answers
    return {"ok": ok, "message": text, "code": check.code, "legs": legs}
