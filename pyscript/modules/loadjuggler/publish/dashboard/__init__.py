"""A dashboard of the loads that are wired, from Home Assistant's own cards.

`dashboard` gives it as YAML text, ready to be pasted. Nothing is drawn for what is not there: a
card stands for an entity that is published or wired, and newer cards only where the Home Assistant
that asks knows them.
"""

from __future__ import annotations

from .looks import Looks
from .view import dashboard, made
from .yaml_text import to_yaml

__all__ = ["Looks", "dashboard", "made", "to_yaml"]
