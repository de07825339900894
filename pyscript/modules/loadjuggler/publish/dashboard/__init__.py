"""A dashboard for the wired loads, made of Home Assistant's own cards, to be pasted.

There are cards only for entities that exist, and newer cards only for a Home Assistant that has
them (docs/decisions/0024).
"""

from __future__ import annotations

from .looks import Looks
from .view import dashboard, made

__all__ = ["Looks", "dashboard", "made"]
