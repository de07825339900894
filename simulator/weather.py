"""Clouds over the panels: what share of the clear sky's power is left, second by second.

Made up, seeded, fitted to no measurement. What it takes from what is known of such records at one
second: the values have two humps, in the shadow and in the sun; shadows last from seconds to a
quarter of an hour, many short ones and few long ones; an edge takes some seconds to cross a roof;
beside an edge there is more light than under a clear sky, by up to a fifth. What it lacks: layers
of clouds, wind that changes, and the panels' warming up. An overcast sky is a slow wandering.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping

Shares = list[float]
"""Share of the clear sky's power, one for each second."""

BRIGHT_S = 25.0
"""How long the extra light beside an edge takes to fall to a third."""


def clouds(weather: str, seed: int, start_h: float, seconds: int) -> Shares:
    """Shares for `seconds` of a day of this `weather` (a key of WEATHERS) from `start_h` on."""
    return WEATHERS[weather](random.Random(f"{weather} {seed}"), start_h, seconds)


def _clear(chance: random.Random, start_h: float, seconds: int) -> Shares:  # noqa: ARG001
    """Haze only."""
    return _wandering(chance, seconds, 0.985, 0.008, 900)


def _broken(chance: random.Random, start_h: float, seconds: int) -> Shares:  # noqa: ARG001
    """Fair-weather cumulus: sun and shadow every few minutes, 40 % shadow."""
    return _passing(chance, seconds, shadow_s=75, gap_s=130, depth=(0.22, 0.6))


def _overcast(chance: random.Random, start_h: float, seconds: int) -> Shares:  # noqa: ARG001
    """A closed layer, thicker and thinner."""
    return _wandering(chance, seconds, 0.27, 0.09, 700)


def _winter(chance: random.Random, start_h: float, seconds: int) -> Shares:
    """Fog until late in the morning, then sun through gaps, a closed layer in the afternoon."""
    fog = _wandering(chance, seconds, 0.18, 0.04, 1200)
    gaps = _passing(chance, seconds, shadow_s=260, gap_s=420, depth=(0.3, 0.7))
    layer = _wandering(chance, seconds, 0.3, 0.08, 900)
    lifts_h, closes_h = chance.uniform(10.0, 11.0), chance.uniform(14.2, 15.0)
    shares = []
    for second in range(seconds):
        hour = (start_h + second / 3600) % 24
        open_ = _smooth((hour - lifts_h) / 0.7) * (1 - _smooth((hour - closes_h) / 0.4))
        closed = fog[second] if hour < (lifts_h + closes_h) / 2 else layer[second]
        shares.append(closed + (gaps[second] - closed) * open_)
    return shares


WEATHERS: Mapping[str, Callable[[random.Random, float, int], Shares]] = {
    "clear": _clear,
    "broken": _broken,
    "overcast": _overcast,
    "winter": _winter,
}


def _wandering(
    chance: random.Random, seconds: int, mean: float, spread: float, memory_s: float
) -> Shares:
    """A value that wanders about `mean` by `spread` (standard deviation), never under a fifth."""
    keeps = math.exp(-1 / memory_s)
    jump = spread * math.sqrt(1 - keeps * keeps)
    away, smooth, shares = chance.gauss(0, spread), 0.0, []
    for _ in range(seconds):
        away = keeps * away + chance.gauss(0, jump)
        smooth += (away - smooth) / 20  # no light flickers within a second
        shares.append(min(max(mean + smooth, 0.2 * mean), 1.0))
    return shares


def _passing(
    chance: random.Random,
    seconds: int,
    shadow_s: float,
    gap_s: float,
    depth: tuple[float, float],
) -> Shares:
    """Shadows and gaps in turn; `shadow_s` and `gap_s` are their medians, `depth` what is left."""
    shares: Shares = []
    while len(shares) < seconds:
        gap = _length(chance, gap_s)
        shadow = _length(chance, shadow_s)
        edge = min(chance.uniform(4, 20), shadow / 2)
        left = chance.uniform(*depth)
        if shadow < 30:
            left += (1 - left) * 0.4  # a wisp
        first, last = chance.uniform(0.02, 0.2), chance.uniform(0.02, 0.2)
        for second in range(gap):
            after, before = second / BRIGHT_S, (gap - second) / BRIGHT_S
            shares.append(1.0 + first * math.exp(-after) + last * math.exp(-before))
        top = shares[-1]
        shares += (_shadow(second, shadow, edge, top, left) for second in range(shadow))
    return shares[:seconds]


def _shadow(second: int, length: int, edge: float, top: float, left: float) -> float:
    """A shadow: down over `edge` s from `top` to `left`, and up again."""
    inside = min(second, length - second) / edge
    return top + (left - top) * _smooth(inside)


def _length(chance: random.Random, median_s: float) -> int:
    return round(min(max(chance.lognormvariate(math.log(median_s), 0.9), 8.0), 12 * median_s))


def _smooth(x: float) -> float:
    """From 0 to 1 without corners."""
    x = min(max(x, 0.0), 1.0)
    return x * x * (3 - 2 * x)
