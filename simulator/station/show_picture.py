"""The picture of a station's profiles: each one, and the resulting limit on top."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from simulator import ocpp as profiles

from ..colours import COLOURS, LIMIT
from .show import POINTS, PURPOSES, View, in_order

COLOUR_OF = dict(zip(PURPOSES, (COLOURS[2], COLOURS[0], COLOURS[3]), strict=True))
Curve = list[float]


def draw(view: View, start: float, duration_s: float, path: Path) -> None:
    """Draw the profiles of `view` into a PNG at `path`; raises OSError if that can't be written."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    times = [start + duration_s * i / POINTS for i in range(POINTS)]
    connectors = range(1, view.can.connectors + 1)
    heights = [part for n in connectors for part in (3.0, 0.35 * max(len(_for(view, n)), 1))]
    with plt.rc_context({"font.size": 10, "axes.linewidth": 0.6}):
        figure, axes = plt.subplots(
            len(heights),
            1,
            figsize=(10, 1.6 + 1.25 * sum(heights)),
            sharex=True,
            height_ratios=heights,
            squeeze=False,
            layout="constrained",
        )
        for n in connectors:
            _amps(axes[2 * n - 2][0], view, n, times)
            _lanes(axes[2 * n - 1][0], view, n, times)
        _clock(axes[-1][0], duration_s)
        figure.savefig(path, dpi=110)
        plt.close(figure)


def _for(view: View, connector: int) -> list[tuple[int, profiles.Profile]]:
    """The profiles that concern a connector, those that win first."""
    return [(p, profile) for p, profile in in_order(view) if p in (0, connector)]


def _amps(axis: Any, view: View, connector: int, times: list[float]) -> None:
    """Each profile's own limit as an area, the lowest level at the back; what follows as a line."""
    when = [datetime.fromtimestamp(at, UTC) for at in times]
    for place, profile in reversed(_for(view, connector)):
        alone = view.only(place, profile)
        curve = [_or_gap(alone.limit(connector, at).a) for at in times]
        colour = COLOUR_OF[profile.purpose]
        axis.fill_between(when, curve, step="post", color=colour, alpha=0.18, linewidth=0)
        axis.step(when, curve, where="post", color=colour, linewidth=1.0)
    most = view.can.max_a
    limits = [view.limit(connector, at).a for at in times]
    result = [most if a is None else min(a, most) for a in limits]
    axis.step(when, result, where="post", color="white", linewidth=4.0, alpha=0.8)
    axis.step(when, result, where="post", color=LIMIT, linewidth=2.0)
    axis.set_ylim(0, most * 1.12)
    axis.set_ylabel("A per phase")
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)
    axis.grid(axis="y", linewidth=0.3)
    axis.set_title(f"{view.name}, connector {connector}", loc="left", fontweight="bold")
    axis.set_xlim(when[0], when[-1])
    areas = {
        purpose: axis.fill_between([], [], color=colour, alpha=0.35, linewidth=0)
        for purpose, colour in COLOUR_OF.items()
    }
    line = axis.get_lines()[-1]
    axis.legend(
        [*areas.values(), line],
        [*areas, "limit in force"],
        loc="lower right",
        frameon=False,
        ncols=4,
        bbox_to_anchor=(1.0, 1.0),
        borderpad=0.0,
        columnspacing=1.2,
    )


def _lanes(axis: Any, view: View, connector: int, times: list[float]) -> None:
    """One lane for each profile: pale where it says something, full where it is the limit."""
    rows = _for(view, connector)
    when = [datetime.fromtimestamp(at, UTC) for at in times]
    binding = [view.limit(connector, at).by for at in times]
    for lane, (place, profile) in enumerate(rows):
        alone = view.only(place, profile)
        says = [alone.limit(connector, at).a is not None for at in times]
        rules = [profile in by for by in binding]
        colour = COLOUR_OF[profile.purpose]
        low, high = lane - 0.36, lane + 0.36
        axis.fill_between(when, low, high, where=says, color=colour, alpha=0.22, linewidth=0)
        axis.fill_between(when, low, high, where=rules, color=colour, linewidth=0)
    axis.set_yticks(range(len(rows)), [_name(profile) for _, profile in rows])
    axis.set_ylim(max(len(rows), 1) - 0.5, -0.5)
    axis.tick_params(axis="y", length=0)
    axis.set_title("full where it is the limit, pale where it only says something", fontsize=9)
    for side in ("top", "right", "left", "bottom"):
        axis.spines[side].set_visible(False)


def _name(profile: profiles.Profile) -> str:
    purpose = {"ChargePointMaxProfile": "station", "TxProfile": "session"}.get(
        profile.purpose, "default"
    )
    return f"{profile.id}: {purpose}, level {profile.level}"


def _or_gap(a: float | None) -> float:
    return float("nan") if a is None else a


def _clock(axis: Any, duration_s: float) -> None:
    from matplotlib import dates

    locator = dates.AutoDateLocator(tz=UTC, maxticks=12)
    axis.xaxis.set_major_locator(locator)
    axis.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator, tz=UTC))
    axis.set_xlabel("UTC" if duration_s else "")
