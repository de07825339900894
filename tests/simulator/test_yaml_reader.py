"""The quick way to read YAML gives what the whole loader gives, and leaves the rest to it."""

from __future__ import annotations

import io

import pytest
import yaml

from simulator.yaml_reader import read_yaml


class Pipe(io.StringIO):
    """A file that can't be read twice: only the whole loader reads it."""

    def seekable(self) -> bool:
        return False


PLAIN = """
scenarios:
- name: both-phases        # a comment
  because: >-
    folded
    text
  verified: yes
  site: {voltage: 230, phases: "ABC", main_breaker: 0x10, power_buffer: 1_000, "on": ~}
  household: {A: 2.5, B: .inf, C: 1:30, D: 1e5, E: 1.5e+3, F: -0.0, G: 010, "1": '2', H: off}
  loads:
  - {id: left, phases: {L1: A}, nothing: , list: [], empty: {}, text: "", quoted: '10'}
  - [[1, two], [], {a: [b]}]
"""

TEXTS = {
    "plain": PLAIN,
    "a list": "- 1\n- [a, {b: c}]",
    "a text": "car",
    "a number in quotes": "'10'",
    "nothing": "",
    "null": "~",
    "a document with marks": "%YAML 1.1\n---\na: 1\n...\n",
    "an alias": "a: &x [1, 2]\nb: *x\nc: {<<: {d: 1}, e: 2}",
    "a list in itself": "- &x [*x]",
    "keys that are no texts": "{1: a, 2.5: b, true: c, ~: d, 1.0: e}",
    "a key without quotes that means more": "{=: a}",
    "tags": "[!!str 10, !!int '10', !!map {a: 1}, !!seq [], ! 10, !!set {a, b}, !!binary aGk=]",
    "a date": "[2020-01-01, 2020-01-01 10:00:00]",
}

WRONG = {
    "a key given twice": "a: 1\nb: 2\na: 3",
    "a key given twice in quotes and without": "{a: 1, 'a': 2}",
    "a number given twice as key": "{1: a, '1': b}",
    "no end": "a: [1, 2",
    "a wrong end": "a: [1}",
    "two documents": "--- 1\n--- 2",
    "a tag that nobody knows": "a: !car 1",
    "an alias of nothing": "a: *x",
    "a mapping in a line": "a: b: c",
    "a merge of nothing": "{<<: 1}",
    "an operator as value": "[<<]",
    "another operator as value": "[=]",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_both_ways_give_the_same(text: str) -> None:
    quick, whole = read_yaml(io.StringIO(text)), read_yaml(Pipe(text))
    assert repr(quick) == repr(whole)


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_both_ways_refuse_in_the_same_words(text: str) -> None:
    with pytest.raises(yaml.YAMLError) as quick:
        read_yaml(io.StringIO(text))
    with pytest.raises(yaml.YAMLError) as whole:
        read_yaml(Pipe(text))
    assert str(quick.value) == str(whole.value)


def test_a_scenario_file_is_read_the_quick_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "load", None)
    data = read_yaml(io.StringIO(PLAIN))
    assert data["scenarios"][0]["loads"][0]["nothing"] is None


def test_lists_and_mappings_are_their_own() -> None:
    one, two = read_yaml(io.StringIO("[{a: []}, {a: []}]"))
    one["a"].append(1)
    assert two == {"a": []}
