"""Finds what forms need: the entities of a charger, the sensors of a house.

All of this looks at the states of all entities, which takes as long as ten runs. So it is done when
a form is registered, when a service asks for suggestions, and while something is missing; a run
reads only the entities that are wired.
"""

from __future__ import annotations

from . import roles
from .charge_points import charge_points
from .charger import ChargerEntities, find_charger
from .forms import find_for_form, found_and_missing
from .newcomers import Newcomers
from .search import Search
from .suggest import suggest

__all__ = [
    "ChargerEntities",
    "Newcomers",
    "Search",
    "charge_points",
    "find_charger",
    "find_for_form",
    "found_and_missing",
    "roles",
    "suggest",
]
