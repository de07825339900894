"""The fields of every form, as data: name, type, unit, range, default, and what people read.

`parse` reads forms by this table; `runtime.services` describes the services that take in forms
from it, and `script/generate` writes the blueprints and docs/blueprints.md.
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
