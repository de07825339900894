"""Starts the house to try, says how to get in, and ends it all on Ctrl-C."""

from __future__ import annotations

import argparse
import importlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from ..arguments import Parser, port
from ..arguments import folder as a_folder
from . import clones, visit
from . import folder as configuration

USER = "juggler"
PASSWORD = "juggler"
START_S = 180.0
"""How long Home Assistant may take to start, on a slow machine, and Load Juggler after it."""
SAID_LINES = 5
"""So many errors of the log are shown when Load Juggler does not start."""
END_S = 30.0
STATIONS_LOG = "stations.log"
LOOK_S = 5.0
"""How often the dashboard is made anew, so that it shows what was wired meanwhile."""


class Failed(Exception):
    """It can't go on; the text says why."""


def parse_arguments() -> argparse.Namespace:
    """Read the command line, as script/home-assistant --help explains it."""
    parser = Parser("script/home-assistant")
    default = configuration.PROJECT / "out" / "home-assistant"
    parser.add_argument("--folder", type=a_folder, default=default)
    parser.add_argument("--port", type=port)
    parser.add_argument("--ocpp-port", type=port)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--empty", action="store_true")
    parser.add_argument("--time-zone", default=configuration.TIME_ZONE)
    return parser.parse_args()


def stores_http_since(version: str) -> bool:
    """Whether this version of Home Assistant stores where it listens: from 2026.8 on."""
    return clones.numbers(version)[:2] >= (2026, 8)


def http_version() -> int | None:
    """The version of the file in which Home Assistant stores where it listens; `None`: in none.

    2026.8 to 2026.10 read version 2, 2026.11 reads version 3, and none reads a newer one.
    """
    if not stores_http_since(clones.home_assistant()):
        return None
    return int(importlib.import_module("homeassistant.components.http.config").STORAGE_VERSION)


def is_free(port: int) -> bool:
    """Whether nobody listens on a port of 127.0.0.1."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose_port(wanted: int | None, usual: int) -> int:
    """The wanted port; without one the usual or, if that is taken, any free one. Raises Failed."""
    if wanted is not None:
        if not is_free(wanted):
            raise Failed(f"Port {wanted} is taken.")
        return wanted
    if is_free(usual):
        return usual
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def integrations() -> list[Path]:
    """The clones of pyscript and the OCPP integration. Raises Failed if one is not there."""
    pyscript, ocpp = (os.environ.get(f"LOADJUGGLER_{name}_DIR") for name in ("PYSCRIPT", "OCPP"))
    cache = clones.CACHE
    found = [
        Path(pyscript or clones.pyscripts(cache, clones.home_assistant())[0]),
        Path(ocpp or clones.ocpps(cache)[-1]),
    ]
    missing = [path.name for path in found if not path.exists()]
    if missing:
        raise Failed(
            f"{' and '.join(missing)} could not be downloaded (script/setup says why). "
            "Without Home Assistant, script/demo shows the same engine at work."
        )
    return found


def run(command: Sequence[str | Path], log: Path) -> subprocess.Popen[bytes]:
    """Start a process of its own group, which Ctrl-C does not reach, with its output in a file."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            cwd=configuration.PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and kill it if it does not."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(END_S)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


def hass_command(folder: Path) -> list[str | Path]:
    """Home Assistant on the folder; what it needs is installed, so it looks for no packages."""
    return [sys.executable, "-m", "simulator.trial.newest", "--config", folder, "--skip-pip"]


def add_user(folder: Path) -> None:
    """Add the user who can log in, by Home Assistant's own tool. Raises Failed."""
    tool = [sys.executable, "-m", "homeassistant", "--script", "auth", "--config", str(folder)]
    done = subprocess.run(
        [*tool, "add", USER, PASSWORD],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failed(f"The user could not be added:\n{done.stdout}")


def stations_command(folder: Path, ocpp_port: int) -> list[str | Path]:
    """The virtual charging stations, each with a car."""
    return [
        *(sys.executable, "-m", "simulator.station.command"),
        *("--url", f"ws://127.0.0.1:{ocpp_port}"),
        *("--id", configuration.STATION_ID, "--count", str(len(configuration.STATIONS))),
        *("--state-dir", folder / "stations", "--events"),
    ]


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until Home Assistant answers. Raises Failed if it ends or takes too long."""
    give_up_at = time.monotonic() + START_S
    while time.monotonic() < give_up_at:
        if process.poll() is not None:
            raise Failed(f"Home Assistant ended with status {process.returncode}: see {log}")
        try:
            with urllib.request.urlopen(f"{address}/manifest.json", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise Failed(f"Home Assistant does not answer: see {log}")


def show_dashboard(folder: Path, visitor: visit.Visitor, *, empty: bool = False) -> bool:
    """Put the dashboard of what is wired now into the folder; whether loads are on it.

    Where it is `empty`, nothing need be wired.
    """
    answer = visitor.dashboard()
    if answer is None or not (empty or "_allocated_current" in str(answer["views"])):
        return False
    visit.put(folder, answer)
    return True


def wait_for_dashboard(
    folder: Path, visitor: visit.Visitor, home: subprocess.Popen[bytes], *, empty: bool = False
) -> None:
    """Wait until there is something to be seen. Raises Failed if it does not come."""
    log = folder / "output.log"
    give_up_at = time.monotonic() + START_S
    while not show_dashboard(folder, visitor, empty=empty):
        if home.poll() is not None:
            raise Failed(f"Home Assistant ended with status {home.returncode}: see {log}")
        if time.monotonic() > give_up_at:
            raise Failed(
                "Home Assistant runs, but the entities of Load Juggler's loads have not come "
                f"within {START_S:.0f} s.\n{errors_of(log)}"
            )
        time.sleep(0.5)


def errors_of(log: Path) -> str:
    """The last errors in the log of Home Assistant, those of pyscript first; where it is."""
    text = re.sub(r"\x1b\[[\d;]*m", "", log.read_text(encoding="utf-8", errors="replace"))
    errors = [line for line in text.splitlines() if " ERROR " in line]
    found = [line for line in errors if "pyscript" in line] or errors
    said = "\n".join(found[-SAID_LINES:]) or "It logged no error."
    return f"{said}\nAll that it logged is in {log}"


def go_on(
    folder: Path, visitor: visit.Visitor, processes: Sequence[subprocess.Popen[bytes]]
) -> None:
    """Keep the dashboard up to date until one of the processes ends."""
    look_at = time.monotonic()
    while all(process.poll() is None for process in processes):
        if time.monotonic() >= look_at:
            show_dashboard(folder, visitor)
            look_at = time.monotonic() + LOOK_S
        time.sleep(0.3)


def stop_at_signal(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    """End in the same way on Ctrl-C, SIGTERM and SIGHUP."""
    raise KeyboardInterrupt


def live(arguments: argparse.Namespace) -> None:
    """Start everything, and go on until Ctrl-C. Raises Failed, KeyboardInterrupt."""
    clones = integrations()
    folder: Path = arguments.folder.resolve()
    if not configuration.is_ours(folder):
        raise Failed(f"{folder} is not empty and was not made by script/home-assistant.")
    if arguments.fresh:
        configuration.remove(folder)
    port = choose_port(arguments.port, 8123)
    ocpp_port = choose_port(arguments.ocpp_port, 9000)
    zone, stored = arguments.time_zone, http_version()
    if configuration.write(folder, clones, port, ocpp_port, zone, http_version=stored):
        print("Making a new house ...", flush=True)
        if arguments.empty:
            configuration.without_forms(folder)
        add_user(folder)
    log = folder / "output.log"
    processes: list[subprocess.Popen[bytes]] = []
    try:
        print("Starting Home Assistant ...", flush=True)
        home = run(hass_command(folder), log)
        processes.append(home)
        address = f"http://127.0.0.1:{port}"
        wait_for(address, home, log)
        processes.append(run(stations_command(folder, ocpp_port), folder / STATIONS_LOG))
        visitor = visit.Visitor(address, USER, PASSWORD)
        wait_for_dashboard(folder, visitor, home, empty=arguments.empty)
        print(
            f"\nOpen     {address}/load-juggler\nUser     {USER}\nPassword {PASSWORD}\n\n"
            f"Stations connect to ws://127.0.0.1:{ocpp_port}; configuration and logs are in "
            f"{folder}.\nCtrl-C ends it all.",
            flush=True,
        )
        go_on(folder, visitor, processes)
        stations = ("The stations", folder / STATIONS_LOG)
        who, where = stations if home.poll() is None else ("Home Assistant", log)
        raise Failed(f"{who} ended, which was not asked for: see {where}")
    finally:
        # What was started must not be left behind by somebody who presses Ctrl-C twice.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if processes:
            print("\nEnding ...", flush=True)
        for process in reversed(processes):
            end(process)


def main() -> int:
    """Run until Ctrl-C (exit status 0) or until something fails (1)."""
    # SIGINT, too: a shell that starts this in the background lets it ignore Ctrl-C otherwise.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_at_signal)
    try:
        live(parse_arguments())
    except KeyboardInterrupt:
        return 0
    except Failed as failed:
        print(failed, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
