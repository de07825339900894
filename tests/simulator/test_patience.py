"""Tests that wait in real time allow for a busy machine."""

import os

import pytest

from tests.patience import patient_s


def busy(monkeypatch: pytest.MonkeyPatch, processes: float, processors: int) -> None:
    """So many processes wait for so many processors."""
    monkeypatch.setattr(os, "getloadavg", lambda: (processes, 0.0, 0.0))
    monkeypatch.setattr(os, "cpu_count", lambda: processors)


def test_a_limit_is_longer_by_what_waits_for_a_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    busy(monkeypatch, 0.2, 2)
    assert patient_s(30.0) == 30.0, "an idle machine"
    busy(monkeypatch, 2.0, 2)
    assert patient_s(30.0) == 30.0, "a process for each processor"
    busy(monkeypatch, 6.0, 2)
    assert patient_s(30.0) == 90.0
    busy(monkeypatch, 6.0, 16)
    assert patient_s(30.0) == 30.0
