"""What the meters of a simulated house show: late, as a mean, with noise, in steps, and wrongly.

The order is that of a real meter: its clamps are on the phases on which mistakes have put them; it
averages, adds noise, rounds, and reports late.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from .mistakes import NONE, Mistakes
from .physics import Amps


@dataclass(slots=True)
class Metering:
    """Meters that show the mean of `mean_s`, `lag_s` late, in steps of `step_a` (0: exactly).

    `noise_a` is the standard deviation of what each value is off by. Call `note` when flows change.
    """

    step_a: float = 0.0
    lag_s: float = 0.0
    mean_s: float = 0.0
    noise_a: float = 0.0
    mistakes: Mistakes = NONE
    _past: deque[tuple[float, Mapping[str, Amps]]] = field(default_factory=deque)

    def note(self, now: float, meters: Mapping[str, Amps]) -> None:
        """Take note of what flows through each breaker from `now` on."""
        if self._past and self._past[-1][0] == now:
            self._past.pop()
        self._past.append((now, meters))
        oldest = now - self.lag_s - self.mean_s
        while len(self._past) > 1 and self._past[1][0] <= oldest:
            self._past.popleft()

    def shown(self, circuit: str, now: float) -> Amps:
        """A by phase that the meter of `circuit` shows at `now`."""
        amps = self.mistakes.shown(circuit, self._flowed(circuit, now - self.lag_s))
        if self.noise_a:
            chance = random.Random(f"{circuit} {now}")
            amps = {phase: a + chance.gauss(0.0, self.noise_a) for phase, a in amps.items()}
        return {phase: self.rounded(a) for phase, a in amps.items()}

    def rounded(self, amps: float) -> float:
        """`amps` in the meter's steps."""
        return round(round(amps / self.step_a) * self.step_a, 6) if self.step_a else amps

    def _flowed(self, circuit: str, until: float) -> Amps:
        """Mean A by phase over the last `mean_s` until then; as if what flowed first always had."""
        first = self._past[0][1][circuit]
        if not self.mean_s:
            return next((m[circuit] for at, m in reversed(self._past) if at <= until), first)
        since, sums = until - self.mean_s, dict.fromkeys(first, 0.0)
        ends = [*[at for at, _ in self._past][1:], float("inf")]
        begins = [float("-inf"), *ends[:-1]]
        for (_, meters), begin, end in zip(self._past, begins, ends, strict=True):
            share = max(min(end, until) - max(begin, since), 0.0) / self.mean_s
            if share:
                for phase, a in meters[circuit].items():
                    sums[phase] += a * share
        return sums
