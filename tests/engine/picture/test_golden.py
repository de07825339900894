"""Houses, drawn as they were looked at and found good.

A picture that is meant to look otherwise is renewed with

    LOADJUGGLER_RENEW=1 script/test tests/engine/picture/test_golden.py

and looked at before it is committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from loadjuggler.publish.picture.tree import wiring_svg

from tests.engine.picture.houses import HOUSES

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", HOUSES)
def test_a_house_is_drawn_as_it_was_found_good(name: str) -> None:
    drawn, file = wiring_svg(*HOUSES[name]()), GOLDEN / f"{name}.svg"
    if os.environ.get("LOADJUGGLER_RENEW"):
        file.write_text(drawn, encoding="utf-8")
    assert drawn == file.read_text(encoding="utf-8"), f"{file.name} has changed: see {__file__}"
