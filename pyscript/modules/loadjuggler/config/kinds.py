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
from ..loads.kinds import KINDS_OF_LOADS

__all__ = ["KINDS", "NOT_WIRED", "Field", "Kind", "Section"]


KINDS: Mapping[str, Kind] = {
    form.name: form
    for form in (SITE, CIRCUIT_FORM, *(kind.form for kind in KINDS_OF_LOADS.values()))
}
