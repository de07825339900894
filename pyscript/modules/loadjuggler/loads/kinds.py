"""The kinds of loads that there are: one row for each folder."""

from __future__ import annotations

from collections.abc import Mapping

from .kind import KindOfLoad
from .number import NUMBER_KIND
from .ocpp import OCPP_KIND
from .plug import PLUG_KIND

KINDS_OF_LOADS: Mapping[str, KindOfLoad] = {
    kind.form.name: kind for kind in (OCPP_KIND, NUMBER_KIND, PLUG_KIND)
}
"""By the name of the form, which is that of the capabilities, too.

Where two forms contradict each other, that of an earlier kind stays in force.
"""
