"""A file that can't be used is refused in words, whatever it holds: status 2, never a traceback."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest

from simulator import simulate
from simulator.chaos import command as chaos
from simulator.scenario_file import Refused, load_yaml

SCENARIO = """\
scenarios:
  - name: n
    verified: true
    because: b
    site: {voltage: 230, phases: ABC, main_breaker: 25, excess_threshold: 100}
    household: {A: 1, B: 1}
    solar: {power: 100, measured: true}
    battery: {soc: 50, phase: A}
    circuits:
      - {id: g, limit: 20, parent: main, loads: [c], household: {A: 1}, measured: true}
    loads:
      - {id: c, type: charger, phases: {L1: A, L2: B}, priority: 1, status: Charging, mode: off}
      - {id: p, type: plug, phases: {L1: A}, status: Charging, power: 1000}
    expected: {c: {allocated: 6, available: 6}}
"""

DAY = """\
name: d
loads:
  - {id: c, type: charger, phases: {L1: A}}
  - {id: p, type: plug, phases: {L1: A}, power: 1000}
day:
  date: 2025-06-21
  weather: clear
  peak_w: 9000
  cars: {c: {visits: [{arrives: "17:10", soc: 50}], legs: [L1]}}
  water: {p: {taps: [{at: "7:00", litres: 50}]}}
  faults: [{at: "18:00", for_s: 60, what: vanish, of: grid A}]
  mistakes: {meters: {main: {inverted: [A]}}}
"""

VALUES = (
    *("[]", "[a, b]", "{}", "{a: b}", "{[1]: 2}", "{{a: 1}: 2}", "null", '""', "2025-06-21"),
    *("2025-13-45", "2025-06-21T25:61:61", "1e999", "-1e999", ".nan", ".inf", "true", "off", "-1"),
    *("1e400", "1" + "0" * 400, "1" + "0" * 5000, "0x" + "f" * 5000, "-0.0", "17:10", "1:99:99"),
    *("!!python/object:os.system x", "!!binary aGk=", "!!binary é", "!!set {a}", "!!omap [a: 1]"),
    *("!!timestamp x", "!!int x", "!!float x", "!!bool x", "!!null x", "!!str", "!foo bar"),
    *("&a [*a]", "&a {b: *a}", "*nope", "<<", "=", "@x", "%x", "`x`", '"x', "{", "]", "\t"),
    *(f'"{"x" * 100_000}"', "[" * 2000 + "]" * 2000, "[" * 100_000, "{a: " * 2000 + "}" * 2000),
)

KEYS = (
    *("[1]", "[a, b]", "{a: 1}", "null", "1", "1.5", "true", "off", "2025-06-21", "2025-13-45"),
    *(".nan", ".inf", "!!binary aGk=", '""', "<<", "=", "&a b", "*a", "? [a]", "&k [*k]"),
    *("1" + "0" * 5000, "0x" + "f" * 5000, "x" * 900, "!!int x", "!!seq []", "!!set {a}"),
)

LONGEST_LINE = 500


def odd(text: str) -> Iterator[tuple[str, str]]:
    """(what stands where, text): each word with another odd value, and each value at two words."""
    words = list(re.finditer(r'(?<=[\s{\[])("?[A-Za-z0-9][\w:-]*?"?)(?=[\s,}\]:])', text))
    for keys, values in ((True, KEYS), (False, VALUES)):
        here = [word for word in words if (text[word.end()] == ":") == keys]
        rounds = max(len(here), 2 * len(values))
        for word, value, _ in zip(cycle(here), cycle(values), range(rounds), strict=False):
            label = f"{word.group()} at {word.start()}: {value[:20]}"
            yield label, text[: word.start()] + value + text[word.end() :]


def tried(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    """The exit status of script/simulate, and what it has said of errors."""
    status = simulate.main(arguments)
    return status, capsys.readouterr().err.splitlines()


@pytest.mark.parametrize("kind", ["scenario", "day"])
def test_odd_values_and_keys_are_refused_or_used(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can be used is not run: that costs a minute."""
    monkeypatch.setattr("simulator.day_command.run_day", lambda _: pytest.skip("it is good"))
    path = tmp_path / "odd.yaml"
    refused = 0
    for label, text in odd(SCENARIO if kind == "scenario" else DAY):
        path.write_text(text, encoding="utf-8")
        arguments = ["--once", "--json"] if kind == "scenario" else ["--day", "--json"]
        try:
            status, errors = tried([*arguments, str(path)], capsys)
        except pytest.skip.Exception:
            continue
        assert status in (0, 2), label
        assert bool(errors) == (status == 2), label
        assert all(0 < len(line) < LONGEST_LINE for line in errors), label
        refused += status == 2
    assert refused > 50


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("scenarios: [{[1, 2]: 3}]", r"a key must be a text, not a list or mapping.*line 1"),
        ("scenarios: [{name: 2025-13-45}]", r"'2025-13-45' is no timestamp.*line 1"),
        ("scenarios:\n- name: !!int x", r"'x' is no int.*line 2"),
        ("scenarios: " + "[" * 100_000, "nested too deeply"),
        ("scenarios: &a [*a]", r"scenario 1: it: \[.*\] is not a mapping of keys to values"),
        ("scenarios: [{name: n, loads: [], household: {A: 1" + "0" * 400 + "}}]", "not a finite"),
        ("scenarios: [{name: n, loads: [], ? 0x" + "f" * 5000 + " : 1}]", "digits.*no such key"),
        ("", "one key 'scenarios'"),
        ("a: &a {b: c}\nscenarios: *x", "not readable as YAML"),
        ("scenarios:\n\t- name: n", "not readable as YAML"),
    ],
    ids=lambda text: text[:24],
)
def test_the_sentence_names_the_place(
    text: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(text, encoding="utf-8")
    status, errors = tried([str(path)], capsys)
    assert status == 2
    assert re.search(says, "\n".join(errors))


@pytest.mark.parametrize("option", ["--once", "--day", "--replay"])
@pytest.mark.parametrize(
    "content",
    [b"", b"\0\0", bytes(range(256)), SCENARIO.encode("utf-16"), b"name: \xe9", b"- a", b"5"],
)
def test_a_file_that_is_something_else(
    option: str, content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "odd"
    path.write_bytes(content)
    status, errors = tried([option, str(path)], capsys)
    assert status == 2
    assert errors
    assert str(path) in errors[0]


@pytest.mark.parametrize("option", ["--once", "--day", "--replay"])
def test_a_folder_and_a_file_that_is_not_there(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path, says in ((tmp_path, "Is a directory"), (tmp_path / "no", "No such file")):
        status, errors = tried([option, str(path)], capsys)
        assert (status, errors) == (2, [f"{path}: {says}" + " or directory" * (path != tmp_path)])


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("5,1e308,0,0", "line 3: a_a is more than 10000 A"),
        ("5,0,0,-1e9", "line 3: c_a is more than 10000 A"),
        ("1e10,0,0,0", "the readings last for more than 7 days"),
        ("5,inf,0,0", "line 3: a_a is not finite"),
        ("5,1", "line 3: b_a is missing or no number"),
        ('5,"1\0",0,0', "line 3: a_a is missing or no number"),
    ],
)
def test_readings_that_no_house_has(
    line: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "house.csv"
    path.write_text(f"t_s,a_a,b_a,c_a\n0,1,2,3\n{line}\n", encoding="utf-8")
    status, errors = tried(["--replay", str(path)], capsys)
    assert status == 2
    assert says in errors[0]


@pytest.mark.parametrize(
    "arguments",
    [["--share", "0", "--sweep"], ["--share", "x", "--sweep"], ["--sweep", "--seed", "1.5"], []],
)
def test_options_out_of_range(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        simulate.main(arguments)
    assert "script/simulate: error:" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [["--only", "-1"], ["--episodes", "0"], ["--workers", "x"], ["--days", "-3"], ["--all"]],
)
def test_options_of_chaos_out_of_range(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        chaos.main(arguments)
    assert "script/chaos: error:" in capsys.readouterr().err


def test_merges_that_double_are_refused_before_they_fill_the_memory(tmp_path: Path) -> None:
    """Each of 60 lines merges the one before it twice: 2^60 keys."""
    lines = [
        "a0: &a0 {x: 1}",
        *(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 60)),
    ]
    file = tmp_path / "merges.yaml"
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(Refused, match="more than 1000 keys"):
        load_yaml(file)
