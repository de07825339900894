"""The fields of every form, as data: name, type, unit, range, default, and what people read.

`contract` reads forms by this table; `script/generate` writes the blueprints, the descriptions
of the register services and docs/blueprints.md from it.
"""

from __future__ import annotations

from collections.abc import Mapping

from .charger import CHARGER
from .circuit import CIRCUIT_FORM
from .loads import NOT_WIRED
from .number_charger import NUMBER_CHARGER
from .plug import PLUG
from .site import SITE
from .table import Field, Kind, Section

__all__ = ["KINDS", "NOT_WIRED", "Field", "Kind", "Section"]

KINDS: Mapping[str, Kind] = {
    kind.name: kind for kind in (SITE, CIRCUIT_FORM, CHARGER, NUMBER_CHARGER, PLUG)
}
