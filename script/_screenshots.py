"""Makes the pictures of the dashboard for the docs, as script/screenshots --help explains it."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tests.browser.conftest import missing, running
from tests.browser.window import chromium, window

DOCS = Path(__file__).resolve().parent.parent / "docs" / "images"
SETTLED_S = 40.0
"""The picture of the wiring is drawn anew every 10 s, and energies once a minute at most."""


def main() -> int:
    """Start the house, let both cars charge, and take the pictures."""
    parser = argparse.ArgumentParser(prog="script/screenshots", add_help=False)
    parser.add_argument("--to", type=Path, default=DOCS)
    folder: Path = parser.parse_args().to
    reason = missing()
    if reason:
        print(f"There are no pictures: {reason}.", file=sys.stderr)
        return 1
    out = DOCS.parent.parent / "out" / "screenshots"
    out.mkdir(parents=True, exist_ok=True)
    with running(out / "home-assistant") as house, chromium() as browser:
        left, right = (
            f"sensor.loadjuggler_{side}_car_allocated_current" for side in ("left", "right")
        )
        house.until(lambda: min(house.amps(left), house.amps(right)) > 7, "both cars charge", 90.0)
        time.sleep(SETTLED_S)
        for name, tallest, how in (
            ("home-assistant", 2000, {}),
            ("dashboard-phone", 1300, {"phone": True}),
            ("dashboard-dark", 2000, {"dark": True}),
        ):
            with window(browser, house.address, house.keys, **how) as shown:
                shown.open("load-juggler")
                shown.shoot(folder / f"{name}.png", tallest)
                print(folder / f"{name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
