"""Which errors of the program are alike."""

from __future__ import annotations

import traceback


def where(error: Exception) -> str:
    """The kind of an error, and the line that raised it; errors alike are logged once."""
    frames = traceback.extract_tb(error.__traceback__)
    at = f" in {frames[-1].name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{at}"
