"""The station's own policy while no charging profile is in force: energy cap, price, peak hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@dataclass(frozen=True, slots=True)
class Policy:
    """The station's own rules; what is `None` or empty does not hold.

    `cap_kwh` ends a session at this energy; no charging in hours (0 to 23) whose price is above
    `price_limit`; in the hours of `peaks` (from, to) a car gets the share `peak_share` of what the
    station could give (0: nothing, 0.5: half). Hours are those of `timezone`.
    """

    cap_kwh: float | None = None
    price_limit: float | None = None
    prices: tuple[float, ...] = ()
    peaks: tuple[tuple[int, int], ...] = ()
    peak_share: float = 0.0
    timezone: str = "UTC"

    def __post_init__(self) -> None:
        """Refuse what can't be meant."""
        self.hour(0.0)
        if self.prices and len(self.prices) != 24:
            raise ValueError(f"{len(self.prices)} prices; one for each of the 24 hours is needed")
        if self.price_limit is not None and not self.prices:
            raise ValueError("a price limit needs the prices of the 24 hours")
        if not 0.0 <= self.peak_share <= 1.0:
            raise ValueError(f"a share of {self.peak_share:g} in peak hours is not between 0 and 1")
        for start, end in self.peaks:
            if not (0 <= start <= 24 and 0 <= end <= 24):
                raise ValueError(f"peak hours {start}-{end} are not between 0 and 24")

    def hour(self, now: float) -> int:
        """The hour of the day at `now` (epoch s); raises ValueError without such a time zone."""
        try:
            # UTC is known also where a machine has no list of time zones.
            zone = UTC if self.timezone == "UTC" else ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, OSError) as error:
            raise ValueError(f"no time zone {self.timezone!r} on this machine") from error
        return datetime.fromtimestamp(now, zone).hour


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the policy says: the share of the station's current (0 to 1), and why.

    `ends`: the session ends. Without a reason nothing holds the car back.
    """

    share: float = 1.0
    ends: bool = False
    reason: str = ""


FREE = Verdict()


def judge(policy: Policy, now: float, energy_wh: float) -> Verdict:
    """The verdict at `now` (epoch s) for a session that has taken `energy_wh`.

    Cap, then price, then peak hours: the first that holds something back decides.
    """
    hour = policy.hour(now)
    if policy.cap_kwh is not None and energy_wh >= policy.cap_kwh * 1000.0:
        return Verdict(0.0, True, f"energy cap: {energy_wh / 1000:.2f} of {policy.cap_kwh:g} kWh")
    if policy.price_limit is not None and policy.prices[hour] > policy.price_limit:
        price = policy.prices[hour]
        return Verdict(0.0, False, f"price: {price:g} > {policy.price_limit:g} at {hour}:00")
    for start, end in policy.peaks:
        if _within(hour, start, end):
            share = policy.peak_share
            return Verdict(share, False, f"peak hours {start}-{end}: {share:.0%} of the current")
    return FREE


def _within(hour: int, start: int, end: int) -> bool:
    """`hour` is in [start, end), which may go over midnight (22 to 6)."""
    if start <= end:
        return start <= hour < end
    return hour >= start or hour < end
