"""Who has switched a load: a person, a power cut, or we ourselves (docs/decisions/0041)."""

from __future__ import annotations

from ..measure.lookup import Sensing
from ..memory.load import LoadMemory
from ..records import replace


def by_whom(
    at: Sensing, entity: str, on: bool | None, told_on: bool | None, memory: LoadMemory
) -> LoadMemory:
    """The memory with what the switch `entity` shows, `on` (`None`: nothing), and who made it so.

    It was told `told_on` (`None`: nothing). A change is no person's if the entity was not there
    before it, or this is the first run after a start; if its context is one of ours; if it may be
    the late echo of a command that was replaced within 15 s (`not_following_s`); or if a meter of
    the house has just been lost: then the power may have failed.
    """
    before = memory.hand.unseen() if at.memory.woke_at == at.now else memory.hand
    state = at.snapshot.get(entity)
    echo_s, lost_s = at.options.not_following_s, at.options.hold_s
    ours = state is not None and state.by_us
    echo = any((a > 0) == on and at.now - end < echo_s for a, end in memory.calls.replaced)
    lost = any(at.now - since <= lost_s for since in at.silent.values())
    hand = before.shows(on, told_on, ours or echo or lost, at.now)
    return memory if hand is memory.hand else replace(memory, hand=hand)


def told_on(memory: LoadMemory) -> bool | None:
    """Whether a plug was told to be on; `None`: it was never told anything."""
    told_a = memory.command.default_a
    return None if told_a is None else told_a > 0
