"""The drivers of a station: when a car comes, how full it is, and when it leaves."""

from __future__ import annotations

import math
import random

from .cars import Car, CarKind
from .station import Station


class Visitors:
    """Cars of `kinds` that come to one station, drawn from `seed`."""

    def __init__(self, station: Station, kinds: tuple[CarKind, ...], seed: int, now: float) -> None:
        self._chance = random.Random(f"{seed}/{station.name}/visitors")
        self._kinds = kinds
        self._left = dict.fromkeys(station.connectors, station.kind.visits)
        self._next = {n: self._wait(station, now) for n in station.connectors}

    def step(self, station: Station, now: float) -> None:
        """Cars leave, and others come."""
        for number, plug in station.connectors.items():
            if plug.car is not None:
                if plug.car.leaves_at is not None and now >= plug.car.leaves_at:
                    station.unplug(number, now)
                    self._next[number] = self._wait(station, now)
                continue
            left = self._left[number]
            if left == 0 or now < self._next[number] or not plug.operative:
                continue
            if left is not None:
                self._left[number] = left - 1
            station.plug(number, self._car(station, now), now)

    def invite(self, station: Station) -> None:
        """A car comes to each free plug at the next step, also where none was expected any more."""
        for number, plug in station.connectors.items():
            if plug.car is None:
                self._next[number] = -math.inf
                if self._left[number] == 0:
                    self._left[number] = 1

    def know(self, station: Station) -> None:
        """Cars that are there after a restart have come already."""
        for number, plug in station.connectors.items():
            left = self._left[number]
            if plug.car is not None and left is not None:
                self._left[number] = max(left - 1, 0)

    def shift(self, jump_s: float) -> None:
        """The clock was set, by so many s."""
        self._next = {number: at + jump_s for number, at in self._next.items()}

    def _wait(self, station: Station, now: float) -> float:
        return now + self._chance.uniform(*station.kind.away_s)

    def _car(self, station: Station, now: float) -> Car:
        kind = self._chance.choice(self._kinds)
        stay = station.kind.stay_s
        leaves = None if stay is None else now + self._chance.uniform(*stay)
        return Car(kind, round(self._chance.uniform(*kind.arrives_pct), 1), leaves)
