"""Pictures of experiments: current of a breaker, surplus of the sun, current of a car."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ..colours import COLOURS, HOUSE, LIMIT, PHASES, SUN
from .experiment import Trace
from .figures import changes, pieces, starts

STYLE = {"font.size": 11, "font.family": "DejaVu Sans", "axes.linewidth": 0.6}
WIDTH_IN, PANEL_IN, DPI = 6.6, 2.75, 130
TOLD, DRAWN = "#222222", COLOURS[3]
Panel = Callable[[Any], None]
"""Draws one panel into an axis."""


def draw_all(traces: Mapping[str, Trace], folder: Path) -> list[Path]:
    """Draw the pictures of `traces` (by experiment) into `folder`; returns what was written.

    A picture is drawn if all its experiments are there. Raises OSError if it can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, (needed, panels_of) in PICTURES.items():
        if all(one in traces for one in needed):
            path = folder / f"step-{name}.png"
            _draw(path, panels_of(traces))
            written.append(path)
    return written


def _overload(traces: Mapping[str, Trace]) -> list[Panel]:
    trace = traces["step-14-three-phase"]
    up_s, down_s = trace.experiment.steps_s
    near, far = (up_s - 4, up_s + 10), (up_s - 40, down_s + 80)
    first, then = "The house takes 14 A more", "The same, and two minutes later no more"
    return [
        partial(_breaker, trace=trace, heading=first, span=near, zero_s=up_s, mark=True),
        partial(_breaker, trace=trace, heading=then, span=far, zero_s=up_s),
    ]


def _sun(traces: Mapping[str, Trace]) -> list[Panel]:
    words = {
        "sun-one-phase": "One phase, no battery: the surplus jumps by 5 A",
        "sun-three-phase-battery": "Three phases, a battery that balances",
    }
    first_s = traces["sun-one-phase"].experiment.steps_s[0]
    span = (first_s - 30, first_s + 210)
    return [
        partial(_solar, trace=traces[name], heading=heading, span=span)
        for name, heading in words.items()
    ]


def _clouds(traces: Mapping[str, Trace]) -> list[Panel]:
    panels: list[Panel] = []
    for period_s in (20, 60, 180):
        trace = traces[f"clouds-{period_s}s"]
        told = len(changes(trace, "car"))
        heading = f"Clouds every {period_s} s; in an hour {_starts(trace)}, told {told} times"
        panels.append(partial(_solar, trace=trace, heading=heading, span=(600.0, 959.0)))
    return panels


def _hob(traces: Mapping[str, Trace]) -> list[Panel]:
    trace = traces["hob"]
    hour = f"A hob beside a car, for an hour: {_starts(trace)}"
    return [
        partial(
            _breaker, trace=trace, heading="A hob beside a car, the first minutes", span=(0, 150)
        ),
        partial(_breaker, trace=trace, heading=hour, span=(0, 3600), minutes=True),
    ]


PICTURES: Mapping[str, tuple[Sequence[str], Callable[[Mapping[str, Trace]], list[Panel]]]] = {
    "overload": (("step-14-three-phase",), _overload),
    "sun": (("sun-one-phase", "sun-three-phase-battery"), _sun),
    "clouds": (("clouds-20s", "clouds-60s", "clouds-180s"), _clouds),
    "hob": (("hob",), _hob),
}
"""Pictures by name: the experiments that they need, and what draws their panels."""


def _starts(trace: Trace) -> str:
    count = starts(trace, "car")
    return f"{count} start{'' if count == 1 else 's'}"


# --- panels ---


def _breaker(
    axis: Any,
    trace: Trace,
    heading: str,
    span: tuple[float, float],
    zero_s: float = 0.0,
    mark: bool = False,
    minutes: bool = False,
) -> None:
    """What flows through the watched breaker and phase, and what the car is told and draws.

    `span` is in s since the start, `zero_s` what the axis calls 0.
    """
    place = trace.experiment.watched
    limit_a = trace.limits_a[place[0]]
    t, shown = _times(trace, span, zero_s, 60.0 if minutes else 1.0)
    width = 0.7 if minutes else 1.8
    axis.axhline(limit_a, color=LIMIT, linewidth=1.3, label=f"breaker, {limit_a:g} A")
    house = {"color": HOUSE, "linewidth": 0.8 * width, "label": "house"}
    axis.step(t, shown(trace.others_a[place]), where="post", **house)
    current = {"color": PHASES[place[1]], "linewidth": width, "label": f"phase {place[1]}"}
    axis.step(t, shown(trace.current_a[place]), where="post", **current)
    _car(axis, trace, t, shown, width)
    if mark:
        _mark(axis, trace, zero_s, limit_a)
    top = max(limit_a, *shown(trace.current_a[place]))
    axis.set_ylim(min(0.0, *shown(trace.others_a[place])) - 0.5, top * 1.12)
    _dress(axis, heading, span, zero_s, minutes)


def _solar(axis: Any, trace: Trace, heading: str, span: tuple[float, float]) -> None:
    """What the sun leaves over, and what the car is told and draws."""
    zero_s = trace.experiment.steps_s[0] if trace.experiment.steps_s else span[0]
    t, shown = _times(trace, span, zero_s, 1.0)
    surplus = shown(trace.surplus_a)
    axis.fill_between(t, surplus, step="post", color=SUN, alpha=0.35, linewidth=0, label="surplus")
    _car(axis, trace, t, shown, 1.8)
    axis.set_ylim(0, max(*surplus, *shown(trace.command_a["car"])) * 1.15)
    _dress(axis, heading, span, zero_s, minutes=False)


def _car(
    axis: Any,
    trace: Trace,
    t: list[float],
    shown: Callable[[list[float]], list[float]],
    width: float,
) -> None:
    drawn = {"color": DRAWN, "linewidth": width, "label": "car draws"}
    axis.step(t, shown(trace.draw_a["car"]), where="post", **drawn)
    told = {"color": TOLD, "linewidth": 0.6 * width, "linestyle": (0, (3, 1.6)), "label": "is told"}
    axis.step(t, shown(trace.command_a["car"]), where="post", **told)


def _mark(axis: Any, trace: Trace, zero_s: float, limit_a: float) -> None:
    """The time over the limit, with how long it is."""
    for piece in pieces(trace)[:1]:
        start = piece.start_s - zero_s
        axis.axvspan(start, start + piece.seconds, color=LIMIT, alpha=0.12, linewidth=0)
        words = f"over the limit\nfor {piece.seconds:g} s"
        axis.annotate(
            words, (start + piece.seconds + 0.25, limit_a + 4), color=LIMIT, va="center"
        )  # fmt: skip


def _times(
    trace: Trace, span: tuple[float, float], zero_s: float, unit_s: float
) -> tuple[list[float], Callable[[list[float]], list[float]]]:
    """The moments in `span`, counted from `zero_s` in units; and what picks their values."""
    chosen = [n for n, t in enumerate(trace.t_s) if span[0] <= t <= span[1]]
    times = [(trace.t_s[n] - zero_s) / unit_s for n in chosen]
    return times, lambda values: [values[n] for n in chosen]


# --- the picture ---


def _draw(path: Path, panels: Sequence[Panel]) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    with plt.rc_context(STYLE):
        size = (WIDTH_IN, PANEL_IN * len(panels) + 0.45)
        figure, axes = plt.subplots(len(panels), 1, figsize=size, squeeze=False)
        for axis, panel in zip(axes[:, 0], panels, strict=True):
            panel(axis)
        handles, labels = axes[0, 0].get_legend_handles_labels()
        figure.legend(
            handles, labels, loc="upper center", ncols=len(labels), frameon=False,
            handlelength=1.2, columnspacing=1.1, handletextpad=0.4, borderaxespad=0.1, fontsize=10,
        )  # fmt: skip
        figure.tight_layout(rect=(0, 0, 1, 1 - 0.3 / size[1]), h_pad=1.2)
        figure.savefig(path, dpi=DPI)
        plt.close(figure)


def _dress(
    axis: Any, heading: str, span: tuple[float, float], zero_s: float, minutes: bool
) -> None:
    from matplotlib.ticker import MaxNLocator

    unit_s, unit = (60.0, "min") if minutes else (1.0, "s")
    axis.set_title(heading, loc="left", fontsize=11, fontweight="bold")
    axis.set_xlim((span[0] - zero_s) / unit_s, (span[1] - zero_s) / unit_s)
    axis.xaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 3, 5, 6, 10], integer=True))
    axis.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10], integer=True))
    minus = "\N{MINUS SIGN}"
    axis.xaxis.set_major_formatter(lambda x, _: f"{x:g} {unit}".replace("-", minus))
    axis.yaxis.set_major_formatter(lambda amps, _: f"{amps:g} A".replace("-", minus))
    axis.grid(axis="y", color="black", alpha=0.08, linewidth=0.6)
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)
