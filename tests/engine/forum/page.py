"""What a forum question is made of here, and the page docs/why.md that is made of them.

A `Case` is a house that is asked for its sentence at the moment in which somebody would ask the
question. What Load Juggler says then goes into the page word for word, so that the page can't say
what Load Juggler does not. script/why writes it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..stories import Stage

WIDTH = 100
SITE = ""
"""Whose sentence is asked for: the site's warnings, not a load's reason."""


@dataclass(frozen=True)
class Case:
    """One answer to a question.

    `situation` is the house in one line; `at` builds it and runs it up to the moment; `asks` is
    the load whose reason is shown, or SITE for its warnings. `facts` are what the sentence must
    name to be an answer, worked out by hand (`because`). `todo` is what the user can do, in
    Markdown with links relative to docs/.
    """

    situation: str
    at: Callable[[], Stage]
    asks: str
    facts: tuple[str, ...]
    because: str
    todo: str

    def sentence(self) -> str:
        """What Load Juggler says at that moment."""
        house = self.at()
        assert house.outcome is not None
        report = house.outcome.report
        return report.sentence if self.asks == SITE else report.loads[self.asks].sentence


@dataclass(frozen=True)
class Question:
    """What people ask in a forum, and the cases that are behind it."""

    key: str
    asked: str
    cases: tuple[Case, ...]


HEAD = """\
# Why does it do that?

<!-- Made by script/why from tests/engine/forum: change it there, and run script/why. -->

Questions as people ask them, and what Load Juggler says at that moment: each sentence here was
given by it in a house like the one described. Loads say it in `sensor.loadjuggler_<load>_reason`,
the house in `sensor.loadjuggler_status` (attribute `message`). Yours says something else? All that
can go wrong is in [Fix](troubleshooting.md)."""


def page(questions: tuple[Question, ...]) -> str:
    """The text of docs/why.md."""
    index = "\n".join(f"- [{question.asked}](#{question.key})" for question in questions)
    parts = [HEAD, index, *(_part(question) for question in questions)]
    return "\n\n".join(parts) + "\n"


def _part(question: Question) -> str:
    """One question with its cases."""
    lines = [f'<a id="{question.key}"></a>', "", f"## {question.asked}"]
    for case in question.cases:
        lines += ["", *_case(case)]
    return "\n".join(lines)


def _case(case: Case) -> Iterator[str]:
    who = "The house says" if case.asks == SITE else "It says"
    yield f"**{case.situation}** {who}:"
    yield ""
    yield f"> {case.sentence()}"
    yield ""
    yield from textwrap.wrap(case.todo, WIDTH, break_long_words=False, break_on_hyphens=False)
