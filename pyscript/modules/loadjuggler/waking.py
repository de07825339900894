"""What a memory is worth after a restart: settings and commands stay, meters must be seen anew.

Source: docs/product.md section 6. No command goes out before the meters above a load have been
read once since the start, and a value of before the restart does not stand in for them.
"""

from __future__ import annotations

from dataclasses import replace

from .memory import Memory
from .model import Site


def woken(memory: Memory, site: Site | None) -> Memory:
    """`memory` as the first run after a restart needs it: without what meters and sources said."""
    unheard = set(site.sources()) if site else set()
    for circuit in site.circuits.values() if site else ():
        unheard.update(entity for _, entity in (circuit.meter.entities if circuit.meter else ()))
    kept = {key: value for key, value in memory.held.items() if key not in unheard}
    return replace(
        memory,
        held=kept,
        peaks={},
        silent={},
        smooth_raise=None,
        smooth_cut=None,
        woke_at=None,
    )
