"""Faults of a simulated house: what can fail (`kinds`), and a house in which it does (`faulty`)."""

from .faulty import FaultyHouse, FaultyLiving
from .kinds import KINDS, Fault, target_of

__all__ = ["KINDS", "Fault", "FaultyHouse", "FaultyLiving", "target_of"]
