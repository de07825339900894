"""Plugs that show something else than they were told: by a person, or by a power cut.

A person's hand beats the program's; what a power cut has done is put right (docs/decisions/0041).
"""

from __future__ import annotations

from ..measure.readings import LoadReading
from ..memory.hand import UNSEEN
from ..memory.load import LoadMemory
from ..options import Options
from ..site.model import Load
from ..site.modes import MODES

STAYS = 2
"""A plug that was told so often again, and still shows something else, does not follow."""


def is_off(load: Load, reading: LoadReading) -> bool:
    """Whether a person has switched a load off, so that it takes no part until it is on again."""
    return load.kind.switched_by_hand and reading.on is False and not reading.active


def on_by_hand(reading: LoadReading, now: float, options: Options) -> bool:
    """Whether a plug is on although it was switched off 15 s (`not_following_s`) or more ago.

    A plug in mode off is left alone: it never counts.
    """
    if not reading.on or reading.command_a != 0.0 or not MODES[reading.mode].takes:
        return False
    return reading.commanded_at is None or now - reading.commanded_at >= options.not_following_s


def strayed(reading: LoadReading, memory: LoadMemory, now: float, options: Options) -> bool:
    """Whether a plug shows otherwise than it was told, and nobody did that by hand.

    It was told so 15 s (`not_following_s`) or more ago. A plug that is on although it was switched
    off was switched on by a person, or sticks, unless it changed while it could not be seen.
    """
    if reading.on is None or reading.command_a is None or not MODES[reading.mode].takes:
        return False
    if reading.on == (reading.command_a > 0) or (reading.on and memory.hand.how != UNSEEN):
        return False
    return reading.commanded_at is None or now - reading.commanded_at >= options.not_following_s
