"""`script/simulate --steps`, `--sweep` and `--replay`: experiments, their figures and pictures."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path

from ..day_command import FAILED, OUT, REFUSED
from .catalogue import all_steps, replay
from .experiment import Experiment, Trace, run
from .figures import figures
from .signals import Unreadable
from .sweep import Figures, all_cases, as_data, by_kind, case_figures, some_cases


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


def simulate_sweep(as_json: bool, share: int, seed: int) -> int:
    """Run as many cases of the sweep as every `share`-th one, chosen by `seed`, on all processors.

    Returns the exit status: 0, or 1 if a load was stopped without need, was late, or did not become
    calm.
    """
    chosen = list(all_cases(seed)) if share == 1 else some_cases(share, seed)
    found: list[Figures] = []
    with get_context("spawn").Pool() as pool:
        for one in pool.imap(case_figures, chosen, chunksize=4):
            found.append(one)
            if as_json:
                print(json.dumps(as_data(one), ensure_ascii=False), flush=True)
            elif sys.stderr.isatty():
                print(f"\r{len(found)} of {len(chosen)}", end="", file=sys.stderr, flush=True)
    if not as_json:
        from .table import show_sweep

        show_sweep(by_kind(found))
        for one in found:
            if not one.good:
                print(f"{one.case.name}: {one.stops} stops, {one.late_s:g} s late")
    return 0 if all(one.good for one in found) else FAILED


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
