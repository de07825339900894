"""A reason by its code, as automations see it."""

from __future__ import annotations

from collections.abc import Mapping

from loadjuggler.reasons import Outcome, Reason, RowKind

OF_ROWS = {
    Reason(limits=kind, outcome=outcome).code: (kind, outcome)
    for kind in reversed(RowKind)  # "grace" is of the sun before it is of the inverter
    for outcome in Outcome
}


def coded(code: str, numbers: Mapping[str, float | str] | None = None) -> Reason:
    """The reason that automations know by `code`, with `numbers`."""
    if code not in OF_ROWS:
        return Reason(code, numbers or {})
    kind, outcome = OF_ROWS[code]
    return Reason(limits=kind, outcome=outcome, numbers=numbers or {})
