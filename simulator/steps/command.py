"""`script/simulate --steps` and `--replay`: experiments, their figures and their pictures."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from ..day_command import FAILED, OUT, REFUSED
from .catalogue import all_steps, replay
from .experiment import Experiment, Trace, run
from .figures import figures
from .signals import Unreadable


def simulate_steps(as_json: bool, folder: Path | None, only: str = "") -> int:
    """Run the experiments with `only` in their names, and draw pictures into `folder` (out/).

    Returns the exit status: 0, 1 (a picture could not be written) or 2 (no experiment is named so).
    """
    chosen = [one for one in all_steps() if only in one.name]
    if not chosen:
        print(f"there is no experiment with '{only}' in its name", file=sys.stderr)
        return REFUSED
    traces = _run(chosen, as_json)
    from .picture import draw_all

    try:
        written = draw_all({trace.experiment.name: trace for trace in traces}, folder or OUT)
    except OSError as error:
        print(f"The pictures could not be written: {error.strerror}", file=sys.stderr)
        return FAILED
    for path in written:
        print(f"Picture: {path}", file=sys.stderr if as_json else sys.stdout)
    return 0


def simulate_replay(files: Sequence[str], as_json: bool) -> int:
    """Replay readings of real houses; returns the exit status: 0, or 2 (a file was refused)."""
    chosen, errors = [], []
    for path in files:
        try:
            chosen.append(replay(Path(path)))
        except Unreadable as error:
            errors.append(str(error))
    if errors:
        print("\n".join(errors), file=sys.stderr)
        return REFUSED
    _run(chosen, as_json)
    return 0


def _run(chosen: Sequence[Experiment], as_json: bool) -> list[Trace]:
    """Run all of `chosen` and tell what came of them."""
    traces = []
    told = []
    for one in chosen:
        trace = run(one)
        traces.append(trace)
        told.append(figures(trace))
        if as_json:
            print(json.dumps(told[-1], ensure_ascii=False), flush=True)
    if not as_json:
        from .table import show_steps

        show_steps(told)
    return traces
