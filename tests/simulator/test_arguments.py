"""What commands can't use is refused in one line, before anything is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.chaos import command as chaos
from simulator.station import command as stations
from simulator.station.keep import Store

Command = Callable[[list[str]], object]
WRONG: list[tuple[Command, list[str], str]] = [
    (stations.main, ["--url", "http://127.0.0.1:9000"], "ws://"),
    (stations.main, ["--url", "ftp://127.0.0.1"], "ws://"),
    (stations.main, ["--url", ""], "ws://"),
    (stations.main, ["--url", "ws://127.0.0.1:99999"], "ws://"),
    (stations.main, ["--url", "ws://127.0.0.1:abc"], "ws://"),
    (stations.main, ["--url", "ws://127.0.0.1:0"], "ws://"),
    (stations.main, ["--url", "ws://:9000"], "ws://"),
    (stations.main, ["--url", "ws://a b"], "ws://"),
    (stations.main, ["--count", "0"], "from 1 to 1000"),
    (stations.main, ["--count", "1e9"], "from 1 to 1000"),
    (stations.main, ["--count", "100000"], "from 1 to 1000"),
    (stations.main, ["--count", "٢"], "from 1 to 1000"),
    (stations.main, ["--connectors", "0"], "from 1 to 16"),
    (stations.main, ["--id", "../../x"], "an id"),
    (stations.main, ["--id", "a/b"], "an id"),
    (stations.main, ["--id", "a\\b"], "an id"),
    (stations.main, ["--id", ".."], "an id"),
    (stations.main, ["--id", ""], "an id"),
    (stations.main, ["--id", "a\nb"], "an id"),
    (stations.main, ["--id", "x" * 300], "an id"),
    (stations.main, ["--state-dir", "/etc/hostname"], "a folder"),
    (stations.main, ["--state-dir", "/etc/hostname/below"], "a folder"),
    (stations.main, ["--state-dir", ""], "a folder"),
    (stations.main, ["--speed", "0"], "above 0"),
    (stations.main, ["--speed", "nan"], "above 0"),
    (stations.main, ["--seconds", "-1"], "above 0"),
    (stations.main, ["--max-a", "inf"], "above 0"),
    (stations.main, ["--sead", "1"], "unrecognized"),
    (chaos.main, ["--workers", "0"], "from 1 to 64"),
    (chaos.main, ["--workers", "100000"], "from 1 to 64"),
    (chaos.main, ["--workers", "2_0"], "from 1 to 64"),
    (chaos.main, ["--episodes", "0"], "from 1 on"),
    (chaos.main, ["--episodes", "-1"], "from 1 on"),
    (chaos.main, ["--days", "1.5"], "from 1 on"),
    (chaos.main, ["--seed", "x"], "from 0 on"),
    (chaos.main, ["--only", "-3"], "from 0 on"),
]


@pytest.mark.parametrize(("main", "given", "says"), WRONG)
def test_what_can_not_be_used_is_refused_in_one_line(
    main: Command, given: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(given)
    assert ended.value.code == 2
    told = capsys.readouterr()
    assert told.out == ""
    (line,) = told.err.splitlines()
    assert line.startswith("script/stations: " if main is stations.main else "script/chaos: ")
    assert says in line
    assert len(line) < 220


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/x", "..", "a\\b"])
def test_no_id_leaves_the_folder_of_states(tmp_path: Path, name: str) -> None:
    """Also of one that a program, and not a person, has chosen."""
    with pytest.raises(ValueError, match="is no id of a station"):
        Store(tmp_path / "states", name)


def test_ids_that_people_use_are_taken(tmp_path: Path) -> None:
    for name in ("LJ1", "CP_1-left", "DE*ABC*E1", "box@garage", "a.b"):
        assert Store(tmp_path, name).path.parent == tmp_path
