"""Kinds of loads: what they agree on, and that nobody outside `loads/` asks for one by name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import loadjuggler
import pytest
from loadjuggler.loads.kind import KindOfLoad
from loadjuggler.loads.kinds import KINDS_OF_LOADS
from loadjuggler.site import controls

from .test_rooms import arrows

ENGINE = Path(loadjuggler.__file__).parent
CONTROLS = {
    name
    for name, found in vars(controls).items()
    if isinstance(found, type) and issubclass(found, controls.Control)
}
LEFT: dict[str, str] = {}
"""Comparisons of kinds or controls outside `loads/`, `file: code`, and why each has to be there."""

MOST_LEFT = 5

each_kind = pytest.mark.parametrize("kind", KINDS_OF_LOADS.values(), ids=list(KINDS_OF_LOADS))


def names_kind(node: ast.AST) -> bool:
    """Whether a kind of load is named by text here, alone or among others."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return any(names_kind(one) for one in node.elts)
    return isinstance(node, ast.Constant) and node.value in KINDS_OF_LOADS


def names_control(node: ast.AST) -> bool:
    """Whether a class of controls is named here."""
    named = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    named |= {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
    return bool(named & CONTROLS)


def tells_apart(node: ast.AST) -> bool:
    """Whether code does one thing for one kind of load or control, and another for another.

    A comparison with a kind's name; a table that has a row for each of two kinds, and a look into
    such a table; `isinstance` and `match` with a class of controls, and a table by such classes.
    """
    if isinstance(node, ast.Compare):
        parts = [node.left, *node.comparators]
        return any(names_kind(part) or names_control(part) for part in parts)
    if isinstance(node, ast.Call):
        called = node.func.id if isinstance(node.func, ast.Name) else ""
        return called in ("isinstance", "issubclass") and names_control(node.args[1])
    if isinstance(node, ast.Dict):
        keys = [key for key in node.keys if key is not None]
        return sum(names_kind(key) for key in keys) > 1 or any(map(names_control, keys))
    if isinstance(node, ast.Subscript):
        return names_kind(node.slice)
    if isinstance(node, ast.MatchValue):
        return names_kind(node.value)
    return isinstance(node, ast.MatchClass) and names_control(node.cls)


def told_apart(source: str) -> list[str]:
    """The code of each place in a file that tells kinds or controls apart."""
    return [ast.unparse(node) for node in ast.walk(ast.parse(source)) if tells_apart(node)]


def outside() -> Iterator[Path]:
    """The files of the engine that belong to no kind of load."""
    for path in sorted(ENGINE.rglob("*.py")):
        if path.relative_to(ENGINE).parts[0] != "loads":
            yield path


def test_what_tells_kinds_apart_is_seen() -> None:
    code = """
if load.kind.name == "plug": a
if form.kind not in ("charger", "plug"): b
if isinstance(load.control, OcppControl): c
if type(load.control) is controls.NumberControl: d
e = {"charger": 1, "plug": 2}
f = table["number_charger"]
g = {SwitchControl: h}
match load.control:
    case OcppControl(): i
match load.kind.name:
    case "plug": j
k = Reason("new_charger", {"charger": name})
if load.kind.has_car: l
if row.kind == "circuit": m
"""
    assert len(told_apart(code)) == 9


def test_outside_loads_kinds_are_told_apart_at_most_five_times_each_with_a_reason() -> None:
    found = [
        f"{path.relative_to(ENGINE)}: {code}"
        for path in outside()
        for code in told_apart(path.read_text(encoding="utf-8"))
    ]
    assert sorted(found) == sorted(LEFT)
    assert len(LEFT) <= MOST_LEFT
    assert all(LEFT.values())


def test_only_loads_itself_imports_the_folder_of_a_kind() -> None:
    folders = {path.parent.name for path in (ENGINE / "loads").glob("*/__init__.py")}
    assert len(folders) == len(KINDS_OF_LOADS)
    for module, wanted in arrows().items():
        for other in wanted:
            parts = other.split(".")
            if parts[0] == "loads" and len(parts) > 1 and parts[1] in folders:
                assert module.startswith("loads."), f"{module} imports {other}"


@each_kind
def test_a_kind_has_one_name(kind: KindOfLoad) -> None:
    assert KINDS_OF_LOADS[kind.form.name] is kind
    assert kind.capabilities.name == kind.form.name


@each_kind
def test_a_kind_is_searched_for_if_it_can_be_found(kind: KindOfLoad) -> None:
    assert kind.capabilities.searched_for == (kind.discovery is not None)


@each_kind
def test_a_form_asks_what_its_capabilities_need(kind: KindOfLoad) -> None:
    """One that is adjustable needs its limits, others what they take while they are on."""
    asked, can = {field.name for field in kind.form.fields}, kind.capabilities
    assert {"name", "circuit", "mode", "leg_l1", "leg_l2", "leg_l3", "priority"} <= asked
    assert {"excess_threshold_w", "boost_min", "solar_grace_min"} <= asked
    limits = {"min_current_a", "max_current_a", "fallback_current_a"}
    assert limits & asked == (limits if can.adjustable else set())
    assert ("power_w" in asked) != can.adjustable
    assert ({"min_on_min", "min_off_min"} <= asked) == can.has_shortest_times
    assert ("solar_pause_min" in asked) != can.has_shortest_times


@each_kind
def test_what_can_be_checked_can_be_lowered(kind: KindOfLoad) -> None:
    """The check tells it less by a few A, and it must be seen in its own draw that it obeys."""
    can = kind.capabilities
    assert not can.checkable or (can.adjustable and can.measured)
