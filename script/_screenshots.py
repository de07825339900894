"""Makes the pictures for README and docs, as script/screenshots --help explains it.

The house has a day behind it, simulated with the same engine; what is seen now is live.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from loadjuggler.publish.entity import CHANGES
from loadjuggler.publish.picture.tree import wiring_svg

from simulator.trial.lived import Lived, lived, record
from tests.browser.conftest import missing, running
from tests.browser.trial import House
from tests.browser.window import chromium, window
from tests.engine.picture.houses import family

DOCS = Path(__file__).resolve().parent.parent / "docs" / "images"
HOUR_OF_DAY = 15
"""It is afternoon in the pictures, as a time zone is chosen where it is."""
SETTLED_S = 45.0
"""The picture of the wiring is drawn anew every 10 s, and energies once a minute at most."""
DASHBOARDS: dict[str, tuple[int, dict[str, bool]]] = {
    "home-assistant": (1650, {}),
    "dashboard-phone": (1350, {"phone": True}),
    "dashboard-dark": (1650, {"dark": True}),
}
"""How tall each is at most, and how it is looked at."""
WIRING = {"wiring-light": "light", "wiring-dark": "dark"}
GROUND = {"light": "#f2f4f7", "dark": "#111417"}
LEFT, RIGHT = (f"sensor.loadjuggler_{side}_car_allocated_current" for side in ("left", "right"))


def main() -> int:
    """Make the pictures; exit status 1 if there is no browser."""
    parser = argparse.ArgumentParser(prog="script/screenshots", add_help=False)
    parser.add_argument("--to", type=Path, default=DOCS)
    folder: Path = parser.parse_args().to
    reason = missing()
    if reason:
        print(f"There are no pictures: {reason}.", file=sys.stderr)
        return 1
    out = DOCS.parent.parent / "out" / "screenshots"
    out.mkdir(parents=True, exist_ok=True)
    ahead_h, zone = time_zone()
    with chromium() as browser:
        for name, colours in WIRING.items():
            shoot_wiring(browser, folder / f"{name}.png", colours)
            print(folder / f"{name}.png", flush=True)
        with running(out / "home-assistant", "--time-zone", zone) as house:
            day = lived(time.time(), ahead_h * 3600.0)
            settle(house, day)
            past = out / "home-assistant" / "config" / "home-assistant_v2.db"
            record(past, day.rows, time.time())
            for name, (tallest, how) in DASHBOARDS.items():
                with window(browser, house.address, house.keys, **how, time_zone=zone) as shown:
                    tell_of_the_day(house, day)
                    shown.open("load-juggler")
                    shown.shoot(folder / f"{name}.png", tallest)
                print(folder / f"{name}.png", flush=True)
    return 0


def time_zone() -> tuple[int, str]:
    """Hours ahead of UTC and the name of a time zone in which it is afternoon now."""
    ahead_h = (HOUR_OF_DAY - time.gmtime().tm_hour + 12) % 24 - 12
    return ahead_h, f"Etc/GMT{-ahead_h:+d}" if ahead_h else "Etc/GMT"  # its signs are the other way


def settle(house: House, day: Lived) -> None:
    """Move the sliders to where the day ended, and wait until the cars have followed."""
    house.until(lambda: min(house.amps(LEFT), house.amps(RIGHT)) > 6, "both cars charge", 90.0)
    sliders = {f"household_{phase.lower()}": amps for phase, amps in day.household_a.items()}
    sliders = {name: round(amps * 2) / 2 for name, amps in sliders.items()}
    for name, value in ({"sun": round(day.sun_w, -2)} | sliders).items():
        house.call("input_number/set_value", entity_id=f"input_number.{name}", value=value)
    modes = {"left": "solar_priority", "right": "standard"}
    for side, mode in modes.items():
        entity = f"input_select.{side}_mode"
        house.call("input_select/select_option", entity_id=entity, option=mode)
    house.until(
        lambda: house.amps(LEFT) == 6.0 and house.amps(RIGHT) > 12, "the cars have followed", 90.0
    )
    time.sleep(SETTLED_S)
    # That there are new devices around is told to who sets this Home Assistant up, not here.
    house.call("persistent_notification/dismiss", notification_id="config_entry_discovery")


def tell_of_the_day(house: House, day: Lived) -> None:
    """Show what was counted in the day: Home Assistant itself has been there for a minute only."""
    states = house.states()
    for entity, shown in day.shown.items():
        if entity == CHANGES or entity.endswith(("_energy_today", "_solar_share_today")):
            assert entity in states, f"{entity} is not there"
            house.set_state(entity, shown.value, dict(shown.attributes))


def shoot_wiring(browser: Any, path: Path, colours: str) -> None:
    """The wiring of a house with sun and battery, as it is seen on a phone."""
    size = {"width": 390, "height": 10}
    context = browser.new_context(viewport=size, device_scale_factor=2, color_scheme=colours)
    page = context.new_page()
    rules = f"body{{margin:0;background:{GROUND[colours]}}}svg{{width:100%;height:auto}}"
    page.set_content(f"<style>{rules}</style>{wiring_svg(*family())}")
    page.screenshot(path=str(path), full_page=True)
    context.close()


if __name__ == "__main__":
    sys.exit(main())
