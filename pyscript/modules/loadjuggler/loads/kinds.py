"""The kinds of loads: one for each folder of `loads/`."""

from __future__ import annotations

from collections.abc import Mapping

from .kind import KindOfLoad
from .number import NUMBER_KIND
from .ocpp import OCPP_KIND
from .plug import PLUG_KIND

KINDS_OF_LOADS: Mapping[str, KindOfLoad] = {
    kind.form.name: kind for kind in (OCPP_KIND, NUMBER_KIND, PLUG_KIND)
}
"""By the name of the form, which is also `Capabilities.name`.

If two forms contradict each other, that of the earlier kind in this list stays in force.
"""
