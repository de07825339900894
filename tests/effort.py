"""How much the tests do: the one switch between a quick, the usual and the long run.

script/run_tests.py sets LOADJUGGLER_EFFORT: "fast" for `script/test --fast`, "usual" for
`script/test`, "long" for `script/test --long`. A test that draws random houses asks
`at_length(usual, long)` how many; hypothesis reads its own number of examples from EXAMPLES. The
assertion is the same in each run, only the number of cases differs.

Two markers belong to it. `long`: the test runs in the long run only. `any_pyscript`: the test says
the same with every pyscript, so the usual run does it with one; the long run with each.
"""

from __future__ import annotations

import os
from typing import TypeVar

T = TypeVar("T")
EFFORT = os.environ.get("LOADJUGGLER_EFFORT", "usual")
# How many examples hypothesis tries in a test that does not say a number itself.
EXAMPLES = {"fast": 50, "usual": 100, "long": 500}
if EFFORT not in EXAMPLES:
    raise ValueError(f"LOADJUGGLER_EFFORT={EFFORT} is none of {', '.join(EXAMPLES)}")


def at_length(usual: T, long: T) -> T:
    """Return how much a test tries, for instance how many houses: `long` in the long run."""
    return long if EFFORT == "long" else usual
