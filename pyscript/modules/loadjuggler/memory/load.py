"""What is remembered of a load: twelve frozen records, each changed only by its own methods.

A module that has something to remember asks the record for its next value and puts that into a new
memory: `replace(memory, delays=memory.delays.started(now))`.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..records import quick, replace
from .chosen import Chosen
from .drawn import NOTHING_HEARD, ByLeg, Draws, Heard
from .habits import Habits
from .hand import Hand
from .timers import Compliance, Delays, Pacing, Phases, Utilisation
from .told import Calls, Command, Delivered, Profiles

# A load that was never seen has these.
NEW_COMMAND = Command()
NEW_PROFILES = Profiles()
NEW_CALLS = Calls()
NEW_DRAWS = Draws()
NEW_PHASES = Phases()
NEW_CHOSEN = Chosen()
NEW_DELAYS = Delays()
NEW_PACING = Pacing()
NEW_UTILISATION = Utilisation()
NEW_COMPLIANCE = Compliance()
NEW_HABITS = Habits()
NEW_HAND = Hand()


@quick
@dataclass(frozen=True, slots=True)
class LoadMemory:
    """What is remembered of a load.

    - `command`: the command that it holds.
    - `profiles`: what an OCPP charger holds beside the command, and what it can do.
    - `calls`: when calls were made, and how they ended.
    - `draws`: what it reports, and which legs it uses.
    - `phases`: a change between one phase and three that is under way.
    - `chosen`: its mode, a boost, a person's pause.
    - `delays`: when it started and stopped, and why.
    - `pacing`: when it was raised, and small changes that wait.
    - `utilisation`: whether it takes what it may.
    - `compliance`: whether it follows its command.
    - `habits`: what it was seen to do with its commands.
    - `hand`: what its own switch shows, and who made it so.
    """

    command: Command = NEW_COMMAND
    profiles: Profiles = NEW_PROFILES
    calls: Calls = NEW_CALLS
    draws: Draws = NEW_DRAWS
    phases: Phases = NEW_PHASES
    chosen: Chosen = NEW_CHOSEN
    delays: Delays = NEW_DELAYS
    pacing: Pacing = NEW_PACING
    utilisation: Utilisation = NEW_UTILISATION
    compliance: Compliance = NEW_COMPLIANCE
    habits: Habits = NEW_HABITS
    hand: Hand = NEW_HAND

    def command_a(self, transaction: int | None) -> float | None:
        """A per leg that it holds during `transaction`; `None`: it was never told anything."""
        return self.command.in_force_a(transaction)

    def reported(
        self,
        by_leg: ByLeg,
        at: float,
        now: float,
        apart: tuple[ByLeg, ByLeg] | None = None,
        heard: Heard = NOTHING_HEARD,
    ) -> LoadMemory:
        """A report of A by leg (a plug's W under ""), made `at`, is read `now`; see `Draws`."""
        draws = self.draws.reported(by_leg, at, now, apart, heard)
        # Every load does this in every run; like this it takes half of the time of `replace`.
        return LoadMemory(
            self.command,
            self.profiles,
            self.calls,
            draws,
            self.phases,
            self.chosen,
            self.delays,
            self.pacing,
            self.utilisation,
            self.compliance,
            self.habits,
            self.hand,
        )

    def hearing(self, heard: Heard) -> LoadMemory:
        """What has to be remembered of what was heard, without a report."""
        return replace(self, draws=self.draws.hearing(heard))

    def told_default(self, amps: float) -> LoadMemory:
        """`amps` (A per leg) were sent as the command that holds outside of a transaction."""
        return replace(self, command=self.command.told_default(amps))

    def told_session(
        self, amps: float, transaction: int, renewed_at: float | None = None
    ) -> LoadMemory:
        """`amps` (A per leg) were sent for `transaction`.

        The command runs out `Options.profile_s` after `renewed_at`; `None`: it never does.
        """
        command = self.command.told_session(amps, transaction)
        return replace(self, command=command, profiles=self.profiles.renewed(renewed_at))

    def without_session(self) -> LoadMemory:
        """The transaction has ended, and with it everything that was told for it."""
        command, profiles = self.command.without_session(), self.profiles.without_layers()
        return replace(self, command=command, profiles=profiles)

    def resting(self) -> LoadMemory:
        """The load is not managed for a while: only what a person chose counts when it is back."""
        return LoadMemory(chosen=self.chosen)

    def unknown(self) -> LoadMemory:
        """What a charger holds is not known any more: it was cleared, or it restarted."""
        command, profiles = self.command.unknown(), self.profiles.without_layers()
        return replace(self, command=command, profiles=profiles)

    def delivered(self, what: Delivered) -> LoadMemory:
        """The call that tells `what` went through; a newer call may still be under way."""
        return replace(self, command=self.command.delivered(what), calls=self.calls.went_through())

    def not_delivered(self, what: Delivered, error: str) -> LoadMemory:
        """The call that tells `what` failed. The last command holds, unless a newer call is out."""
        failed = self._failed(error)
        return replace(failed, command=self.command.not_delivered(what))

    def aside_failed(self, slot: str, error: str) -> LoadMemory:
        """A call failed that tells no current: it wrote the safe layer, switched, or cleared."""
        failed = self._failed(error)
        if slot == "switch":
            return replace(failed, command=self.command.paused(not self.command.off))
        if slot == "clear":
            return replace(failed, profiles=failed.profiles.taken(over=False))
        return failed

    def aside_delivered(self) -> LoadMemory:
        """A call that tells no current went through.

        That ends a series of failures, unless the command that was sent with it has failed.
        """
        if self.command.before is not None or self.calls.just_failed:
            return self
        return replace(self, calls=self.calls.went_through())

    def _failed(self, error: str) -> LoadMemory:
        """A call failed: whether the safe layer is there, and until when, is not known any more."""
        profiles, calls = self.profiles.without_layers(), self.calls.failed(error)
        return replace(self, profiles=profiles, calls=calls)

    def falls_to_a(self, transaction: int, now: float, missed_s: float) -> float:
        """A per leg that a charger may take because its command in `transaction` was not renewed.

        That is its safe layer once the last renewal is `missed_s` old; before that 0 A.
        """
        command, profiles = self.command, self.profiles
        if not command.tx or command.tx != transaction:
            return 0.0
        if profiles.safe_a is None or profiles.renewed_at is None:
            return 0.0
        return profiles.safe_a if not 0 <= now - profiles.renewed_at < missed_s else 0.0


NOTHING_KNOWN = LoadMemory()
"""The memory of a load that was never seen."""
