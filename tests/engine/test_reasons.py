"""Codes of reasons: one table has them all, and no module takes their text to pieces."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from loadjuggler.reason_table import MEANINGS, TAKES_NOTHING, Family, Next, meaning
from loadjuggler.reasons import Outcome, Reason, RowKind
from loadjuggler.texts import CATALOGUES, WORDS
from loadjuggler.texts.labels import STATUSES

from .test_rooms import modules

OURS = ("reasons", "reason_table")
"""The modules that may look into the text of a code."""


# --- the table -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_every_code_has_a_sentence_and_every_sentence_a_code(language: str) -> None:
    assert CATALOGUES[language].keys() == MEANINGS.keys()


def test_what_comes_next_has_words_in_every_language() -> None:
    for words in WORDS.values():
        assert {f"next_{one}" for one in Next} <= words.keys()


def test_every_kind_of_row_is_called_something_and_can_be_what_a_load_was_stopped_for() -> None:
    for words in WORDS.values():
        for kind in RowKind:
            assert {f"limit_{kind}", f"stopped_{kind}"} <= words.keys()


def test_every_family_has_a_code_and_every_status_words() -> None:
    assert {one.family for one in MEANINGS.values()} == set(Family)
    statuses = {one.status for one in MEANINGS.values()} - {"", TAKES_NOTHING}
    for words in STATUSES.values():
        assert statuses <= words.keys()


def test_no_code_that_automations_know_has_changed() -> None:
    """Codes are an interface: a row's are `<row>_<outcome>`, those of a grace are older."""
    assert Reason("maximum").code == "maximum"
    for kind, outcome in product(RowKind, Outcome):
        code = Reason(limits=kind, outcome=outcome).code
        assert code == f"{kind.value}_{outcome.value}" or outcome is Outcome.GRACE
    graces = {kind: Reason(limits=kind, outcome=Outcome.GRACE).code for kind in RowKind}
    assert graces[RowKind.SURPLUS] == graces[RowKind.INVERTER] == "grace"
    assert graces[RowKind.EXCESS] == "grace_excess"
    assert graces[RowKind.BATTERY_FIRST] == "grace_battery"


def test_a_row_is_of_one_family_with_what_it_makes() -> None:
    """Breakers and the import limit are limits; the rest are sources, which only some live from."""
    for kind, outcome in product(RowKind, Outcome):
        reason = Reason(limits=kind, outcome=outcome)
        if reason.code not in MEANINGS:
            continue
        limit = kind in (RowKind.CIRCUIT, RowKind.IMPORT)
        grace = outcome is Outcome.GRACE
        assert reason.family is (Family.GRACE if grace else (Family.SOURCE, Family.LIMIT)[limit])
        if not grace:
            has_something = outcome in (Outcome.FULL, Outcome.MINIMUM)
            assert reason.next is (Next.MORE if has_something else Next.STARTS)


def test_every_row_can_leave_too_little() -> None:
    """Whatever limits a load can stop it, so there is a sentence for that."""
    for kind in RowKind:
        assert Reason(limits=kind, outcome=Outcome.TOO_SMALL).code in MEANINGS


@pytest.mark.parametrize(
    "what",
    [
        {},
        {"limits": RowKind.CIRCUIT},
        {"outcome": Outcome.FULL},
        {"plain_code": "circuit_full"},
        {"plain_code": "grace"},
        {"plain_code": "maximum", "limits": RowKind.CIRCUIT, "outcome": Outcome.FULL},
    ],
)
def test_a_reason_says_what_it_is_once(what: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="say it once"):
        Reason(**what)  # type: ignore[arg-type]


def test_a_code_of_no_table_means_nothing() -> None:
    with pytest.raises(KeyError):
        meaning("bad_mood")


# --- the text of a code --------------------------------------------------------------------------

TO_PIECES = {
    *("startswith", "endswith", "partition", "rpartition", "split", "rsplit", "removeprefix"),
    *("removesuffix", "find", "rfind", "index", "rindex", "count", "replace", "strip", "lstrip"),
    *("rstrip", "lower", "upper", "format", "join"),
}
"""Methods of a text that look into it, or make another of it."""


def looks_into_codes(source: str) -> Iterator[str]:
    """Where a module looks into the text of a code, or makes one of pieces.

    A code is the attribute `code` or `plain_code` of anything, and any name that is called so or
    has been given one. It is looked into by a method of `TO_PIECES`, by a subscript, by `in` on
    either side, and by a function of `re`. It is made of pieces where the first argument of
    `Reason` is an f-string, a sum, or a call. Codes may be compared as a whole, and be keys.
    """
    tree = ast.parse(source)
    names = {"code", *_names_of_codes(tree)}

    def is_code(node: ast.AST) -> bool:
        if isinstance(node, ast.Attribute):
            return node.attr in ("code", "plain_code")
        return isinstance(node, ast.Name) and node.id in names

    for node in ast.walk(tree):
        found = False
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute):
                found = called.attr in TO_PIECES and is_code(called.value)
                of_re = isinstance(called.value, ast.Name) and called.value.id == "re"
                found = found or (of_re and any(is_code(one) for one in node.args))
            if isinstance(called, ast.Name) and called.id == "Reason":
                given = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "plain_code")]
                found = any(isinstance(x, ast.JoinedStr | ast.BinOp | ast.Call) for x in given)
        elif isinstance(node, ast.Subscript):
            found = is_code(node.value)
        elif isinstance(node, ast.Compare):
            member = any(isinstance(op, ast.In | ast.NotIn) for op in node.ops)
            found = member and any(is_code(one) for one in (node.left, *node.comparators))
        if found:
            yield f"line {node.lineno}: {ast.unparse(node)}"  # type: ignore[attr-defined]


def _names_of_codes(tree: ast.AST) -> Iterator[str]:
    """Names that are given the code of something: `x = reason.code`, `x, y = a.code, b`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign):
            continue
        pairs = [(target, node.value) for target in node.targets]
        for target, value in pairs:
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs += zip(target.elts, value.elts, strict=False)
            elif isinstance(target, ast.Name) and isinstance(value, ast.Attribute):
                yield from [target.id] if value.attr in ("code", "plain_code") else []


@pytest.mark.parametrize("name", sorted(modules().keys() - set(OURS)))
def test_no_module_looks_into_the_text_of_a_code(name: str) -> None:
    source = modules()[name].read_text(encoding="utf-8")
    assert not list(looks_into_codes(source))


@pytest.mark.parametrize(
    "line",
    [
        "reason.code.startswith('surplus')",
        "kind, _, what = reason.code.partition('_')",
        "x = told.reason.code\nx.endswith('_full')",
        "x, y = told.code, 1\nx[:4]",
        "def f(code): return code.removesuffix('_too')",
        "reason.code[0]",
        "reason.code in ('off', 'idle')",
        "'full' in reason.code",
        "code not in NEXT",
        "re.match('circuit_', reason.code)",
        "Reason(f'{kind}_full')",
        "Reason('over' + 'load')",
        "Reason(plain_code='_'.join(parts))",
    ],
)
def test_looking_into_a_code_is_noticed(line: str) -> None:
    assert list(looks_into_codes(line))


@pytest.mark.parametrize(
    "line",
    [
        "reason.code == 'held_back'",
        "CATALOGUES[language][reason.code]",
        "Reason('off')",
        "Reason('start_waits' if held else 'raise_waits', numbers)",
        "name.startswith('x')",
        "reason.family in (Family.TIMER, Family.GRACE)",
    ],
)
def test_comparing_a_whole_code_is_nothing_bad(line: str) -> None:
    assert not list(looks_into_codes(line))


def _literals(path: Path) -> Iterator[str]:
    """Codes that a module writes down: the first arguments of `Reason`, and what it compares."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        parts: list[ast.AST] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            parts = [*node.args[:1]] if node.func.id == "Reason" else []
        elif isinstance(node, ast.Compare):
            sides = (node.left, *node.comparators)
            coded = any(isinstance(x, ast.Attribute) and x.attr == "code" for x in sides)
            parts = [*sides] if coded else []
        for part in parts:
            both = (part.body, part.orelse) if isinstance(part, ast.IfExp) else (part,)
            yield from (x.value for x in both if isinstance(x, ast.Constant) and x.value)


def test_every_code_that_is_written_down_is_in_the_table() -> None:
    written = {code for path in modules().values() for code in _literals(path)}
    assert {"off", "start_waits", "overload_unmanaged", "held_back"} <= written
    assert written <= MEANINGS.keys()
