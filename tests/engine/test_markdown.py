"""Texts of others in Markdown: a reader of CommonMark shows them as they are."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loadjuggler.explain import breakdown
from loadjuggler.texts.markdown import plain
from markdown_it import MarkdownIt

from .house import House, charger_form, site_form

EVIL = "</ha-alert><img src=http://evil.example/p.png>[pay here](http://evil.example) *now*"
READER = MarkdownIt("gfm-like", {"html": True, "linkify": False})


def as_read(markdown: str) -> str:
    """What a reader sees of a paragraph; "!" with its HTML if it is more than text."""
    made = READER.render(markdown).strip()
    inner = made.removeprefix("<p>").removesuffix("</p>")
    if re.search(r"<(?!br>)", inner):
        return f"! {made}"
    for code, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        inner = inner.replace(code, sign)
    return inner


@pytest.mark.parametrize(
    "text",
    [
        EVIL,
        "sensor.left_car_power is not there",
        "_Left_ car_1_",
        "A & B &lt; C",
        "# 1",
        "3 | 4",
        "`a` ~~b~~ ![c](d)",
        "https://evil.example and www.evil.example",
        "8 A of 16 A: the Garage breaker (20 A) is full on phase A. Right car has 12 A.",
    ],
)
def test_it_is_read_as_it_is_written(text: str) -> None:
    assert as_read(plain(text)) == text


@given(st.text(alphabet="<>[]()!*_`~|&#$\\{}\"'/:.- abwC1", max_size=40))
def test_no_text_becomes_a_link_a_picture_or_a_tag(text: str) -> None:
    made = READER.render(f"It says: {plain(text)}.")
    assert re.findall(r"<(?!/?(?:p|br)\b)", made) == []


@pytest.mark.parametrize("text", ["pay@evil.example", "Left car: ask me@evil.example."])
def test_an_address_of_mail_is_no_link(text: str) -> None:
    """GitHub's Markdown, which Home Assistant reads, links a bare address unless @ is escaped."""
    assert as_read(plain(text)) == text
    assert re.search(r"(?<!\\)@", plain(text)) is None


def test_ids_stay_readable() -> None:
    assert plain("pyscript.loadjuggler_undo_remap") == "pyscript.loadjuggler_undo_remap"


def test_the_account_of_a_load_shows_a_name_and_a_state_as_they_are() -> None:
    house = House.of(site_form(), {**charger_form("car"), "name": "<b>*Left*</b>"})
    outcome = house.run()
    (car,) = house.site.loads
    text = breakdown.account(outcome.report, outcome.trace, car, "en")["text"]
    assert "<b>" not in text
    assert as_read(text.splitlines()[0].removeprefix("## ")) == "<b>*Left*</b>"
