"""Which words mean a choice: all by which people see it.

Beside its value ("solar_only") those are what the form shows ("Solar only: what the sun leaves
over …", or "Solar only"), old names ("solar"), and its names in the sentences, sensors and buttons
of each language ("samo sonce"). What of a word counts says `site.words`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from ..forms.field import Choices, Field
from ..site.words import key
from ..texts import TERMS
from ..texts.labels import MODES as MODE_NAMES


def _named(value: str) -> tuple[str, ...]:
    """What the texts of all languages call the choice `value`."""
    texts = (*MODE_NAMES.values(), *TERMS.values())
    return tuple(names[value] for names in texts if value in names)


def _shown(choices: Choices, aliases: Choices) -> Iterator[tuple[str, str]]:
    """(word, choice) pairs, the plainest first."""
    yield from ((value, value) for value, _ in choices)
    yield from aliases
    for value, label in choices:
        yield from ((word, value) for word in (label, *_named(value)))
    for other, value in aliases:
        yield from ((word, value) for word in _named(other))


@cache
def _words(choices: Choices, aliases: Choices) -> Mapping[str, str]:
    """As `words`; of few forms, so that each is worked out once."""
    found: dict[str, str] = {}
    for word, value in _shown(choices, aliases):
        for part in (word, word.partition(":")[0], word.partition("(")[0]):
            found.setdefault(key(part), value)
    return found


def words(spec: Field) -> Mapping[str, str]:
    """The choices of a field by the keys of all words that mean them.

    Of a word with an explanation ("Solar only: …", "samo sonce (solar_only)") the word by itself
    counts, too.
    """
    return _words(spec.choices, spec.aliases)


def meaning(spec: Field, given: object) -> str | None:
    """The choice of a field that `given` means; `None`: none of them. YAML reads off as False."""
    return words(spec).get(key("off" if given is False else str(given)))
