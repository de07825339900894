"""Which pyscript and which OCPP integration go with a Home Assistant, of those in .cache.

Both are no packages, so script/setup clones them. The revisions in PYSCRIPTS and OCPPS are always
the same, so that tests are. Home Assistant has left this pyscript behind:

    Home Assistant   the first pyscript that loads
    2026.5           2.0.0
    2026.11          2.1.1

There script/setup clones the newest release, too, and all uses that. Where it can't be had, the
older revisions are given what they lack (`newest`), and script/setup says so.

    python -m simulator.trial.clones URL     prints the release of pyscript to clone from there
"""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

CACHE = Path(__file__).resolve().parent.parent.parent / ".cache"
PYSCRIPTS = ("pyscript-1.7.0", "pyscript-a51b95b")
"""A release, and a commit of what became 2.0, which loads and triggers differently."""
OCPPS = ("ocpp-v0.11.0", "ocpp-a37fed3")
"""A release, and the newest commit that can be had."""

NEEDS = (((2026, 11), (2, 1, 1)), ((2026, 5), (2, 0, 0)))
"""From which Home Assistant on which pyscript is the oldest that loads, the newest first."""

LOOK_S = 20
"""So long, s, it waits for the list of releases."""

Version = tuple[int, ...]


def home_assistant() -> str:
    """The version of Home Assistant that is installed, "2026.11.0"; "": none is."""
    try:
        return importlib.metadata.version("homeassistant")
    except importlib.metadata.PackageNotFoundError:
        return ""


def numbers(version: str) -> Version:
    """The numbers in a version: "v2.1.1" is (2, 1, 1)."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def needs(version: str) -> Version:
    """The oldest pyscript that loads in this version of Home Assistant; (): those of PYSCRIPTS."""
    found = numbers(version)[:2]
    return next((pyscript for since, pyscript in NEEDS if found >= since), ())


def newest_fitting(names: Sequence[str], least: Version) -> str:
    """The newest of these releases that is no preview and not older than `least`; "": none is."""
    fitting = [name for name in names if re.fullmatch(r"v?\d+(\.\d+)+", name)]
    fitting = [name for name in fitting if numbers(name) >= least]
    return max(fitting, key=numbers, default="")


def pyscripts(cache: Path, version: str) -> list[Path]:
    """The folders of pyscript to use with this version of Home Assistant, the newest last.

    A folder may be missing: then it could not be cloned.
    """
    least = needs(version)
    if least:
        there = [path.name.removeprefix("pyscript-") for path in cache.glob("pyscript-*")]
        if newest := newest_fitting(there, least):
            return [cache / f"pyscript-{newest}"]
    return [cache / name for name in PYSCRIPTS]


def ocpps(cache: Path) -> list[Path]:
    """The folders of the OCPP integration that are there, the newest last; else the first one."""
    there = [path for name in OCPPS if (path := cache / name).exists()]
    return there or [cache / OCPPS[0]]


def releases(url: str) -> list[str]:
    """The tags of a repository; none if it can't be reached."""
    command = ["git", "ls-remote", "--tags", "--refs", url]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LOOK_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [line.rpartition("/")[2] for line in done.stdout.splitlines()]


def lacking(version: str, cache: Path = CACHE) -> str:
    """The sentence that pyscript is too old for this Home Assistant; "": it is not."""
    least = needs(version)
    if not least or pyscripts(cache, version)[0].name not in PYSCRIPTS:
        return ""
    wanted = ".".join(str(part) for part in least)
    return (
        f"MISSING: pyscript {wanted} or newer, which Home Assistant {version} needs, can't be had "
        "here; the older ones are given what they lack (simulator/trial/newest.py)."
    )


def main(arguments: Sequence[str]) -> int:
    """Print the release to clone from a URL, if one is needed and not there; and what lacks."""
    version = home_assistant()
    if arguments == ["--lacking"]:
        print(lacking(version), end="")
        return 0
    (url,) = arguments
    if least := needs(version):
        print(newest_fitting(releases(url), least), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
