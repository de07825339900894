"""What is tried with an OCPP charger that does not follow: ask it, clear its profiles, restart it.

`control.compliance` says which step is due; a command goes out after each of them. Source:
docs/product.md section 6.
"""

from __future__ import annotations

from ...calls import ASK, CLEAR, RESET, SAFE
from ...measure.readings import LoadReading
from ...memory.load import LoadMemory
from ...records import replace
from ...site.controls import OcppControl
from ...site.model import Load
from ..kind import Calls
from . import make
from .drive import safe_level


def remedy(
    load: Load, control: OcppControl, reading: LoadReading, memory: LoadMemory, step: str
) -> tuple[Calls, LoadMemory]:
    """The calls of a `step` with a charger that does not follow, and the memory of them.

    - ASK: it is asked for a report of its meter values.
    - CLEAR: its safe default is written, then all its profiles are cleared. The integration clears
      all of OCPP 1.6 at once, the safe default included, so the command must follow.
    - RESET: it is restarted by its button. After that nothing is known of its profiles.
    """
    if not reading.connected:
        return (), memory
    forgot = memory.unknown()
    if step == ASK:
        data = {"devid": control.called, "requested_message": "MeterValues"}
        return (make.aside(load, "ocpp", "trigger_custom_message", data, step),), memory
    if step == CLEAR:
        # Clearing takes this default away again, so that it went through ends nothing: it is only
        # there in case clearing fails, and goes out as a call that tells no amount.
        default, _ = safe_level(load, control, reading, forgot)
        safe = None if default is None else replace(default, slot=SAFE)
        clear = make.aside(load, "ocpp", "clear_profile", {"devid": control.called}, step)
        forgot = replace(forgot, profiles=forgot.profiles.taken(over=True))
        return tuple(call for call in (safe, clear) if call), forgot
    if step == RESET:
        button = {"entity_id": load.reset_button}
        forgot = replace(forgot, profiles=forgot.profiles.asked_unit(None).asked_levels(None))
        return (make.aside(load, "button", "press", button, step),), forgot
    return (), memory
