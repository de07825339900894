"""A JSON file that is never half written: it is replaced as a whole, and the last copy is kept."""

from __future__ import annotations

import json
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import Any


def read(path: str) -> tuple[Any, str | None]:
    """(content of the file at `path`, warning; `None`: all is well).

    A damaged file is set aside, and the last good copy (`path`.bak) takes its place; without one
    the content is `None`. Never raises, because Home Assistant must start.
    """
    good, warning = _load(Path(path)), None
    if good is None and Path(path).exists():
        aside = set_aside(path)
        kept = f"it is set aside as {aside}" if aside else "nor set aside"
        warning = f"{path} can't be read; {kept}."
        good = _load(Path(f"{path}.bak"))
        with suppress(OSError):  # if this fails, the warning comes again at the next start
            if aside:
                os.remove(path)
            if good is not None:
                _copy(f"{path}.bak", path)
        warning += " Starting from nothing." if good is None else " Its last good copy is used."
    return good, warning


def set_aside(path: str) -> str:
    """Copy a file that can't be used to `path`.not-used-<epoch s>; returns that, "" if it fails.

    The file itself stays until it is written again.
    """
    aside = f"{path}.not-used-{int(time.time())}"
    try:
        _copy(path, aside)
    except OSError:
        return ""
    return aside


def write(path: str, content: Any) -> None:
    """Write `content` as JSON: into `path`.new first, which then replaces `path`.

    The file before it becomes `path`.bak, if it is good. When this returns, a power cut leaves the
    new file. Raises OSError, and ValueError or TypeError for values that JSON does not have, such
    as NaN.
    """
    target, fresh = Path(path), Path(f"{path}.new")
    target.parent.mkdir(parents=True, exist_ok=True)
    # Halves of signs (lone surrogates), which UTF-8 does not have, are escaped as JSON does it.
    with fresh.open("w", encoding="utf-8", errors="backslashreplace") as file:
        json.dump(content, file, ensure_ascii=False, allow_nan=False)
        file.flush()
        os.fsync(file.fileno())
    if _load(target) is not None:
        # It gets a second name, and is not moved, so that there is a file at every moment.
        _name_too(path, f"{path}.bak")
    os.replace(fresh, target)
    _keep_names(target.parent)


def write_text(path: str, text: str) -> None:
    """Write `text` (UTF-8) into `path`.new, which then replaces `path`. Raises OSError.

    Unlike `write` it keeps no copy of the file before, and does not wait for the disk. Whoever has
    removed it meanwhile, or has written it anew, has the last word: that is no error.
    """
    target, fresh = Path(path), Path(f"{path}.new")
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh.write_text(text, encoding="utf-8")
    with suppress(FileNotFoundError):
        os.replace(fresh, target)


def remove(path: str) -> None:
    """Remove a file, if it exists, and what may be left of writing it. Raises OSError."""
    for name in (path, f"{path}.new"):
        Path(name).unlink(missing_ok=True)


def _keep_names(folder: Path) -> None:
    """Wait until the disk has the names of the files in `folder`, where the system can do that."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _name_too(path: str, to: str) -> None:
    """Let `to` be the file at `path`, too; a copy of it where a file can't have two names."""
    try:
        with suppress(FileNotFoundError):
            os.remove(f"{to}.new")  # a crash may have left one
        os.link(path, f"{to}.new")
    except OSError:
        _copy(path, to)
    else:
        os.replace(f"{to}.new", to)


def _copy(path: str, to: str) -> None:
    """Copy a file as a whole: after a crash there is the old file or the complete copy."""
    shutil.copyfile(path, f"{to}.new")
    os.replace(f"{to}.new", to)


def _load(path: Path) -> Any:
    """The content of a JSON file; `None`: it can't be read, or has NaN or Infinity in it."""
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except (OSError, ValueError, RecursionError):
        return None


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")
