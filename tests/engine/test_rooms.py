"""The engine's packages as docs/design.md has them: imports only go up that table."""

from __future__ import annotations

import ast
import re
import sys
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
    """Which modules each module imports."""
    known = modules()
    return {name: set(imports(name, path, set(known))) for name, path in known.items()}


def table() -> dict[str, int]:
    """The row of each package in the table of docs/design.md; single files share the first."""
    text = DESIGN.read_text(encoding="utf-8")
    rows = text.partition("| package | what it is for |")[2].partition("\n\n")[0].splitlines()[2:]
    found: dict[str, int] = {}
    for place, row in enumerate(rows):
        for package in re.findall(r"`(\w+)/?`", row.split("|")[1]):
            assert package not in found, f"{package} is in the table twice"
            found[package] = place
    return found


def long_functions(tree: ast.Module, most: int) -> list[str]:
    """The functions that have more than `most` lines beside their docstring."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node, clean=False)
            said = (node.body[0].end_lineno or 0) - node.body[0].lineno + 1 if text else 0
            if (node.end_lineno or 0) - node.lineno + 1 - said > most:
                found.append(node.name)
    return found


def wide_records(tree: ast.Module, most: int) -> list[str]:
    """The records that have more than `most` fields."""
    records = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    fields = {one.name: sum(isinstance(x, ast.AnnAssign) for x in one.body) for one in records}
    return [name for name, count in fields.items() if count > most]


def test_files_functions_and_records_can_be_taken_in_at_a_glance() -> None:
    """A file has at most 350 lines, a function 50, a record 20 fields; the shell 400 lines."""
    sizes = [(path, 350) for path in modules().values()]
    for path, most in [*sizes, (ENGINE.parents[1] / "loadjuggler.py", 400)]:
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= most, path
        tree = ast.parse(text)
        assert long_functions(tree, 50) == [], path
        assert wide_records(tree, 20) == [], path


def test_the_imports_that_are_looked_at_are_there() -> None:
    assert {"sense", "control.dispatch", "control.send", "diagnostics.wiring"} <= arrows()["flow"]
    assert "measure.lookup" in arrows()["loads.mode"]
    assert "site.model" in arrows()["loads.mode"]


def test_no_imports_go_in_a_circle() -> None:
    left = arrows()
    while free := {name for name, wanted in left.items() if not wanted & left.keys() - {name}}:
        left = {name: wanted for name, wanted in left.items() if name not in free}
    assert not left, "what is left imports each other, or what does"


def test_no_packages_import_each_other_in_a_circle() -> None:
    left: dict[str, set[str]] = {}
    for name, wanted in arrows().items():
        package = name.split(".")[0]
        left.setdefault(package, set()).update(other.split(".")[0] for other in wanted)
    while free := {name for name, wanted in left.items() if not wanted & left.keys() - {name}}:
        left = {name: wanted for name, wanted in left.items() if name not in free}
    assert not left, "what is left imports each other, or what does"


def test_the_table_has_every_package_once_and_no_other() -> None:
    assert set(table()) == {name.split(".")[0] for name in modules()}


def test_a_package_imports_only_packages_above_it() -> None:
    rows = table()
    wrong = set()
    for name, wanted in arrows().items():
        for other in wanted:
            one, two = name.split(".")[0], other.split(".")[0]
            if one != two and rows[two] >= rows[one] and (rows[one], rows[two]) != (0, 0):
                wrong.add(f"{name} imports {other}")
    assert not wrong


def test_the_engine_needs_only_the_standard_library() -> None:
    """It must run in any Home Assistant without anything being installed."""
    allowed = sys.stdlib_module_names
    for name, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found = []
            if isinstance(node, ast.Import):
                found = [one.name for one in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found = [node.module or ""]
            assert {one.split(".")[0] for one in found} <= allowed, name
