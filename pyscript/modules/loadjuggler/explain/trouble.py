"""What is wrong with a house that shows only when everything is decided: warnings of the site."""

from __future__ import annotations

from collections.abc import Mapping

from ..control.decide import Decision
from ..loads.kinds import KINDS_OF_LOADS
from ..measure.readings import Problem, Readings
from ..memory.memory import Memory
from ..reason_table import Family
from ..reasons import Numbers, Reason
from ..site.model import Site
from ..texts.sentence import sentence
from ..texts.wording import Known
from ..units import roughly_s


def silent(readings: Readings) -> list[Problem]:
    """Warnings about breakers whose meters have been silent for longer than `Options.hold_s`."""
    return [
        Problem(Reason("meter_silent", {"circuit": circuit, "silent_s": roughly_s(meter.silent_s)}))
        for circuit, meter in readings.meters.items()
        if meter.stale and not meter.hides
    ]


def not_done(
    site: Site,
    memory: Memory,
    decisions: Mapping[str, Decision],
    known: Known,
) -> list[Problem]:
    """Warnings about loads that can't be told, do something else, or need another form.

    They have no numbers that count, so that they are the same from run to run.
    """
    found = []
    for load, decision in decisions.items():
        reason, wired = decision.reason, site.loads[load]
        cures = KINDS_OF_LOADS[wired.kind.name].account.cures
        for cure in cures(wired, memory.load(load)):
            text = sentence(cure, known, load)
            found.append(Problem(Reason("about_load", {"before": text}), load))
        family = reason.family
        if family is Family.DISOBEYS:
            found.append(Problem(Reason("disobeys"), load))
        elif family is Family.UNTOLD and reason.code == "wrong_version":
            numbers: Numbers = {"before": sentence(reason, known, load)}
            found.append(Problem(Reason("about_load", numbers), load))
        elif family is Family.UNTOLD:
            found.append(Problem(Reason("untold", {"error": reason.numbers["error"]}), load))
    return found


def phases(site: Site, memory: Memory) -> list[Problem]:
    """Warnings about chargers whose change of phases was given up."""
    return [
        Problem(
            Reason("phases_failed", {"entity": load.phase_switch.entity or "its profile"}), load.id
        )
        for load in site.loads.values()
        if load.phase_switch and memory.load(load.id).phases.failed
    ]
