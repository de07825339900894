"""A headless Chromium that is logged in to a Home Assistant and looks at its dashboards."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = os.environ.get("LOADJUGGLER_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
"""The browser to use; `None`: there is none on this machine."""
DESKTOP, PHONE = (1400, 1000), (390, 844)

# Custom elements hide their content in shadow roots; these look through all of them.
_WALK = """
const all = []; const walk = node => {
  for (const child of node.querySelectorAll('*')) {
    all.push(child); if (child.shadowRoot) walk(child.shadowRoot);
  }
}; walk(document);
"""
_ERRORS = f"""() => {{ {_WALK}
  return all.filter(e => /^hui-(error|warning)(-card)?$|^hui-error-|^hui-warning-/
    .test(e.localName)).map(e => (e.shadowRoot || e).textContent.trim() || e.localName);
}}"""
_PENDING = f"""() => {{ {_WALK}
  return all.filter(e => ['ha-circular-progress', 'ha-spinner', 'hui-card'].includes(e.localName)
    && (e.localName !== 'hui-card' || (!e.firstElementChild && !e.hidden))).length;
}}"""
_HEIGHT = f"""() => {{ {_WALK}
  const view = all.find(e => e.localName === 'hui-sections-view');
  return view ? Math.ceil(view.getBoundingClientRect().height) : 0;
}}"""
_IMAGES = f"""() => {{ {_WALK}
  return all.filter(e => e.localName === 'img').map(e => [e.src, e.complete && e.naturalWidth > 0]);
}}"""
_TEXT = f"""() => {{ {_WALK}
  return all.filter(e => !['STYLE', 'SCRIPT'].includes(e.tagName)).flatMap(e => [...e.childNodes])
    .filter(node => node.nodeType === Node.TEXT_NODE).map(node => node.data).join(' ')
    .replace(/\\s+/g, ' ');
}}"""


def tokens(address: str, user: str, password: str) -> dict[str, Any]:
    """Log in as the user interface does: what it keeps in the browser."""
    client = f"{address}/"
    handler = {"client_id": client, "handler": ["homeassistant", None], "redirect_uri": client}
    flow = _post(f"{address}/auth/login_flow", json.dumps(handler))
    form = {"client_id": client, "username": user, "password": password}
    done = _post(f"{address}/auth/login_flow/{flow['flow_id']}", json.dumps(form))
    grant = {"grant_type": "authorization_code", "code": done["result"], "client_id": client}
    found = _post(f"{address}/auth/token", urllib.parse.urlencode(grant))
    expires = (time.time() + found["expires_in"]) * 1000
    return {**found, "hassUrl": address, "clientId": client, "expires": expires}


def _post(url: str, content: str) -> dict[str, Any]:
    kind = "application/json" if content[0] == "{" else "application/x-www-form-urlencoded"
    request = urllib.request.Request(url, content.encode(), {"Content-Type": kind})
    with urllib.request.urlopen(request, timeout=20) as answer:
        found = json.load(answer)
    assert isinstance(found, dict)
    return found


class Window:
    """A page of the browser on one Home Assistant."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.address = page, address

    def open(self, path: str) -> None:
        """Show a dashboard, and wait until all its cards are there."""
        self.page.goto(f"{self.address}/{path}")
        self.settle()

    def settle(self) -> None:
        """Wait until no card is loading any more."""
        self.page.wait_for_selector("hui-sections-view", timeout=60_000)
        self.page.wait_for_selector("hui-card", timeout=60_000, state="attached")
        quiet, give_up_at = 0, time.monotonic() + 20
        while quiet < 4 and time.monotonic() < give_up_at:
            quiet = 0 if self.page.evaluate(_PENDING) else quiet + 1
            self.page.wait_for_timeout(250)

    def errors(self) -> list[str]:
        """What cards say that can't be shown, or whose entity does not exist."""
        # The tiles of Home Assistant 2025.4 say so in their text alone.
        return [*self.page.evaluate(_ERRORS), *re.findall(r"Entity not \w+", self.text())]

    def images(self) -> list[tuple[str, bool]]:
        """Pictures on the page, and whether each is really there."""
        return [(source, there) for source, there in self.page.evaluate(_IMAGES)]

    def text(self) -> str:
        """All that can be read, in one line."""
        return str(self.page.evaluate(_TEXT))

    def shoot(self, path: Path, tallest: int = 20_000) -> None:
        """A picture of the whole dashboard, not only of what fits the window; up to a height."""
        path.parent.mkdir(parents=True, exist_ok=True)
        size = self.page.viewport_size
        tall = min(tallest, max(size["height"], int(self.page.evaluate(_HEIGHT)) + 120))
        self.page.set_viewport_size({"width": size["width"], "height": tall})
        self.page.wait_for_timeout(2500)  # gauges and graphs move into their places
        self.page.screenshot(path=str(path))
        self.page.set_viewport_size(size)


@contextmanager
def chromium() -> Iterator[Any]:
    """The browser, without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@contextmanager
def window(
    browser: Any,
    address: str,
    keys: dict[str, Any],
    *,
    phone: bool = False,
    dark: bool = False,
    time_zone: str | None = None,
) -> Iterator[Window]:
    """A window that is logged in by `keys`, as `tokens` gives them."""
    width, height = PHONE if phone else DESKTOP
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        device_scale_factor=2 if phone else 1,
        has_touch=phone,
        timezone_id=time_zone,
    )
    stored = {"hassTokens": json.dumps(keys), "dockedSidebar": json.dumps("always_hidden")}
    for key, value in stored.items():
        context.add_init_script(f"localStorage.setItem({json.dumps(key)}, {json.dumps(value)})")
    try:
        yield Window(context.new_page(), address)
    finally:
        context.close()
