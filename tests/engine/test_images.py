"""The pictures in README and docs: each is there, and a script makes those of the dashboard."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
IMAGES = PROJECT / "docs" / "images"
PAGES = sorted([PROJECT / "README.md", *(PROJECT / "docs").rglob("*.md")])
SHOWN = re.compile(r"!\[[^\]]*\]\(([^)]+)\)|(?:src|srcset)=\"([^\"]+)\"")
MOST_BYTES = 400_000


def shown(page: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [first or second for first, second in SHOWN.findall(text)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_picture_that_is_shown_is_there(page: Path) -> None:
    for target in shown(page):
        assert (page.parent / target).is_file(), target


def test_every_picture_is_shown_somewhere_and_none_is_large() -> None:
    used = {(page.parent / target).resolve() for page in PAGES for target in shown(page)}
    there = set(IMAGES.iterdir())
    assert there
    assert there <= used
    for path in there:
        assert path.stat().st_size < MOST_BYTES, path.name


def test_pictures_of_the_dashboard_and_the_wiring_are_made_by_the_script() -> None:
    """By their names in it; and those of a phone are 390 px wide at two pixels each."""
    script = (PROJECT / "script" / "_screenshots.py").read_text(encoding="utf-8")
    made = [
        path
        for path in IMAGES.iterdir()
        if path.stem.startswith(("home-assistant", "dashboard", "wiring"))
    ]
    assert len(made) == 5
    for path in made:
        assert f'"{path.stem}"' in script
    for name in ("dashboard-phone", "wiring-light", "wiring-dark"):
        # Width and height stand in the header of a PNG (ISO/IEC 15948, 11.2.2).
        (wide,) = struct.unpack(">I", (IMAGES / f"{name}.png").read_bytes()[16:20])
        assert wide == 2 * 390
