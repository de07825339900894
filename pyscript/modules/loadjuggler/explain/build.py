"""The report of a run: status codes, sentences and numbers for every load and circuit."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ..control.compliance import retry_s
from ..control.decide import Decision
from ..limits.budgets import Budgets
from ..limits.headroom import Budget, CircuitState
from ..loads.kinds import KINDS_OF_LOADS
from ..logbook.overload import OverloadReports
from ..measure.readings import LoadReading, Problem, Readings
from ..memory.load import LoadMemory
from ..memory.memory import Memory
from ..options import Options
from ..reason_table import TAKES_NOTHING, Family, meaning
from ..reasons import Reason
from ..report import About, CircuitReport, LoadReport, Report
from ..site.model import MAIN, Load, Site
from ..site.modes import MODES
from ..texts.sentence import sentence
from ..texts.wording import Counted, Known
from ..units import TOLERANCE, amps_to_watts
from . import diagnosis, trouble
from .asides import asides
from .details import battery_gives, boost_left, fuller, takes_of_battery

SHOWN_A = 0.05
"""Sentences show tenths of an ampere; what differs by no more than this is the same."""


GOES_ON = 2
"""A car that went on by itself so often after it wanted nothing was not full."""


ALL_WELL = Reason("ok")
"""What a site without warnings says."""


def report(
    site: Site,
    readings: Readings,
    memory: Memory,
    budgets: Budgets,
    decisions: Mapping[str, Decision],
    stuck: Mapping[str, float],
    over: OverloadReports,
    now: float,
    options: Options,
    language: str = "en",
) -> Report:
    """The report of a run at `now` (epoch s), with sentences in `language`.

    Numbers are those of the budget for raises; "the house takes" in sentences is that of the budget
    for cuts. `stuck` are A per leg that loads keep whatever they are told, `over` is the time over
    limits today.
    """
    budget, held_a = budgets.up, _held(readings, memory, decisions)
    known = _known(site, readings, held_a, budgets, decisions, stuck, language)
    help_text = sentence(gives, known) if (gives := battery_gives(site, readings)) else ""
    loads = {
        key: _load(load, readings, decisions[key], held_a, memory, known, help_text, options)
        for key, load in site.loads.items()
    }
    problems = (
        *(*readings.problems, *trouble.silent(readings), *over.problems),
        *trouble.phases(site, memory),
        *trouble.not_done(site, memory, decisions, known),
        *diagnosis.problems(memory.wiring),
    )
    told_by = {_about(p): sentence(p.reason, known, p.load_id) for p in problems}
    warnings = tuple(dict.fromkeys(told_by.values()))
    return Report(
        at=now,
        status=_site_status(readings, warnings),
        sentence=" ".join(warnings) or sentence(ALL_WELL, known),
        warnings=warnings,
        loads=loads,
        circuits=_circuits(site, readings, budget, over),
        distribution=readings.distribution,
        grid_available_w=_grid_available_w(site, readings, budget.circuits[MAIN]),
        surplus_w=_surplus_w(site, budget),
        battery_help_w=budget.supply.help_w if site.battery else None,
        import_over=over.site,
        notices=(
            *diagnosis.notices(memory.wiring, known, now),
            *diagnosis.of_doubts(over.problems, known),
        ),
        solar_w=readings.energy.solar_w,
        battery_w=readings.energy.battery_w,
        soc_pct=readings.energy.soc_pct,
        problems=told_by,
        check=diagnosis.check_report(memory.wiring.check, known),
        hot=over.hot,
    )


def _site_status(readings: Readings, warnings: Collection[str]) -> str:
    """The status of the site: a meter that is missing matters more than any warning."""
    if any(meter.missing for meter in readings.meters.values()):
        return "blind"
    return "problem" if warnings else "ok"


def _known(
    site: Site,
    readings: Readings,
    held_a: Mapping[str, float | None],
    budgets: Budgets,
    decisions: Mapping[str, Decision],
    stuck: Mapping[str, float],
    language: str,
) -> Known:
    """What sentences refer to: what each load is told, what the house takes as a cut sees it."""
    told_a, counted = {}, {}
    for load, decision in decisions.items():
        told_a[load] = amps = held_a[load] or 0.0
        if decision.reason.family is Family.UNTOLD:
            # Also of one that never was told anything it is known what it draws.
            counted[load] = Counted(max(amps, readings.loads[load].drawing_a()), untold=True)
            continue
        has_a, waits = max(amps, stuck.get(load, 0.0)), decision.paced.reason
        to_a = waits.numbers.get("to_a") if waits else None
        if isinstance(to_a, float) and to_a > has_a + SHOWN_A:
            counted[load] = Counted(to_a, later=True)
        elif has_a > amps:
            counted[load] = Counted(has_a)
    unmanaged = {key: state.unmanaged for key, state in budgets.down.circuits.items()}
    return Known(site, told_a, unmanaged, language, counted)


def _held(
    readings: Readings, memory: Memory, decisions: Mapping[str, Decision]
) -> dict[str, float | None]:
    """What each load is told now, A per leg by load id, as `_holds_a` has it."""
    return {
        load: _holds_a(readings.loads[load], memory.load(load), decision)
        for load, decision in decisions.items()
    }


def _holds_a(reading: LoadReading, memory: LoadMemory, decision: Decision) -> float | None:
    """A per leg that a load is told now; while its calls fail, those that it holds.

    `None`: it was never told anything, or nothing that it is told arrives.
    """
    if decision.reason.code == "wrong_version":
        return None
    return reading.command_a if memory.calls.failures else decision.paced.amps


def _circuits(
    site: Site, readings: Readings, budget: Budget, over: OverloadReports
) -> dict[str, CircuitReport]:
    """Each breaker as `budget` has it, with the time that it was over its limit today."""
    reports = {}
    for key, circuit in site.circuits.items():
        state = budget.circuits[key]
        reports[key] = CircuitReport(
            key,
            circuit.name,
            circuit.parent,
            readings.limits_a[key],
            state.draw,
            state.unmanaged,
            state.headroom,
            over.circuits[key],
        )
    return reports


def _about(problem: Problem) -> About:
    """Identifies a problem, so that it is the same while its numbers change."""
    numbers = problem.reason.numbers
    where = [str(numbers.get(key, "")) for key in ("circuit", "phase", "entity", "leg")]
    return About(problem.reason.code, " ".join([problem.load_id or "", *where]))


def _load(
    load: Load,
    readings: Readings,
    decision: Decision,
    held_a: Mapping[str, float | None],
    memory: Memory,
    known: Known,
    help_text: str,
    options: Options,
) -> LoadReport:
    """The report of one load; `help_text` says for all what the battery gives, "": nothing."""
    reading, own, now = readings.loads[load.id], memory.load(load.id), readings.at
    reason = fuller(decision.reason, load, known.site, readings, memory, now, options)
    said = _with_available(reason, reading, decision)
    if said is not reason:
        said = fuller(said, load, known.site, readings, memory, now, options)
    text, allocated_a = _said(said, load, reading, held_a[load.id], known)
    for aside in asides(load, known.site, readings, own, reason, options):
        text = f"{text} {sentence(aside, known, load.id)}"
    if hint := diagnosis.hint(memory.wiring, load, known):
        text = f"{text} {hint}"
    if boost := boost_left(load, reading, own, memory, now):
        text = f"{text} {sentence(boost, known, load.id)}"
    if help_text and takes_of_battery(reason, allocated_a, reading):
        text = f"{text} {help_text}"
    if (own.calls.failures or own.calls.error) and reason.family is not Family.UNTOLD:
        failed: dict[str, float | str] = {"error": own.calls.error, "before": text}
        failed["wait_s"] = retry_s(own, now, options) if own.calls.failures else 0.0
        code, share_a = "call_failed", decision.allocation.amps
        if allocated_a is not None and allocated_a > share_a + SHOWN_A:
            code, failed = "call_keeps", {**failed, "kept_a": allocated_a, "share_a": share_a}
        text = sentence(Reason(code, failed), known, load.id)
    draw, tally = reading.draw, memory.tallies.get(load.id)
    # By position, in the order of the fields: by names this takes twice as long.
    return LoadReport(
        load.id,
        load.name,
        load.kind.name,
        load.circuit,
        reading.mode,
        _status(load, reading, own, decision),
        decision.allocation.amps,
        allocated_a,
        _available_a(reading, own, decision, allocated_a),
        draw,
        None if draw is None else amps_to_watts(draw.total(), known.site.voltage_v),
        reason,
        text,
        tally.told_wh if tally else None,
        tally.told_pct if tally else None,
    )


def _said(
    reason: Reason, load: Load, reading: LoadReading, told_a: float | None, known: Known
) -> tuple[str, float | None]:
    """(the sentence for a reason, A per leg that the load has while it is told `told_a`).

    A load that pauses at its minimum has more than 0 A. A load that can be paused in several ways
    says in which; a load that does not follow keeps the sentence that says so.
    """
    text = sentence(reason, known, load.id)
    way = _way_to_pause(load, reading, text) if told_a == 0.0 else None
    if way is None:
        return text, told_a
    kept_a = float(way.numbers.get("kept_a", 0.0))
    if reason.family is Family.UNTOLD or (reason.family is Family.DISOBEYS and not kept_a):
        return text, kept_a
    return sentence(way, known, load.id), kept_a


def _way_to_pause(load: Load, reading: LoadReading, text: str) -> Reason | None:
    """The reason that says how a load is paused, around `text`; `None`: there is only one way."""
    taking = reading.active or not MODES[reading.mode].takes
    if not taking or reading.lost:
        return None
    return KINDS_OF_LOADS[load.kind.name].account.paused_by(load, reading, text)


def _available_a(
    reading: LoadReading, memory: LoadMemory, decision: Decision, allocated_a: float | None
) -> float | None:
    """What is shown as available for a load, A per leg; `None`: not known.

    That is its share. The share is what the load may be raised to, which takes more than keeping
    what it has: room that has lasted, or sun that a battery shows late. So for a load that obeys
    it is no less than what it is told. One whose calls fail may hold more than its share, and its
    sentence says so.
    """
    available_a = decision.allocation.available_a
    if available_a is None or not reading.active or memory.calls.failures:
        return available_a
    return max(available_a, allocated_a or 0.0)


def _with_available(reason: Reason, reading: LoadReading, decision: Decision) -> Reason:
    """The reason; that of an idle load with its state and what it could get."""
    if reason.code != "idle":
        return reason
    status = reading.status or "State not known"
    state = "No car" if status.lower() == "available" else status
    available_a = decision.allocation.available_a
    if available_a is None:
        return Reason("idle_blind", {"state": state})
    if available_a <= 0:
        return Reason("idle_nothing", {"state": state})
    return Reason("idle", {"state": state, "available_a": round(available_a, 1)})


def _status(load: Load, reading: LoadReading, memory: LoadMemory, decision: Decision) -> str:
    """The status code of a load, one of those in docs/entities.md."""
    if not reading.connected or reading.lost:
        return "unreachable"
    means = meaning(decision.reason.code)
    if means.family in (Family.DISOBEYS, Family.UNTOLD):
        return means.status
    if not MODES[reading.mode].takes:
        return "off"
    if not reading.active:
        return means.status if means.family is Family.HAND else "idle"
    amps = decision.paced.amps
    if amps is None:
        return "starting"
    if means.status == TAKES_NOTHING:
        if load.kind.has_car:
            wants_none = (reading.status or "").lower() == "suspendedev"
            return "full" if wants_none and memory.habits.gone_on < GOES_ON else "ready"
    elif means.status:
        return means.status
    if amps <= TOLERANCE:
        return "waiting"
    if not load.kind.has_car:
        return "on"
    return "charging" if reading.drawing_a() > 1.0 else "ready"


def _surplus_w(site: Site, budget: Budget) -> float | None:
    """W that the sun leaves over, negative where the house takes more; `None`: not known."""
    total_a = budget.supply.total_a()
    return None if total_a is None else amps_to_watts(total_a, site.voltage_v)


def _grid_available_w(site: Site, readings: Readings, main: CircuitState) -> float | None:
    """W that could still be taken from the grid, by breaker and import limit together."""
    if site.off_grid:
        return 0.0
    if not main.draw.covers(site.phases):
        return None
    limit_a = readings.limits_a[MAIN]
    free_w = sum(
        amps_to_watts(max(limit_a - draw_a, 0.0), site.voltage_v) for _, draw_a in main.draw.items()
    )
    if readings.max_import_w is None:
        return free_w
    import_w = amps_to_watts(main.draw.total(), site.voltage_v)
    return max(min(free_w, readings.max_import_w - readings.power_buffer_w - import_w), 0.0)
