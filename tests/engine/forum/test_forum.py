"""What Load Juggler says when people would ask in a forum, and docs/why.md that shows it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from loadjuggler.config.kinds import KINDS

from .page import Case
from .questions import QUESTIONS

PROJECT = Path(__file__).resolve().parents[3]
DOCS = PROJECT / "docs"
CASES = [
    pytest.param(case, id=f"{question.key}: {case.situation}")
    for question in QUESTIONS
    for case in question.cases
]


@pytest.mark.parametrize("case", CASES)
def test_the_sentence_names_what_it_depends_on(case: Case) -> None:
    said = case.sentence()
    missing = [fact for fact in case.facts if fact not in said]
    assert not missing, f"{said!r} lacks {missing}. {case.because}"


def test_the_page_shows_the_sentences_as_they_are() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", PROJECT / "script" / "why", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_of_the_ten_questions_is_answered() -> None:
    assert len({question.key for question in QUESTIONS}) == len(QUESTIONS) == 10
    assert all(question.cases for question in QUESTIONS)


def test_what_is_to_be_set_is_called_as_in_the_forms() -> None:
    fields = [field for kind in KINDS.values() for field in kind.fields]
    sections = [section for kind in KINDS.values() for section in kind.sections]
    known = {field.label for field in fields} | {section.name for section in sections}
    known |= {label.partition(":")[0] for field in fields for _, label in field.choices}
    known |= {str(value) for field in fields for value, _ in field.choices}
    texts = [text for case in every_case() for text in (case.situation, case.todo)]
    named = {name for text in texts for name in re.findall(r"\*([^*]+)\*", text)}
    assert named <= known


def every_case() -> list[Case]:
    """The cases of all questions."""
    return [case for question in QUESTIONS for case in question.cases]


# --- links ---------------------------------------------------------------------------------------

PAGES = sorted([PROJECT / "README.md", PROJECT / "CHANGELOG.md", *DOCS.rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")


def anchors(page: Path) -> set[str]:
    """The anchors of a page: its headings as GitHub names them, and those given by hand."""
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain} | set(re.findall(r'id="(\w+)"', text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_lead_somewhere(page: Path) -> None:
    wrong = []
    text = re.sub(r"<!--.*?-->", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in LINK.findall(text):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        to = (page.parent / path).resolve() if path else page
        if not to.exists() or (anchor and anchor not in anchors(to)):
            wrong.append(target)
    assert not wrong
