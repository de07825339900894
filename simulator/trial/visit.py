"""Logs in as a user does, asks Load Juggler for its dashboard, and puts it into the folder."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import yaml

WAIT_S = 10.0
DASHBOARD = "dashboard.yaml"
SLIDERS = "sliders.yaml"


class Visitor:
    """A user of the Home Assistant at `address`, logged in when that is needed."""

    def __init__(self, address: str, user: str, password: str) -> None:
        self._address, self._user, self._password = address, user, password
        self._token: str | None = None

    def dashboard(self) -> dict[str, Any] | None:
        """What loadjuggler_dashboard answers; `None` as long as it can't be asked."""
        try:
            self._token = self._token or self._log_in()
            path = "/api/services/pyscript/loadjuggler_dashboard?return_response"
            found = self._post(path, json.dumps({}).encode(), "application/json")
        except (urllib.error.URLError, OSError, KeyError, ValueError):
            self._token = None  # it runs out after half an hour
            return None
        answer = found["service_response"]
        return answer if isinstance(answer, dict) else None

    def _log_in(self) -> str:
        client = f"{self._address}/"
        begin = {"client_id": client, "handler": ["homeassistant", None], "redirect_uri": client}
        flow = self._json("/auth/login_flow", begin)["flow_id"]
        form = {"client_id": client, "username": self._user, "password": self._password}
        code = self._json(f"/auth/login_flow/{flow}", form)["result"]
        grant = {"grant_type": "authorization_code", "code": code, "client_id": client}
        kind = "application/x-www-form-urlencoded"
        answer = self._post("/auth/token", urllib.parse.urlencode(grant).encode(), kind)
        return str(answer["access_token"])

    def _json(self, path: str, content: dict[str, Any]) -> dict[str, Any]:
        return self._post(path, json.dumps(content).encode(), "application/json")

    def _post(self, path: str, content: bytes, kind: str) -> dict[str, Any]:
        headers = {"Content-Type": kind}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        request = urllib.request.Request(self._address + path, content, headers)
        with urllib.request.urlopen(request, timeout=WAIT_S) as answer:
            found = json.load(answer)
        if not isinstance(found, dict):
            raise ValueError(f"{path} answered {found!r}")
        return found


def put(folder: Path, answer: dict[str, Any]) -> None:
    """Write the dashboard that was answered, with the trial's own sections around it.

    Home Assistant reads the file anew when it has changed.
    """
    view = answer["views"][0]
    own = yaml.safe_load((folder / SLIDERS).read_text(encoding="utf-8"))
    view["sections"] = [*own["before"], *view["sections"], *own["after"]]
    text = yaml.safe_dump(
        {"title": view["title"], "views": [view]}, sort_keys=False, allow_unicode=True
    )
    path = folder / DASHBOARD
    if path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
