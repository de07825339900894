"""The account of a load as Markdown, made from its plain data (`breakdown`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..reasons import Reason
from ..report import LoadReport
from ..site.model import Site
from ..texts import WORDS
from ..texts.markdown import plain
from ..texts.wording import amount, circuit_name, term

Data = Mapping[str, Any]


def mode_means(mode: str, language: str) -> str:
    """A sentence on what a mode means."""
    return WORDS[language][f"mode_{mode}"]


def what_next(told: LoadReport, share: Reason, marked: bool, language: str) -> str:
    """A sentence on what comes next, by the reason of the load or, for numbers, that of its share.

    `marked`: a line of the table is marked as the limit that ended its share.
    """
    words = WORDS[language]
    minimum = told.reason.numbers.get("min_a", share.numbers.get("min_a"))
    need = words["its_minimum"]
    if isinstance(minimum, (int, float)):
        need = amount(minimum, "a", language)
    where = words["limit_marked" if marked else "limit_of_reason"]
    return words[f"next_{told.reason.next}"].format(min_a=need, limit=where)


def markdown(data: Data, site: Site, language: str) -> str:
    """The account for people to read."""
    words = WORDS[language]
    parts = [
        f"## {plain(data['name'])}",
        words["account_mode"].format(mode=term(data["mode"], language), means=data["mode_means"]),
        _told_line(data, language),
        words["account_why"].format(reason=plain(data["reason"])),
        words["account_next"].format(next=data["next"]),
        f"### {words['account_limits']}",
        _table(data, site, language),
        _legend(data, language),
    ]
    energy = _energy(data["energy"], language)
    if energy:
        parts += [f"### {words['account_energy']}", energy]
    parts += [f"### {words['account_times']}", _times(data["times"], language)]
    return "\n\n".join(part for part in parts if part)


def _shown(value: float | None, unit: str, language: str) -> str:
    """An amount, or that it is not known."""
    return WORDS[language]["not_known"] if value is None else amount(value, unit.lower(), language)


def _told_line(data: Data, language: str) -> str:
    words = WORDS[language]
    shown_a = {key: _shown(data[key], "a", language) for key in ("told_a", "share_a", "max_a")}
    told = words["account_told"].format(
        told_a=words["not_told"] if data["told_a"] is None else shown_a["told_a"],
        share_a=shown_a["share_a"],
        max_a=shown_a["max_a"],
    )
    draw = data["draw_a"]
    if draw is None:
        return f"{told} {words['account_draw_unknown']}"
    by_phase = ", ".join(f"{phase} {_shown(amps, 'a', language)}" for phase, amps in draw.items())
    power = _shown(data["power_w"], "w", language)
    return f"{told} {words['account_draws'].format(by_phase=by_phase, power_w=power)}"


def _table(data: Data, site: Site, language: str) -> str:
    """The limits as a table, with the columns of the text `account_columns`."""
    words = WORDS[language]
    columns = words["account_columns"].split(" | ")
    lines = [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]
    for limit in data["limits"]:
        unit = limit["unit"].lower()
        own = limit["kind"] in ("minimum", "maximum", "taken", "checked")
        cells = [
            _called(limit, site, language),
            _shown(limit["limit"], unit, language),
            _shown(limit["unmanaged"], unit, language) if _metered(limit) else "",
            "" if own else _shown(limit["others"], unit, language),
            "" if own else _shown(limit["left"], unit, language),
            _shown(limit["left_a"], "a", language),
            f"**{words['binds']}**" if limit["binds"] else "",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _metered(limit: Data) -> bool:
    return limit["kind"] in ("circuit", "import")


def _called(limit: Data, site: Site, language: str) -> str:
    """What a limit is called, with its phase."""
    words = WORDS[language]
    name = words[f"limit_{limit['kind']}"]
    if limit["kind"] == "circuit":
        name = plain(circuit_name(limit["circuit"], site, language).replace("|", "/"))
    name = name[:1].upper() + name[1:]
    if limit["phase"]:
        name = f"{name},{words['on_phase'].format(phase=limit['phase'])}"
    elif limit["kind"] in ("surplus", "own", "inverter") and len(site.phases) > 1:
        name = f"{name}, {words['all_phases']}"
    if limit["reserve"]:
        kept = amount(limit["reserve"], limit["unit"].lower(), language)
        name = f"{name} ({words['kept_free'].format(amount=kept)})"
    if limit["free_a"]:
        free = amount(limit["free_a"], "a", language)
        name = f"{name} ({words['from_elsewhere'].format(amount=free)})"
    return name


def _legend(data: Data, language: str) -> str:
    """The sentence below the table: how loads share, and that no line ended the share, if so."""
    words = WORDS[language]
    shared = words["account_shared"].format(
        sharing=term(str(data["distribution"]), language), priority=f"{data['priority']:g}"
    )
    return shared if data["binds"] else f"{words['account_nothing_binds']} {shared}"


def _energy(energy: Data | None, language: str) -> str:
    if energy is None:
        return ""
    words = WORDS[language]
    surplus = _in_words("surplus", energy["surplus_w"], language)
    sun_w = _shown(energy["sun_w"], "w", language)
    lines = [words["account_sun"].format(sun_w=sun_w, surplus=surplus)]
    battery = energy["battery"]
    if battery is not None:
        lines.append(_battery(battery, language))
    return "\n".join(f"- {line}" for line in lines)


def _battery(battery: Data, language: str) -> str:
    """One line about the battery."""
    words = WORDS[language]
    shown = {key: _shown(value, key.rsplit("_", 1)[-1], language) for key, value in battery.items()}
    known = "known" if battery["soc_pct"] is not None else "unknown"
    charge = words[f"battery_at_{known}"].format(soc_pct=shown["soc_pct"])
    does = _in_words("battery", battery["power_w"], language)
    return words["account_battery"].format(**shown, charge=charge, does=does)


def _in_words(what: str, power_w: float | None, language: str) -> str:
    """The words for surplus or battery power (`what`): positive, negative, or not known."""
    sign = "unknown" if power_w is None else "below" if round(power_w) < 0 else "above"
    shown = "" if power_w is None else amount(abs(power_w), "w", language)
    return WORDS[language][f"{what}_{sign}"].format(power_w=shown)


def _times(times: Data, language: str) -> str:
    """The delays of the load, each on a line."""
    words = WORDS[language]
    shown = {
        key: None if value is None else amount(value, key.rsplit("_", 1)[-1], language)
        for key, value in times.items()
    }
    shown["ramp_a_s"] = None
    if times["ramp_a_s"] is not None:
        shown["ramp_a_s"] = f"{amount(times['ramp_a_s'], 'a', language)}/s"
    lines = [
        words[f"time_{key}"].format(**shown)
        for key, value in shown.items()
        if value is not None and f"time_{key}" in words
    ]
    return "\n".join(f"- {line}" for line in lines)
