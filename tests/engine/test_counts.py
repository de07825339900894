"""Numbers of things bring their words in the right form: 1 time, 2 times; 1 spremembo, 3 spremembe.

Slovenian has a form for 1, for 2, for 3 and 4, and for all others, by the last two digits. After a
preposition with the locative there are two: "v 1 koraku", "v 5 korakih".
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from itertools import pairwise

import pytest
from loadjuggler.reasons import Reason
from loadjuggler.texts import CATALOGUES, WORDS
from loadjuggler.texts.sentence import sentence
from loadjuggler.texts.wording import Count, Known, amount, unit_of

from .house import charger_form, circuit_form, site_form, wire_forms
from .test_explain import NUMBERS


def known(language: str) -> Known:
    forms = (site_form(), circuit_form("garage", 20), charger_form("car", circuit="garage"))
    site = wire_forms(*forms).site
    assert site is not None
    return Known(site, {}, {}, language)


def said(code: str, key: str, number: float, language: str) -> str:
    reason = Reason(code, {**NUMBERS[code], key: number})
    return sentence(reason, known(language), "car")


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "stopped 1 time for"), (2, "2 times for"), (3, "3 times for"), (5, "5 times for")],
)
def test_stops_in_english(number: int, words: str) -> None:
    assert words in said("rests", "stops", float(number), "en")


@pytest.mark.parametrize("number", [1, 2, 3, 5])
def test_stops_in_slovenian_have_one_form(number: int) -> None:
    assert f"ustavilo že {number}-krat." in said("rests", "stops", float(number), "sl")


@pytest.mark.parametrize(
    ("number", "english", "slovenian"),
    [
        (1, "(1 clear change)", "(1 jasna sprememba)"),
        (2, "(2 clear changes)", "(2 jasni spremembi)"),
        (3, "(3 clear changes)", "(3 jasne spremembe)"),
        (4, "(4 clear changes)", "(4 jasne spremembe)"),
        (5, "(5 clear changes)", "(5 jasnih sprememb)"),
        (11, "(11 clear changes)", "(11 jasnih sprememb)"),
        (101, "(101 clear changes)", "(101 jasna sprememba)"),
        (102, "(102 clear changes)", "(102 jasni spremembi)"),
    ],
)
@pytest.mark.parametrize("code", ["wrong_phase", "remap_notice"])
def test_clear_changes(code: str, number: int, english: str, slovenian: str) -> None:
    assert english in said(code, "changes", float(number), "en")
    assert slovenian in said(code, "changes", float(number), "sl")


@pytest.mark.parametrize(
    ("code", "key", "english", "slovenian"),
    [
        ("check_right", "steps", ["1 step ", "2 steps", "5 steps"], ["1 koraku", "2 korakih"]),
        ("cure_ends", "times", ["1 time so", "2 times so", "5 times so"], ["1-krat", "2-krat"]),
        ("cure_stuck", "times", ["1 time in", "2 times in", "5 times in"], ["1-krat", "2-krat"]),
        ("setup_copied", "changes", ["1 change:", "2 changes:"], ["1 spremembo", "2 spremembi"]),
    ],
)
def test_one_and_two(code: str, key: str, english: list[str], slovenian: list[str]) -> None:
    for language, all_words in (("en", english), ("sl", slovenian)):
        for number, words in zip((1, 2, 5), all_words, strict=False):
            assert words in said(code, key, float(number), language)


def test_more_in_slovenian() -> None:
    assert "3 spremembe zapored" in said("setup_copied", "changes", 3.0, "sl")
    assert "5 sprememb zapored" in said("setup_copied", "changes", 5.0, "sl")
    assert "v 5 korakih" in said("check_right", "steps", 5.0, "sl")


@pytest.mark.parametrize(
    ("number", "words"), [(2, ["držita", "v njunih"]), (3, ["držijo", "v njihovih"])]
)
def test_chargers_that_hold_together_are_two_or_more(number: float, words: list[str]) -> None:
    text = said("setup_fallbacks", "number", number, "sl")
    assert all(word in text for word in words)


@pytest.mark.parametrize(("number", "times"), [(1.0, "1 time"), (2.0, "2 times")])
def test_words_that_are_joined_to_sentences(number: float, times: str) -> None:
    again = WORDS["en"]["wants_none_again"].format(times=amount(number, "times"))
    assert again.endswith(f"by itself {times}")


def test_a_number_without_a_word_is_a_number() -> None:
    count = amount(12.0, "times")
    assert isinstance(count, Count)
    assert f"{count}" == "12"


ALONE = {"against"}
"""Numbers that stand beside another one: "in 9 of the last 12 clear changes"."""


def counts(language: str) -> Iterator[tuple[str, str, str, str]]:
    """(code, name, forms, text after it) of each number without a unit in all sentences."""
    for code, template in CATALOGUES[language].items():
        if code not in NUMBERS:
            continue
        parts = [*string.Formatter().parse(template), ("", None, None, None)]
        for (_, name, forms, _), (after, *_) in pairwise(parts):
            number = NUMBERS[code].get(name or "")
            if isinstance(number, float) and isinstance(amount(number, unit_of(name or "")), Count):
                yield code, name or "", forms or "", after


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_each_number_of_things_brings_its_word(language: str) -> None:
    """What is added must, too. "5-krat" and "sprememb: 5" are the same for all in Slovenian."""
    found = list(counts(language))
    assert len(found) >= 8
    for code, name, forms, after in found:
        invariable = language == "sl" and (after.startswith("-krat") or name == "of")
        assert forms or name in ALONE or invariable, code
        if "|" in forms:
            assert len(forms.split("|")) in ((2,) if language == "en" else (2, 3, 4)), code
