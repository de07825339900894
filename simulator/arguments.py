"""Arguments of commands: what can't be used is refused in one line, before anything is done."""

from __future__ import annotations

import argparse
import math
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

REFUSED = 2
"""The exit status of a command that was refused."""


_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@=+*|:-]{0,47}")
"""An id of a station: OCPP 1.6-J 3.1.1 has it in an address; here it is the name of a file, too."""


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line: which command, which argument, what is wrong with it."""

    def __init__(self, prog: str) -> None:
        """For the command `prog`, which says its --help itself."""
        super().__init__(prog=prog, add_help=False, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """End with one line on stderr."""
        self.exit(REFUSED, f"{self.prog}: error: {message}\n")


def _refused(text: str, needed: str) -> argparse.ArgumentTypeError:
    shown = text if len(text) <= 60 else f"{text[:59]}…"
    return argparse.ArgumentTypeError(f"{shown!r} is not {needed}")


def whole(least: int = 0, most: int = 2**53) -> Callable[[str], int]:
    """A reader of whole numbers from `least` to `most`, in the digits 0 to 9."""

    def read(text: str) -> int:
        said = (
            f"a whole number from {least} to {most}"
            if most < 2**53
            else (f"a whole number from {least} on")
        )
        if not re.fullmatch(r"[+-]?[0-9]{1,20}", text) or not least <= int(text) <= most:
            raise _refused(text, said)
        return int(text)

    return read


def above_zero(text: str) -> float:
    """A number above 0."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0.0 < value < math.inf:
        raise _refused(text, "a number above 0")
    return value


def duration_s(text: str) -> float:
    """A time in s, 0 or more."""
    return 0.0 if text in ("0", "0.0") else above_zero(text)


def port(text: str) -> int:
    """A port of TCP that a program may listen on: 1 to 65535."""
    return whole(1, 65535)(text)


def websocket(text: str) -> str:
    """An address of a central system: ws or wss, a host, and a port if there is one."""
    needed = "an address like ws://127.0.0.1:9000 or wss://central.example/ocpp"
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("ws", "wss") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(sign.isspace() or not sign.isprintable() for sign in text):
        raise _refused(text, needed)
    return text


def is_station_id(text: str) -> bool:
    """Whether this can be the id of a station. It is part of a file's name, so it has no slash."""
    return bool(_NAME.fullmatch(text)) and ".." not in text


def station_id(text: str) -> str:
    """The beginning of the ids of stations."""
    if not is_station_id(text):
        raise _refused(text, "an id: up to 48 letters, digits and _ . @ = + * | : - are")
    return text


def folder(text: str) -> Path:
    """A folder that exists and can be written, or can be made."""
    path = Path(text)
    there = path
    while not there.exists() and there != there.parent:
        there = there.parent
    if not text or not there.is_dir() or not os.access(there, os.W_OK):
        raise _refused(text, f"a folder that can be written ({there})")
    return path
