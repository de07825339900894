"""Settings of the control, and that people are told of each."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from loadjuggler.options import DEFAULTS, Options

HOW = Path(__file__).parents[2] / "docs" / "how-it-works.md"


def test_every_setting_is_in_the_docs_with_its_default() -> None:
    text = HOW.read_text(encoding="utf-8")
    for field in fields(Options):
        assert f"| `{field.name}` | {getattr(DEFAULTS, field.name):g} |" in text, field.name
