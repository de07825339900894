"""One plug of a station: its car, its session, its contactor and its meter."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .cars import Car, energy_wh
from .messages import Sample, Session


@dataclass(frozen=True, slots=True)
class Wish:
    """Someone may charge here until `until` (epoch s).

    A card was accepted, or a remote start came, maybe with a charging profile.
    """

    tag: str
    until: float
    profile: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """What limits a connector: `limit_a` A per phase on at most `phases` phases.

    `None`: only its hardware does. `by` are the ids of the profiles that do, `reason` is that of
    the station's own policy; `ends`: that ends the session.
    """

    limit_a: float | None = None
    phases: int = 3
    by: tuple[int, ...] = ()
    reason: str = ""
    ends: bool = False


@dataclass(slots=True)
class Connector:
    """A plug with number `number` (1..).

    `done`: the session of this car is over; `draw_a` is the current in A on each phase that the
    car uses, `offer_a` what the station offers, on `switched` phases.
    """

    number: int
    phases: int = 3
    register_wh: float = 0.0
    operative: bool = True
    car: Car | None = None
    session: Session | None = None
    wish: Wish | None = None
    asked: bool = False
    done: bool = False
    status: str = "Available"
    hold: Hold = field(default_factory=Hold)
    offer_a: float = 0.0
    draw_a: float = 0.0
    switched: int = 3
    sampled_at: float | None = None
    _offers: deque[tuple[float, float]] = field(default_factory=deque)

    @property
    def used_phases(self) -> int:
        """The phases that the car here can use; without a car, all."""
        return min(self.phases, self.car.kind.phases) if self.car else self.phases

    @property
    def live_phases(self) -> int:
        """The phases that are switched on for it."""
        return min(self.used_phases, self.switched)

    @property
    def energy_wh(self) -> float:
        """Of the running session, in Wh."""
        return self.register_wh - self.session.meter_start_wh if self.session else 0.0

    def offer(self, offer_a: float, now: float) -> None:
        """Offer `offer_a` A per phase (0: pause) from now on.

        The car follows after its reaction; the contactor of a paused car opens at once.
        """
        if self.session is None or self.car is None:
            self._offers.clear()
            self.offer_a = self.draw_a = 0.0
            return
        if offer_a != self.offer_a:
            # A pause is the contactor's, not the car's; nor does a car at rest take its time twice.
            late_s = self.car.kind.reaction_s if offer_a else 0.0
            self._offers.append((now + late_s, offer_a))
            self.offer_a = offer_a
        self.follow(now)

    def follow(self, now: float) -> None:
        """The car takes what it was offered a reaction ago, or less if it wants less."""
        if self.car is None:
            return
        if self.offer_a == 0.0:
            self._offers.clear()
            self.draw_a = 0.0
            return
        while len(self._offers) > 1 and self._offers[1][0] <= now:
            self._offers.popleft()
        if self._offers and self._offers[0][0] <= now:
            self.draw_a = min(self._offers[0][1], self.car.wants_a())
        elif self.draw_a:
            self.draw_a = min(self.draw_a, self.car.wants_a())

    def pass_time(self, seconds: float, voltage_v: float) -> float:
        """`seconds` pass with the current as it is: meter and battery run. The energy in Wh."""
        gained_wh = energy_wh(self.per_phase_a(), voltage_v, seconds)
        self.register_wh += gained_wh
        if self.car is not None:
            self.car.fill(gained_wh)
        return gained_wh

    def per_phase_a(self) -> tuple[float, float, float]:
        """The current on L1, L2 and L3, in A."""
        live = self.live_phases if self.car else 0
        first, second, third = (self.draw_a if leg < live else 0.0 for leg in range(3))
        return first, second, third

    def shift(self, jump_s: float) -> None:
        """The clock was set, by so many s: everything here was and will be as long ago as before.

        So a Relative profile goes on where it was.
        """
        self._offers = deque((at + jump_s, offer_a) for at, offer_a in self._offers)
        if self.sampled_at is not None:
            self.sampled_at += jump_s
        if self.wish is not None:
            self.wish = replace(self.wish, until=self.wish.until + jump_s)
        if self.session is not None:
            self.session.started_at += jump_s
        if self.car is not None and self.car.leaves_at is not None:
            self.car.leaves_at += jump_s

    def sample(self, now: float, voltage_v: float) -> Sample:
        """The meter as it is."""
        return Sample(
            self.number,
            now,
            self.per_phase_a(),
            self.offer_a,
            min(self.phases, self.switched),
            self.phases,
            voltage_v,
            self.register_wh,
            self.car.soc_pct if self.car else None,
        )

    def resting_status(self) -> str:
        """The status while nothing is being charged."""
        if not self.operative:
            return "Unavailable"
        if self.car is None:
            return "Available"
        return "Finishing" if self.done else "Preparing"


def split(
    ceilings_a: list[float], wants_a: list[float], total_a: float | None, least_a: float
) -> list[float]:
    """What each connector offers, in A per phase, if all take at most `total_a` together.

    `None`: there is no such limit. Every car uses L1, so that is the phase that counts. In order
    each is admitted if its minimum `least_a` fits; then all grow together up to their ceiling, and
    no further than they want.
    """
    if total_a is None:
        return [a if a >= least_a else 0.0 for a in ceilings_a]
    offers = [0.0] * len(ceilings_a)
    left_a = total_a
    for i, ceiling_a in enumerate(ceilings_a):
        if ceiling_a >= least_a and left_a >= least_a:
            offers[i] = least_a
            left_a -= least_a
    growing = [i for i, offer_a in enumerate(offers) if offer_a]
    tops = [min(c, max(w, least_a)) for c, w in zip(ceilings_a, wants_a, strict=True)]
    while growing and left_a > 1e-9:
        step_a = min(left_a / len(growing), *(tops[i] - offers[i] for i in growing))
        for i in growing:
            offers[i] += step_a
            left_a -= step_a
        growing = [i for i in growing if tops[i] - offers[i] > 1e-9]
    return offers
