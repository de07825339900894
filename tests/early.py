"""Lets the package for tests in Home Assistant work with a newer Home Assistant than its own.

The package (pytest-homeassistant-custom-component) follows each release some days later, and in
between what it imports may have moved. pytest loads this file before all plugins
(`-p tests.early` in pyproject.toml), and it waits for the package to be imported:

    Home Assistant   what the package 0.13.375 expects                 what is so
    2026.11          httpx may be imported before Home Assistant       that raises
    2026.11          logger._clear_logger_overwrites                   it is in logger.helpers

With a Home Assistant that has all this, nothing is changed.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

PACKAGE = "pytest_homeassistant_custom_component"
LOGGER = "homeassistant.components.logger"
CLEARS = "_clear_logger_overwrites"


class BeforePackage:
    """A finder of modules that finds none: it makes ready when the package is looked for."""

    @staticmethod
    def find_spec(
        name: str,
        path: Sequence[str] | None = None,  # noqa: ARG004
        target: ModuleType | None = None,  # noqa: ARG004
    ) -> ModuleSpec | None:
        """Make ready if `name` is the package; the finders after this one find it."""
        if name == PACKAGE:
            sys.meta_path.remove(BeforePackage)
            make_ready()
        return None


def make_ready() -> None:
    """Import Home Assistant first, and put back what the package expects. Raises ImportError."""
    importlib.import_module("homeassistant")
    logger, helpers = (importlib.import_module(name) for name in (LOGGER, f"{LOGGER}.helpers"))
    if hasattr(helpers, CLEARS) and not hasattr(logger, CLEARS):
        setattr(logger, CLEARS, getattr(helpers, CLEARS))


if importlib.util.find_spec("homeassistant") is not None:
    sys.meta_path.insert(0, BeforePackage)
