"""Names as Home Assistant makes ids of them. Knows nothing else."""

from __future__ import annotations

import re
import unicodedata


def slug(text: str, without: str = "node") -> str:
    """Lower case ASCII letters, digits and underscores, for use in an entity id.

    `without` is the answer for a text that has none of them.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_") or without
