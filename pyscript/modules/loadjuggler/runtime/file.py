"""A JSON file that is whole or not there: written atomically, the last good copy kept."""

from __future__ import annotations

import json
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import Any


def read(path: str) -> tuple[Any, str | None]:
    """Content of the file at `path` and a warning (`None`: all is well).

    A damaged file is set aside, and the last good copy takes its place; without either, content
    is `None`. Never raises: the house must start.
    """
    good, warning = _load(Path(path)), None
    if good is None and Path(path).exists():
        aside = set_aside(path)
        kept = f"it is set aside as {aside}" if aside else "nor set aside"
        warning = f"{path} can't be read; {kept}."
        good = _load(Path(f"{path}.bak"))
        with suppress(OSError):  # then it is told again at the next start
            if aside:
                os.remove(path)
            if good is not None:
                _copy(f"{path}.bak", path)
        warning += " Starting from nothing." if good is None else " Its last good copy is used."
    return good, warning


def set_aside(path: str) -> str:
    """Copy a file that can't be used under a name that says so; returns that, "" without success.

    The file itself stays until it is written anew: some of it may have been of use.
    """
    aside = f"{path}.not-used-{int(time.time())}"
    try:
        _copy(path, aside)
    except OSError:
        return ""
    return aside


def write(path: str, content: Any) -> None:
    """Write `content` as JSON; readers see the old file or the new one, never half of one.

    Raises ValueError or TypeError for what JSON can't say, NaN and Infinity too.
    """
    target, fresh = Path(path), Path(f"{path}.new")
    target.parent.mkdir(parents=True, exist_ok=True)
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, allow_nan=False)
        file.flush()
        os.fsync(file.fileno())
    if _load(target) is not None:
        # A copy: were it moved, there would be a moment without any file.
        _copy(path, f"{path}.bak")
    os.replace(fresh, target)


def write_text(path: str, text: str) -> None:
    """Write `text` (as UTF-8) to the file at `path`, so that nobody ever reads half of it.

    Unlike `write` it keeps no copy and does not wait for the disk. Raises OSError.
    """
    target, fresh = Path(path), Path(f"{path}.new")
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, target)


def _copy(path: str, to: str) -> None:
    """Copy a file; a crash leaves what was there before, or the whole copy."""
    shutil.copyfile(path, f"{to}.new")
    os.replace(f"{to}.new", to)


def _load(path: Path) -> Any:
    """What is in a file, `None` if it can't be read; NaN and Infinity are no JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except (OSError, ValueError, RecursionError):
        return None


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")
