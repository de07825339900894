"""What all tests share: how thoroughly they search, and what is skipped without a cache."""

import importlib.util
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from simulator.trial import clones
from tests.effort import EFFORT, EXAMPLES

# Hooks: pytest finds them here.
from tests.isolation import pytest_runtest_protocol, pytest_runtestloop  # noqa: F401

# No deadline: machines differ, and speed is measured by script/bench, not asserted.
# too_slow: the same, for making the examples.
settings.register_profile(
    EFFORT,
    max_examples=EXAMPLES[EFFORT],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(EFFORT)

CACHE = clones.CACHE
# The pyscript and the OCPP integration to test with, the newest ones unless script/run_tests.py
# says others: it sets each in turn.
PYSCRIPT_DIR = Path(
    os.environ.get("LOADJUGGLER_PYSCRIPT_DIR")
    or clones.pyscripts(CACHE, clones.home_assistant())[-1]
)
OCPP_DIR = Path(os.environ.get("LOADJUGGLER_OCPP_DIR") or clones.ocpps(CACHE)[-1])

# Their files can't even be imported without it. script/test counts them and says so.
if importlib.util.find_spec("homeassistant") is None:
    collect_ignore = ["home_assistant", "blueprints", "end_to_end", "browser"]


def pytest_report_header() -> list[str]:
    """Say in one line that pyscript is too old for this Home Assistant, and what is done."""
    return list(filter(None, [clones.lacking(clones.home_assistant())]))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only the long run does; skip what script/setup found no source for."""
    if EFFORT != "long":
        long = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
    for marker, folder in (("pyscript", PYSCRIPT_DIR), ("ocpp", OCPP_DIR)):
        if not folder.exists():
            skip = pytest.mark.skip(reason=f"MISSING: there is no {folder.name} in .cache")
            for item in items:
                if item.get_closest_marker(marker):
                    item.add_marker(skip)
