"""What a load remembers, for tests: its records from the fields that matter."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from loadjuggler.memory.load import NOTHING_KNOWN, LoadMemory


def remembered(known: LoadMemory = NOTHING_KNOWN, /, **values: Any) -> LoadMemory:
    """A load's memory with these fields, each in the one record that has it."""
    found = known
    for name, value in values.items():
        (record,) = [
            one.name
            for one in fields(LoadMemory)
            if name in {field.name for field in fields(getattr(known, one.name))}
        ]
        found = replace(found, **{record: replace(getattr(found, record), **{name: value})})
    return found
