"""The sentences, one catalogue for each language: reason code to template.

Beside them the words that sentences are joined from, and what terms are called that come with a
reason.
"""

from __future__ import annotations

from . import en, en_words, sl, sl_words

CATALOGUES = {"en": en.SENTENCES, "sl": sl.SENTENCES}


WORDS = {"en": en_words.WORDS, "sl": sl_words.WORDS}


TERMS = {"en": en_words.TERMS, "sl": sl_words.TERMS}


def language_of(tag: object) -> str:
    """The language for a tag as Home Assistant has it ("sl", "sl-SI", "en-GB"): else English."""
    first = str(tag or "").lower().replace("_", "-").split("-")[0]
    return first if first in CATALOGUES else "en"


__all__ = ["CATALOGUES", "TERMS", "WORDS", "language_of"]
