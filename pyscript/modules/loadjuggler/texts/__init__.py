"""The sentences, one catalogue for each language: reason code to template."""

from . import en

CATALOGUES = {"en": en.SENTENCES}

__all__ = ["CATALOGUES"]
