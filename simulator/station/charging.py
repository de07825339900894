"""Charging as a station does it: what each plug offers, its sessions, its meter.

The time is given. What there is to tell the central system is put into `out`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from simulator import ocpp as profiles

from .cars import energy_wh
from .connector import Connector, Hold, Wish, split
from .kinds import StationKind
from .messages import Metered, Outbox, Sample, Session, Start, Status, Stop
from .policy import judge
from .record import Listener, Record
from .stack import Stack

STEP_S = 1.0
MOST_STEPS = 3600
NOTHING = (0.0, 0.0, 0.0)
UNANSWERED = -1
"""The number of a transaction that the central system has not answered yet."""


class Charging:
    """The plugs of a station of a kind, and what they may take."""

    def __init__(
        self, name: str, kind: StationKind, now: float, listener: Listener | None = None
    ) -> None:
        self.name = name
        self.kind = kind
        self.connectors = {
            n: Connector(n, phases=kind.phases) for n in range(1, kind.connectors + 1)
        }
        units = ("W",) if kind.faults.watts_only else ("A", "W")
        self.stack = Stack(
            profiles.Capabilities(
                connectors=kind.connectors,
                phases=kind.phases,
                voltage_v=kind.voltage_v,
                max_a=kind.max_a,
                units=units,
                switches_phases=kind.switches_phases,
            )
        )
        self.stack.ignored = kind.faults.ignore
        self.record = Record(name, listener)
        self.out = Outbox()
        self.operative = True
        self.transactions = kind.transactions
        self.wish_s = 60.0  # ConnectionTimeOut
        self.changed = False  # something that must survive a restart
        self._at = now
        self._draws: dict[int, tuple[float, float, float]] = {}

    def advance(self, now: float) -> None:
        """Time passes until `now`: each second meters run, and all is decided anew."""
        gap_s = now - self._at
        if gap_s <= 0.0:
            return
        steps = min(max(round(gap_s / STEP_S), 1), MOST_STEPS)
        for _ in range(steps):
            self._account(gap_s / steps)
            self._at += gap_s / steps
            self._decide(self._at)
        self._at = now

    def sample(self, connector: int, now: float, context: str = "Sample.Periodic") -> Sample:
        """Read a connector's meter, after asking for the limit in force, and report it."""
        self.advance(now)
        self._decide(now)
        plug = self.connectors[connector]
        sample = plug.sample(now, self.kind.voltage_v)
        if context != "Sample.Clock":
            plug.sampled_at = now
        session = plug.session if plug.session and plug.session.opened else None
        self.out.append(Metered(sample, session, context))
        self.record.counts.samples += 1
        hold = plug.hold
        self.record.tell(
            "sample",
            now,
            connector=connector,
            amps=[round(a, 2) for a in sample.current_a],
            offered=round(plug.offer_a, 2),
            limit=hold.limit_a,
            by=list(hold.by),
            reason=hold.reason,
            status=plug.status,
            energy_wh=round(plug.energy_wh, 1),
            soc=None if sample.soc_pct is None else round(sample.soc_pct, 2),
        )
        return sample

    def running(self) -> dict[int, profiles.Transaction]:
        """The transaction at each connector that has one."""
        return {
            n: self._transaction(plug, plug.session)
            for n, plug in self.connectors.items()
            if plug.session is not None and plug.session.opened
        }

    def stop(self, connector: int, reason: str, now: float) -> None:
        """End the session at a connector."""
        self.advance(now)
        plug = self.connectors[connector]
        session = plug.session
        if session is None:
            return
        if session.opened:
            self.out.append(Stop(connector, session, now, plug.register_wh, reason))
            self.stack.ended(connector, self._number(session))
        self.record.say(
            now, f"connector {connector}: session ends ({reason}), {plug.energy_wh:.0f} Wh"
        )
        self.record.tell(
            "stop", now, connector=connector, reason=reason, energy_wh=round(plug.energy_wh, 1)
        )
        plug.session, plug.wish, plug.done, plug.hold = None, None, True, Hold()
        self.changed = True
        plug.offer(0.0, now)
        self._settle(plug, now)
        self._decide(now)

    def set_profile(self, connector: int, data: Mapping[str, Any], now: float) -> str:
        """Install a charging profile; "Accepted" or "Rejected". Raises profiles.Invalid."""
        self.advance(now)
        answer, why = self.stack.set(connector, data, now, self.running())
        self.changed = True
        counts = self.record.counts
        number = int(data.get("chargingProfileId", 0))
        if answer == "Accepted":
            counts.profiles_accepted += 1
            effect = self.record.effect(number)
            effect.accepted += 1
            effect.purpose = str(data.get("chargingProfilePurpose", ""))
            effect.level = int(data.get("stackLevel", 0))
            effect.connector = connector
        else:
            counts.profiles_rejected += 1
        self.record.say(
            now,
            f"connector {connector}: profile {number} {answer.lower()}" + (why and f": {why}"),
        )
        self.record.tell("profile", now, connector=connector, profile=number, answer=answer)
        self._decide(now)
        return answer

    def _number(self, session: Session) -> int:
        return UNANSWERED if session.transaction is None else session.transaction

    def _transaction(self, plug: Connector, session: Session) -> profiles.Transaction:
        return profiles.Transaction(self._number(session), session.started_at, plug.used_phases)

    def _begin(self, plug: Connector, wish: Wish, now: float) -> None:
        """A session begins, with the profile that came with its remote start."""
        session = Session(wish.tag, now, plug.register_wh, opened=self.transactions)
        plug.session, plug.wish = session, None
        self.record.counts.sessions += 1
        self.changed = True
        self.record.say(now, f"connector {plug.number}: session begins for {wish.tag}")
        if session.opened:
            self.out.append(Start(plug.number, session))
        if wish.profile is not None:
            self.set_profile(plug.number, wish.profile, now)
        plug.sampled_at = None

    def _decide(self, now: float) -> None:
        """What each connector offers now, and its status."""
        for plug in self.connectors.values():
            if plug.wish is not None and plug.wish.until < now:
                self.record.say(now, f"connector {plug.number}: nobody plugged in")
                plug.wish = None
            if plug.car is None or plug.session is not None or plug.wish is None:
                continue
            hold = self._hold(plug, now, self.running())
            if not hold.reason or (hold.limit_a or 0.0) >= self.kind.min_a:
                self._begin(plug, plug.wish, now)
            elif plug.hold != hold:
                self.record.say(now, f"connector {plug.number}: waits: {hold.reason}")
                plug.hold = hold
        self._share(now)
        self._tell_draws(now)

    def _tell_draws(self, now: float) -> None:
        """Tell what a connector takes, A per phase, as soon as that is something else."""
        for plug in self.connectors.values():
            amps = plug.per_phase_a()
            if amps != self._draws.get(plug.number, NOTHING):
                self._draws[plug.number] = amps
                told = [round(a, 2) for a in amps]
                self.record.tell("draw", now, connector=plug.number, amps=told)

    def _share(self, now: float) -> None:
        running = self.running()
        active = sorted(
            (p for p in self.connectors.values() if p.session is not None and p.car is not None),
            key=lambda p: (p.session.started_at if p.session else 0.0, p.number),
        )
        holds = [self._hold(plug, now, running) for plug in active]
        most = self.kind.max_a
        ceilings = [most if h.limit_a is None else min(h.limit_a, most) for h in holds]
        wants = [p.car.wants_a() if p.car else 0.0 for p in active]
        # One alone has the whole of what is for all of them already in its own limit.
        whole = self.stack.hold(0, now, running) if len(active) > 1 else Hold()
        offers = split(ceilings, wants, whole.limit_a, self.kind.min_a)
        for plug, own, offer_a, ceiling_a, wants_a in zip(
            active, holds, offers, ceilings, wants, strict=True
        ):
            hold = own
            if whole.limit_a is not None and offer_a < min(ceiling_a, wants_a):
                hold = Hold(offer_a, whole.phases, whole.by)
            self._note(plug, hold, now)
            plug.switched = hold.phases if self.kind.switches_phases else self.kind.phases
            plug.offer(offer_a, now)
            self._settle(plug, now)
            if hold.ends:
                self.stop(plug.number, "Local", now)

    def _hold(
        self, plug: Connector, now: float, running: Mapping[int, profiles.Transaction]
    ) -> Hold:
        """What limits a connector: its profiles; where none says anything, the policy.

        A station that can't switch phases keeps to the power of a profile for fewer phases than
        the car uses: the standard leaves that open, and so neither limit is exceeded.
        """
        hold = self.stack.hold(plug.number, now, running, as_if_started=plug.session is None)
        if hold.limit_a is not None:
            few, used = hold.phases, plug.used_phases
            if few < used and not self.kind.switches_phases:
                return replace(hold, limit_a=hold.limit_a * few / used)
            return hold
        verdict = judge(self.kind.policy, now, plug.energy_wh)
        if not verdict.reason:
            return hold
        most_a = self.kind.max_a * verdict.share
        return Hold(most_a, reason=verdict.reason, ends=verdict.ends)

    def _note(self, plug: Connector, hold: Hold, now: float) -> None:
        """Put a limit that has changed into the log."""
        if hold == plug.hold:
            return
        if hold.limit_a is None:
            text = "no limit any more"
        else:
            by = hold.reason or "profile " + ", ".join(map(str, hold.by))
            text = f"{hold.limit_a:.1f} A by {by}"
            self.record.counts.enforced += 1
        self.record.say(now, f"connector {plug.number}: {text}")
        self.record.tell(
            "limit", now, connector=plug.number, limit=hold.limit_a, by=list(hold.by),
            reason=hold.reason,
        )  # fmt: skip
        plug.hold = hold

    def _settle(self, plug: Connector, now: float) -> None:
        """The status that fits, reported if it is another one."""
        if plug.session is None or plug.car is None:
            status = plug.resting_status()
        elif plug.car.full:
            status = "SuspendedEV"
        elif plug.offer_a == 0.0:
            status = "SuspendedEVSE"
        else:
            status = "Charging" if plug.car.wants_a() else "SuspendedEV"
        if status != plug.status:
            plug.status = status
            self.out.append(Status(plug.number, status, now))
            self.record.tell("status", now, connector=plug.number, status=status)

    def _account(self, seconds: float) -> None:
        """Meters run for `seconds` with what was decided, and each profile is credited."""
        counts = self.record.counts
        for plug in self.connectors.values():
            if plug.session is None or plug.car is None:
                continue
            plug.follow(self._at)
            wants_a = min(plug.car.wants_a(), self.kind.max_a)
            counts.energy_wh += plug.pass_time(seconds, self.kind.voltage_v)
            hold = plug.hold
            if hold.limit_a is None:
                continue
            held_a = max(wants_a - plug.offer_a, 0.0)
            held_wh = energy_wh((held_a,) * plug.used_phases, self.kind.voltage_v, seconds)
            if hold.reason:
                counts.policy_s += seconds if held_a else 0.0
                continue
            if held_a:
                counts.enforced_s += seconds
                counts.held_back_wh += held_wh
            for number in hold.by:
                effect = self.record.effect(number)
                effect.in_force_s += seconds
                effect.binding_s += seconds if held_a else 0.0
                effect.held_back_wh += held_wh / len(hold.by)
