"""What a load draws by its own reports, and which legs it uses."""

from __future__ import annotations

from dataclasses import dataclass

from ..records import quick, replace
from .serialise import not_after
from .times import CLOCK_SLACK_S, At

ByLeg = tuple[tuple[str, float], ...]
"""A by leg, in the order of the legs; for a plug its power in W under the key ""."""

REPORTS = 10
"""The last 10 different reports of a load are kept. That is more than come between two reports of a
meter, with which they are compared (docs/decisions/0012)."""

DELAYS = 5
"""A load's last 5 delays are kept: their median is usual, the longest is the most."""

ABOUT_A = 0.3
"""A report that differs from the last one by at most 0.3 A on every leg counts as the same."""

Level = tuple[float, At, At]
"""A total of all legs in A, and when it was first and last reported (epoch s)."""

Grown = tuple[tuple[float, At], ...]
"""The last steps of an energy: (value in its own unit, since when it was shown, epoch s)."""

LAST_S = 10.0
"""The last report of a session may come this long, s, after the status that ends it, and a car that
is told to stop may draw for as long."""

SAMPLES = 5
"""A plug's usual power is the mean of its last 5 readings (docs/product.md section 2)."""


@quick
@dataclass(frozen=True, slots=True)
class Heard:
    """What has to be remembered to tell the age of what is said of a draw (docs/decisions/0029).

    - `quiet_at`: since when its status, or the state of its current, says that nothing flows.
    - `shows`, `same_at`: the amounts that are said beside that, and since when they are the same.
    - `old`: they were found to be older than that. `left_at`: since when the status lets it draw
      again.
    - `doubt_at`: since when its power has said more than its current.
    - `levels`: the last two levels of its total, where it is not known on which legs it draws.
    - `grown`: the last four steps of its energy while its current and power say nothing.

    Changed only by its own methods.
    """

    quiet_at: At | None = None
    shows: tuple[float, ...] | None = None
    same_at: At | None = None
    old: bool = False
    left_at: At | None = None
    doubt_at: At | None = None
    levels: tuple[Level, ...] = ()
    grown: Grown = ()

    def growing(self, grown: Grown) -> Heard:
        """The last steps of its energy are these."""
        return self if grown == self.grown else replace(self, grown=grown)

    def just_quiet(self, now: float) -> bool:
        """Whether it said less than 10 s before `now` that nothing flows, so it may be stopping."""
        return self.quiet_at is not None and 0.0 <= now - self.quiet_at < LAST_S

    def doubted(self, since: float | None) -> Heard:
        """Its power has said more than its current since then; `None`: it does not."""
        return self if since == self.doubt_at else replace(self, doubt_at=since)

    def with_levels(self, levels: tuple[Level, ...]) -> Heard:
        """The last levels of its total are these."""
        return self if levels == self.levels else replace(self, levels=levels)

    def quiet(self, since: float, shows: tuple[float, ...], same_at: float, *, old: bool) -> Heard:
        """Nothing flows by its status since then; `shows` has been the same since `same_at`."""
        return Heard(since, shows, same_at, old, None, self.doubt_at, self.levels, self.grown)

    def leaving(self, since: float) -> Heard:
        """Its status lets it draw again since then, but it shows what was old before."""
        return self if self.left_at is not None else replace(self, left_at=since)

    def heeded(self) -> Heard:
        """What it shows counts as it is."""
        if self.quiet_at is None:
            return self
        return Heard(doubt_at=self.doubt_at, levels=self.levels, grown=self.grown)


NOTHING_HEARD = Heard()


@quick
@dataclass(frozen=True, slots=True)
class Draws:
    """The reports of a load, and the legs that were found to draw.

    - `by_leg`: the last report, made `at`. At `seen_at` its entity last had a usable value.
    - `earlier`: the reports before it, the oldest first, as (epoch s, A by leg). Of several that
      are the same only the first is kept.
    - `legs`: the legs that the car was measured to use; `None`: all that are wired.
    - `fewer_at`: since when it draws on fewer legs than `legs`.
    - `samples_w`: a plug's last readings of its power, in W.
    - `delays_s`: how long it took to obey its last cuts, s: (later than, by). `learned_at`: when
      the last of these cuts was sent.
    - `apart`: the least and the most that it may draw by leg, where its sensors leave that open;
      `by_leg` is what is likely then. `None`: `by_leg` is what it draws.
    - `proven`: it is known which legs it uses although its sensors do not say it.
    - `heard`: what has to be remembered to tell the age of what is said.

    Changed only by its own methods.
    """

    by_leg: ByLeg | None = None
    at: At | None = None
    seen_at: At | None = None
    earlier: tuple[tuple[At, ByLeg], ...] = ()
    legs: tuple[str, ...] | None = None
    fewer_at: At | None = None
    samples_w: tuple[float, ...] = ()
    delays_s: tuple[tuple[float, float], ...] = ()
    learned_at: At | None = None
    apart: tuple[ByLeg, ByLeg] | None = None
    proven: bool = False
    heard: Heard = NOTHING_HEARD

    def obeyed(self, told_at: float, after_s: float, by_s: float) -> Draws:
        """The cut of `told_at` (epoch s) was obeyed later than `after_s`, and by `by_s` (s)."""
        delays_s = (*self.delays_s, (after_s, by_s))[-DELAYS:]
        return replace(self, delays_s=delays_s, learned_at=told_at)

    def reported(
        self,
        by_leg: ByLeg,
        at: float,
        now: float,
        apart: tuple[ByLeg, ByLeg] | None = None,
        heard: Heard = NOTHING_HEARD,
    ) -> Draws:
        """A report of `by_leg`, made `at`, is read `now`, with its bounds and what was heard."""
        earlier = self.earlier
        if self.by_leg is not None and self.at is not None and self.at != at:
            last = earlier[-1][1] if earlier else ()
            if not _about_the_same(last, self.by_leg):
                earlier = (*earlier, (self.at, self.by_leg))[-REPORTS:]
        # By position, in the order of the fields: every load does this in every run.
        return Draws(
            by_leg,
            at,
            now,
            earlier,
            self.legs,
            self.fewer_at,
            self.samples_w,
            self.delays_s,
            self.learned_at,
            apart,
            self.proven,
            heard,
        )

    def hearing(self, heard: Heard) -> Draws:
        """This was heard, without a report."""
        return replace(self, heard=heard)

    def sampled(self, power_w: float) -> Draws:
        """A plug was measured at `power_w`."""
        return replace(self, samples_w=(*self.samples_w, power_w)[-SAMPLES:])

    def on_legs(self, legs: tuple[str, ...] | None, *, proven: bool = False) -> Draws:
        """The car was found to use `legs`; `None`: it may use all that are wired.

        `proven`: that is known although its sensors do not say it; then `None` are all of them.
        """
        return replace(self, legs=legs, fewer_at=None, proven=proven)

    def on_fewer(self, since: float | None) -> Draws:
        """The car draws on fewer legs than `legs` since then; `None`: it does not."""
        return replace(self, fewer_at=since)

    def not_after(self, now: float) -> Draws:
        """The same after a clock was set back: reports from the future are dropped."""
        ahead = any(at > now + CLOCK_SLACK_S for at, _ in self.earlier)
        return not_after(replace(self, earlier=()) if ahead else self, now)


def _about_the_same(one: ByLeg, two: ByLeg) -> bool:
    """Whether two reports have the same legs, and on each the same current within `ABOUT_A`."""
    if len(one) != len(two):
        return False
    pairs = zip(one, two, strict=True)
    return all(a == b and abs(x - y) <= ABOUT_A for (a, x), (b, y) in pairs)
