"""Lets the pyscript that script/setup clones run in a newer Home Assistant than it was made for.

People update pyscript together with Home Assistant. The tests and script/home-assistant use two
revisions of it that stay the same, and Home Assistant has taken away since what these need:

    Home Assistant   what is gone                              the first pyscript without it
    2026.5           five functions of helpers.template        2.0.0
    2026.11          last_states of RestoreStateData           2.1.1

`support` gives it back, where it is missing. It must run before pyscript is imported. Home
Assistant itself uses none of these names, so nothing else changes.

    python -m simulator.trial.newest --config FOLDER ...       Home Assistant, with them
"""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Callable
from typing import Any

MOVED = {
    "forgiving_boolean": ("helpers", ""),
    "raise_no_default": ("helpers", ""),
    "forgiving_float": ("extensions.type_cast", "TypeCastExtension"),
    "forgiving_int": ("extensions.type_cast", "TypeCastExtension"),
    "forgiving_round": ("extensions.math", "MathExtension"),
}
"""Where Home Assistant keeps since 2026.5 what was in `helpers.template`: module, class."""


def support() -> None:
    """Give back what is missing, to the modules of this process. Raises ImportError if it can't."""
    template = importlib.import_module("homeassistant.helpers.template")
    for name, (module, owner) in MOVED.items():
        if not hasattr(template, name):
            found: Any = importlib.import_module(f"{template.__name__}.{module}")
            function = getattr(getattr(found, owner) if owner else found, name)
            setattr(template, name, _without_default(function, template._SENTINEL))
    restored = importlib.import_module("homeassistant.helpers.restore_state").RestoreStateData
    new = "last_states_by_entity_id"
    if new in restored.__init__.__code__.co_names and not hasattr(restored, "last_states"):
        restored.last_states = property(lambda self: getattr(self, new))


def _without_default(function: Callable[..., Any], none: object) -> Callable[..., Any]:
    """The function, called without a default where pyscript gives the mark `none` for none.

    Home Assistant has a mark of its own in each of these modules.
    """

    @functools.wraps(function)
    def called(*values: Any, **named: Any) -> Any:
        return function(*values, **{key: x for key, x in named.items() if x is not none})

    return called


def main() -> int:
    """Run Home Assistant with the arguments of this command; returns its exit status."""
    support()
    run = importlib.import_module("homeassistant.__main__").main
    return int(run())


if __name__ == "__main__":
    sys.exit(main())
