"""The configuration folder of the house to try: made once, brought up to date at each start."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent.parent
HOME = Path(__file__).resolve().parent / "home"
MARK = ".loadjuggler-trial"
"""A file by which a folder is known as one of ours, so that --fresh deletes no other."""

TIME_ZONE = "Europe/Ljubljana"
STATION_ID = "LJ"
"""Stations connect as LJ1, LJ2 ..."""
STATIONS = ("left", "right")
"""... and this is what Home Assistant calls them; its forms in home/ do so, too."""

MEASURANDS = "Current.Import,Current.Offered,Energy.Active.Import.Register,Power.Active.Import,SoC"


HTTP = "http:\n  server_host: 127.0.0.1\n  server_port: 8123\n\n"
"""Where it listens, as `configuration.yaml` says it to a Home Assistant older than 2026.8."""


def _http(port: int) -> dict[str, Any]:
    """What Home Assistant 2026.8 stores of where it listens: on this machine only, for good."""
    stable = {
        "server_host": ["127.0.0.1"],
        "server_port": port,
        "cors_allowed_origins": ["https://cast.home-assistant.io"],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": True,
        "ssl_profile": "intermediate_v6",
        "use_x_frame_options": True,
        "created_at": "2026-08-01T00:00:00+00:00",
        "error": None,
        "error_message": None,
    }
    return {"stable": stable, "pending": None, "yaml_migration_done": True}


def is_ours(folder: Path) -> bool:
    """Whether the folder may be written: it is ours, empty, or not there."""
    return (folder / MARK).exists() or not folder.exists() or not any(folder.iterdir())


def remove(folder: Path) -> None:
    """Delete the folder. It must be `is_ours`."""
    shutil.rmtree(folder, ignore_errors=True)


def write(
    folder: Path,
    integrations: Iterable[Path],
    port: int,
    ocpp_port: int,
    time_zone: str = TIME_ZONE,
    *,
    http_version: int | None = None,
) -> bool:
    """Write the folder; returns whether it has no user yet.

    `http_version`: where it listens is stored in a file of this version, as Home Assistant 2026.8
    and newer want it, and does not stand in `configuration.yaml`. From there they take it on trial
    only: if nobody confirms it in a browser within 5 min, they start again and listen on port 8123
    of all networks.

    `integrations` are the clones of pyscript and the OCPP integration. Forms and what was changed
    in the user interface stay as they are in a folder that is there already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("Made by script/home-assistant; --fresh deletes it.\n")
    new = not (folder / ".storage" / "auth_provider.homeassistant").exists()
    ignore = shutil.ignore_patterns("__pycache__")
    for name in ("pyscript", "blueprints"):
        _replace(PROJECT / name, folder / name)
    (folder / "custom_components").mkdir(exist_ok=True)
    for clone in integrations:
        for source in (clone / "custom_components").iterdir():
            if (source / "manifest.json").exists():
                _replace(source, folder / "custom_components" / source.name)
    if new:
        shutil.copytree(HOME, folder, dirs_exist_ok=True, ignore=ignore)
        _store(folder, "onboarding", 4, {"done": _ONBOARDED})
    shutil.copy(HOME / "sliders.yaml", folder)
    # Home Assistant serves it as /local only if it is there at the start: for pictures.
    (folder / "www").mkdir(exist_ok=True)
    text = (HOME / "configuration.yaml").read_text(encoding="utf-8")
    text = text.replace("server_port: 8123", f"server_port: {port}")
    text = text.replace(f"time_zone: {TIME_ZONE}", f"time_zone: {time_zone}")
    if http_version is not None:
        text = text.replace(HTTP.replace("8123", str(port)), "")
        _store(folder, "http", http_version, _http(port))
    (folder / "configuration.yaml").write_text(text, encoding="utf-8")
    _write_entry(folder, ocpp_port)
    return new


def without_forms(folder: Path) -> None:
    """Leave all forms to whoever tries it: nothing is wired yet."""
    (folder / "automations.yaml").write_text("[]\n", encoding="utf-8")


_ONBOARDED = ["user", "core_config", "analytics", "integration"]


def _replace(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))


def _store(folder: Path, key: str, version: int, data: dict[str, Any]) -> None:
    """Write one of Home Assistant's own stored files; it brings older minor versions up to date."""
    path = folder / ".storage" / key
    path.parent.mkdir(exist_ok=True)
    content = {"version": version, "minor_version": 1, "key": key, "data": data}
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")


def _write_entry(folder: Path, ocpp_port: int) -> None:
    """Add the OCPP integration's entry, or give the one that is there its port of today."""
    path = folder / ".storage" / "core.config_entries"
    if path.exists():
        stored = json.loads(path.read_text(encoding="utf-8"))
        for entry in stored["data"]["entries"]:
            if entry["domain"] == "ocpp":
                entry["data"]["port"] = ocpp_port
        path.write_text(json.dumps(stored, indent=2), encoding="utf-8")
        return
    _store(folder, "core.config_entries", 1, {"entries": [entry_of(ocpp_port)]})


def entry_of(ocpp_port: int) -> dict[str, Any]:
    """The OCPP integration's entry as its own forms leave it, with all stations known."""
    charger = {
        "idle_interval": 900,
        "max_current": 32,
        "meter_interval": 5,
        "monitored_variables": MEASURANDS,
        "monitored_variables_autoconfig": True,
        "skip_schema_validation": False,
        "force_smart_charging": False,
        "enable_ha_notifications": False,
        "num_connectors": 1,
    }
    data = {
        "host": "127.0.0.1",
        "port": ocpp_port,
        "csid": "central",
        "ocpp_version": "auto",
        "ssl": False,
        "ssl_certfile_path": "",
        "ssl_keyfile_path": "",
        "websocket_close_timeout": 10,
        "websocket_ping_tries": 2,
        "websocket_ping_interval": 20,
        "websocket_ping_timeout": 20,
        "cpids": [
            {f"{STATION_ID}{number}": {**charger, "cpid": name}}
            for number, name in enumerate(STATIONS, 1)
        ],
    }
    return {
        "entry_id": "loadjugglertrialocpp00000000",
        "domain": "ocpp",
        "title": "Charging stations",
        "version": 2,
        "minor_version": 2,
        "source": "user",
        "data": data,
        "options": {},
        "unique_id": None,
        "disabled_by": None,
        "pref_disable_new_entities": False,
        "pref_disable_polling": False,
    }
