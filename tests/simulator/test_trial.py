"""What script/home-assistant writes and refuses; that it works is tested from end to end."""

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator.trial import folder, start, visit


@pytest.fixture
def clones(tmp_path: Path) -> list[Path]:
    """Two clones with an integration each, and what else lies beside one."""
    made = []
    for name in ("pyscript", "ocpp"):
        component = tmp_path / f"clone-{name}" / "custom_components" / name
        component.mkdir(parents=True)
        (component / "manifest.json").write_text("{}", encoding="utf-8")
        (component.parent / "__init__.py").touch()
        made.append(component.parent.parent)
    return made


def test_a_folder_is_what_a_user_would_have(tmp_path: Path, clones: list[Path]) -> None:
    place = tmp_path / "home"
    assert folder.write(place, clones, 8124, 9001)
    found = {path.name for path in (place / "custom_components").iterdir()}
    assert found == {"pyscript", "ocpp"}
    assert (place / "pyscript" / "loadjuggler.py").exists()
    assert (place / "blueprints" / "automation" / "loadjuggler" / "site.yaml").exists()
    assert (place / "www").is_dir()
    assert "server_port: 8124" in (place / "configuration.yaml").read_text(encoding="utf-8")
    stored = json.loads((place / ".storage" / "core.config_entries").read_text(encoding="utf-8"))
    (entry,) = stored["data"]["entries"]
    assert (entry["data"]["host"], entry["data"]["port"]) == ("127.0.0.1", 9001)
    assert list(entry["data"]["cpids"][0]) == ["LJ1"]


def test_a_second_start_keeps_what_the_user_changed(tmp_path: Path, clones: list[Path]) -> None:
    place = tmp_path / "home"
    folder.write(place, clones, 8123, 9000)
    (place / ".storage" / "auth_provider.homeassistant").write_text("{}", encoding="utf-8")
    forms = place / "automations.yaml"
    forms.write_text("[]\n", encoding="utf-8")
    (place / "pyscript" / "loadjuggler.py").write_text("old\n", encoding="utf-8")
    assert not folder.write(place, clones, 8124, 9001)
    assert forms.read_text(encoding="utf-8") == "[]\n"
    assert (place / "pyscript" / "loadjuggler.py").read_text(encoding="utf-8") != "old\n"
    stored = json.loads((place / ".storage" / "core.config_entries").read_text(encoding="utf-8"))
    assert stored["data"]["entries"][0]["data"]["port"] == 9001


def test_a_folder_without_a_user_gets_one_at_the_next_start(
    tmp_path: Path, clones: list[Path]
) -> None:
    place = tmp_path / "home"
    folder.write(place, clones, 8123, 9000)
    assert folder.write(place, clones, 8123, 9000)


def test_only_a_folder_of_its_own_may_be_written_or_deleted(
    tmp_path: Path, clones: list[Path]
) -> None:
    assert folder.is_ours(tmp_path / "none")
    assert not folder.is_ours(tmp_path)  # the clones lie in it
    place = tmp_path / "home"
    folder.write(place, clones, 8123, 9000)
    assert folder.is_ours(place)


def test_forms_and_dashboard_speak_of_the_stations_that_connect() -> None:
    forms = yaml.safe_load((folder.HOME / "automations.yaml").read_text(encoding="utf-8"))
    inputs = [form["use_blueprint"]["input"] for form in forms]
    assert [each["devid"] for each in inputs if "devid" in each] == list(folder.STATIONS)
    text = (folder.HOME / "configuration.yaml").read_text(encoding="utf-8")
    for station in folder.STATIONS:
        assert text.count(f"sensor.{station}_current_import") == 3  # once for each phase


def test_a_port_that_is_taken_is_refused_if_it_was_asked_for() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(start.Failed, match=f"Port {port} is taken"):
            start.choose_port(port, 8123)
        assert start.choose_port(None, port) != port


def test_without_the_integrations_it_points_to_the_demonstration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start.clones, "CACHE", tmp_path)
    for name in ("PYSCRIPT", "OCPP"):
        monkeypatch.delenv(f"LOADJUGGLER_{name}_DIR", raising=False)
    with pytest.raises(start.Failed, match=r"pyscript-1.7.0 and ocpp-v0.11.0 .* script/demo"):
        start.integrations()


@pytest.mark.parametrize(
    ("version", "stores"),
    [
        ("2025.4.4", False),
        ("2026.7.3", False),
        ("2026.8.0", True),
        ("2027.1.0b2", True),
        ("", False),
    ],
)
def test_a_newer_home_assistant_stores_where_it_listens(version: str, stores: bool) -> None:
    assert start.stores_http_since(version) is stores


def test_an_older_home_assistant_has_no_file_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start.clones, "home_assistant", lambda: "2026.7.3")
    assert start.http_version() is None


@pytest.mark.parametrize("version", [2, 3])
def test_what_it_stores_is_the_same_address_and_stands_once(
    tmp_path: Path, clones: list[Path], version: int
) -> None:
    """In both places, a Home Assistant of 2026.8 would tell people that one is ignored.

    2026.10 reads files of version 2 and starts without a web page if it finds one of version 3.
    """
    old, new = tmp_path / "old", tmp_path / "new"
    folder.write(old, clones, 8124, 9001)
    folder.write(new, clones, 8124, 9001, http_version=version)
    in_yaml = "http:\n  server_host: 127.0.0.1\n  server_port: 8124\n"
    assert in_yaml in (old / "configuration.yaml").read_text(encoding="utf-8")
    assert not (old / ".storage" / "http").exists()
    assert "server_port" not in (new / "configuration.yaml").read_text(encoding="utf-8")
    stored = json.loads((new / ".storage" / "http").read_text(encoding="utf-8"))
    stable = stored["data"]["stable"]
    assert (stored["version"], stored["data"]["pending"]) == (version, None)
    assert (stable["server_host"], stable["server_port"]) == (["127.0.0.1"], 8124)
    folder.write(new, clones, 8125, 9001, http_version=version)
    again = json.loads((new / ".storage" / "http").read_text(encoding="utf-8"))
    assert again["data"]["stable"]["server_port"] == 8125


class Silent(visit.Visitor):
    """A user to whom Load Juggler answers `said`; `None`: its services are not there."""

    def __init__(self, said: dict[str, Any] | None) -> None:
        self.said = said

    def dashboard(self) -> dict[str, Any] | None:
        return self.said


LOG = """\
\x1b[32m2026-06-01 12:00:00.000 INFO (MainThread) [homeassistant.setup] Setting up pyscript\x1b[0m
\x1b[31m2026-06-01 12:00:01.000 ERROR (MainThread) [homeassistant.setup] Error during setup of \
component pyscript: 'RestoreStateData' object has no attribute 'last_states'\x1b[0m
\x1b[31m2026-06-01 12:00:02.000 ERROR (MainThread) [haffmpeg.core] FFmpeg fails\x1b[0m
"""


@pytest.mark.parametrize("said", [None, {"views": [], "note": "Nothing is wired."}])
def test_it_fails_and_says_why_if_the_entities_do_not_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: dict[str, Any] | None
) -> None:
    """Without its services, or with them and without loads, as when all forms are refused."""
    monkeypatch.setattr(start, "START_S", 0.0)
    (tmp_path / "output.log").write_text(LOG, encoding="utf-8")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as home:
        with pytest.raises(start.Failed) as failed:
            start.wait_for_dashboard(tmp_path, Silent(said), home)
        home.kill()
    lines = str(failed.value).splitlines()
    assert "the entities of Load Juggler's loads have not come" in lines[0]
    assert lines[1].endswith("'RestoreStateData' object has no attribute 'last_states'")
    assert lines[1].startswith("2026-06-01 12:00:01.000 ERROR")
    assert lines[2] == f"All that it logged is in {tmp_path / 'output.log'}"


def test_it_does_not_wait_for_a_home_assistant_that_has_ended(tmp_path: Path) -> None:
    home = subprocess.Popen([sys.executable, "-c", "raise SystemExit(7)"])
    home.wait()
    with pytest.raises(start.Failed, match="ended with status 7"):
        start.wait_for_dashboard(tmp_path, Silent(None), home)
