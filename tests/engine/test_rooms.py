"""The engine's rooms as docs/design.md has them: imports only go down, and never in a circle."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import loadjuggler

ENGINE = Path(loadjuggler.__file__).parent
DESIGN = Path(__file__).parents[2] / "docs" / "design.md"


def modules() -> dict[str, Path]:
    """All modules of the engine by their dotted name within it; a package by its own."""
    found = {}
    for path in ENGINE.rglob("*.py"):
        parts = path.relative_to(ENGINE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    del found[""]
    return found


def imports(name: str, path: Path, known: set[str]) -> Iterator[str]:
    """The modules of the engine that a module imports, for its types alone, too."""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        base = [*package[: len(package) + 1 - node.level], *(node.module or "").split(".")]
        for one in node.names:
            whole = ".".join(part for part in (*base, one.name) if part)
            found = whole if whole in known else ".".join(filter(None, base))
            if found:
                yield found


def arrows() -> dict[str, set[str]]:
    known = modules()
    return {name: set(imports(name, path, set(known))) for name, path in known.items()}


def table() -> dict[str, tuple[int, str]]:
    """Floor and row of each room in the table."""
    found = {}
    for line in DESIGN.read_text(encoding="utf-8").splitlines():
        if row := re.match(r"\| (\d+) \| (.*?) \|", line):
            for room in re.findall(r"`(\w+)(?:\.py|/)`", row[2]):
                assert room not in found, f"{room} is in the table twice"
                found[room] = (int(row[1]), row[2])
    return found


def test_the_imports_that_are_looked_at_are_there() -> None:
    assert {"sense", "settle", "send", "detect"} <= arrows()["flow"]
    assert "sense.lookup" in arrows()["sense.mode"]
    assert "model" in arrows()["sense.mode"]


def test_no_imports_go_in_a_circle() -> None:
    left = arrows()
    while free := {name for name, wanted in left.items() if not wanted & left.keys() - {name}}:
        left = {name: wanted for name, wanted in left.items() if name not in free}
    assert not left, "what is left imports each other, or what does"


def test_the_table_has_every_room_once_and_no_other() -> None:
    assert set(table()) == {name.split(".")[0] for name in modules()}


def test_a_room_imports_only_from_floors_below_or_of_its_own_row() -> None:
    floors = table()
    wrong = set()
    for name, wanted in arrows().items():
        for other in wanted:
            one, two = name.split(".")[0], other.split(".")[0]
            same = floors[one][1] == floors[two][1]
            if not same and floors[two][0] >= floors[one][0]:
                wrong.add(f"{one} (floor {floors[one][0]}) from {two} ({floors[two][0]})")
    assert not wrong
