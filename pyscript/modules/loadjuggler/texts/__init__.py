"""The sentences of each language: a template for each reason code.

`CATALOGUES` has the templates, `WORDS` the words that sentences are joined from, `TERMS` the words
for terms that are among the numbers of a reason (a mode, a status).
"""

from __future__ import annotations

from . import en, en_forms, en_words, sl, sl_forms, sl_words

CATALOGUES = {
    "en": {**en.SENTENCES, **en_forms.SENTENCES},
    "sl": {**sl.SENTENCES, **sl_forms.SENTENCES},
}


WORDS = {"en": en_words.WORDS, "sl": sl_words.WORDS}


TERMS = {"en": en_words.TERMS, "sl": sl_words.TERMS}


def language_of(tag: object) -> str:
    """The language of a tag of Home Assistant: "sl-SI" -> "sl"; an unknown one -> "en"."""
    first = str(tag or "").lower().replace("_", "-").split("-")[0]
    return first if first in CATALOGUES else "en"


__all__ = ["CATALOGUES", "TERMS", "WORDS", "language_of"]
