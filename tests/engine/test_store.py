"""The file that outlives a restart: whole or not there, and never lost to a crash."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from loadjuggler import store


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = str(tmp_path / "storage" / "house.json")
    store.write(path, {"name": "Žan", "amps": 13.7})
    assert store.read(path) == ({"name": "Žan", "amps": 13.7}, None)


def test_nothing_there_is_nothing_and_no_warning(tmp_path: Path) -> None:
    assert store.read(str(tmp_path / "house.json")) == (None, None)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(b"", id="an empty file"),
        pytest.param(b'{"name": "Ho', id="half a file"),
        pytest.param(b"\xff\xfe\x00", id="bytes that are no text"),
    ],
)
def test_a_damaged_file_is_set_aside_and_its_last_good_copy_used(
    tmp_path: Path, damage: bytes
) -> None:
    path = tmp_path / "house.json"
    store.write(str(path), {"run": 1})
    store.write(str(path), {"run": 2})
    path.write_bytes(damage)
    found, warning = store.read(str(path))
    assert found == {"run": 1}
    assert warning is not None
    assert "last good copy is used" in warning
    aside = list(tmp_path.glob("house.json.damaged-*"))
    assert [item.read_bytes() for item in aside] == [damage]


def test_a_damaged_file_without_a_copy_starts_from_nothing_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "house.json"
    path.write_text("{")
    found, warning = store.read(str(path))
    assert found is None
    assert warning is not None
    assert "Starting from nothing" in warning


def test_a_crash_while_writing_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "house.json")
    store.write(path, {"run": 1})

    def crash(_: int) -> None:
        raise OSError("power cut")

    monkeypatch.setattr(os, "fsync", crash)
    with pytest.raises(OSError, match="power cut"):
        store.write(path, {"run": 2})
    assert store.read(path) == ({"run": 1}, None)


def test_what_can_not_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    path = str(tmp_path / "house.json")
    store.write(path, {"run": 1})
    with pytest.raises(TypeError):
        store.write(path, {"run": object()})
    assert store.read(path) == ({"run": 1}, None)


def test_a_damaged_file_never_becomes_the_good_copy(tmp_path: Path) -> None:
    path = tmp_path / "house.json"
    store.write(str(path), {"run": 1})
    store.write(str(path), {"run": 2})
    path.write_text("{")
    store.write(str(path), {"run": 3})
    assert json.loads((tmp_path / "house.json.bak").read_text()) == {"run": 1}
    assert store.read(str(path)) == ({"run": 3}, None)
