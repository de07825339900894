"""The fields of every form, as data: name, type, unit, range, default, and what people read.

`contract` reads forms by this table; `script/generate` writes the blueprints, the descriptions
of the register services and docs/blueprints.md from it.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..forms.circuit import CIRCUIT_FORM
from ..forms.common import NOT_WIRED
from ..forms.field import Field, Kind, Section
from ..forms.site import SITE
from ..loads.number.form import NUMBER_CHARGER
from ..loads.ocpp.form import CHARGER
from ..loads.plug.form import PLUG

__all__ = ["KINDS", "NOT_WIRED", "Field", "Kind", "Section"]


KINDS: Mapping[str, Kind] = {
    kind.name: kind for kind in (SITE, CIRCUIT_FORM, CHARGER, NUMBER_CHARGER, PLUG)
}
