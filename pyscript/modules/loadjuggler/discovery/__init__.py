"""Finding what the forms ask for: the entities of a charger, the sensors of a house.

Everything here looks at states of all entities that there are, once, when it is asked; a run only
reads what is wired.
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
