"""A JSON file that is whole or not there: written atomically, the last good copy kept."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any


def read(path: str) -> tuple[Any, str | None]:
    """Content of the file at `path` and a warning (`None`: all is well).

    A damaged file is set aside under a name with the time in it, and the last good copy is read
    instead; without either, content is `None`.
    """
    good, warning = _load(Path(path)), None
    if good is None and Path(path).exists():
        aside = f"{path}.damaged-{int(time.time())}"
        os.replace(path, aside)
        warning = f"{path} can't be read; it is set aside as {aside}."
        good = _load(Path(f"{path}.bak"))
        warning += " Its last good copy is used." if good is not None else " Starting from nothing."
    return good, warning


def write(path: str, content: Any) -> None:
    """Write `content` as JSON; readers see the old file or the new one, never half of one."""
    target, fresh = Path(path), Path(f"{path}.new")
    target.parent.mkdir(parents=True, exist_ok=True)
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    if _load(target) is not None:
        # A copy: were it moved, there would be a moment without any file.
        shutil.copyfile(target, f"{path}.bak.new")
        os.replace(f"{path}.bak.new", f"{path}.bak")
    os.replace(fresh, target)


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
