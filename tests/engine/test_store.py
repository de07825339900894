"""The file that outlives a restart: whole or not there, and never lost to a crash."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from loadjuggler.runtime import file as store


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
        pytest.param(b'{"run": NaN}', id="a number that is none"),
        pytest.param(b'{"run": -Infinity}', id="a number without end"),
        pytest.param(b'{"run": ' + b"[" * 100_000, id="a list in a list in a list"),
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
    aside = list(tmp_path.glob("house.json.not-used-*"))
    assert [item.read_bytes() for item in aside] == [damage]
    assert store.read(str(path)) == ({"run": 1}, None), "and it is in its place"


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
    for wrong in (object(), float("nan"), float("inf")):
        with pytest.raises((TypeError, ValueError)):
            store.write(path, {"run": wrong})
    assert store.read(path) == ({"run": 1}, None)


def test_a_damaged_file_never_becomes_the_good_copy(tmp_path: Path) -> None:
    path = tmp_path / "house.json"
    store.write(str(path), {"run": 1})
    store.write(str(path), {"run": 2})
    path.write_text("{")
    store.write(str(path), {"run": 3})
    assert json.loads((tmp_path / "house.json.bak").read_text()) == {"run": 1}
    assert store.read(str(path)) == ({"run": 3}, None)


def test_a_file_that_is_whole_and_of_no_use_is_kept_under_another_name(tmp_path: Path) -> None:
    path = tmp_path / "house.json"
    store.write(str(path), {"version": 99})
    aside = Path(store.set_aside(str(path)))
    store.write(str(path), {"version": 1})
    store.write(str(path), {"version": 1})
    assert aside.name.startswith("house.json.not-used-")
    assert json.loads(aside.read_text()) == {"version": 99}


def test_what_can_neither_be_read_nor_copied_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "house.json").mkdir()
    found, warning = store.read(str(tmp_path / "house.json"))
    assert found is None
    assert warning is not None
    assert "Starting from nothing" in warning


def test_no_file_can_not_be_set_aside(tmp_path: Path) -> None:
    assert store.set_aside(str(tmp_path / "house.json")) == ""
    assert list(tmp_path.iterdir()) == []
