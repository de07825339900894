"""Fills in the forms of blueprints in Home Assistant's user interface, as a person does."""

from __future__ import annotations

import re
import time
from typing import Any

from tests.browser.window import Window
from tests.patience import patient_s

WAIT_S = 40.0
_NO_ENTITY = re.compile("^(No (entities|matching)|Create a new)")
"""Rows of the newest lists of entities that are no entity."""


class Forms:
    """The pages of blueprints and automations in a window."""

    def __init__(self, shown: Window) -> None:
        self.page, self.address = shown.page, shown.address
        self.page.set_default_timeout(patient_s(WAIT_S) * 1000.0)

    def begin(self, form: str) -> None:
        """Settings, Automations & scenes, Blueprints: choose a form."""
        self.page.goto(f"{self.address}/config/blueprint/dashboard")
        self.page.get_by_text(form, exact=True).first.click()
        self.page.wait_for_url("**/automation/edit/**")
        self._row("Name").wait_for()

    def open(self, automation: str) -> None:
        """Open the form of an automation that is there, by its id."""
        self.page.goto(f"{self.address}/config/automation/edit/{automation}")
        self._row("Name").wait_for()

    def unfold(self) -> None:
        """Open the sections that are closed."""
        panels = self.page.locator("ha-expansion-panel")
        for number in range(panels.count()):
            summary = panels.nth(number).locator("#summary").first
            if summary.get_attribute("aria-expanded") == "false":
                summary.click()
                self.page.wait_for_timeout(400)

    def fill(self, label: str, value: str) -> None:
        """Type a text or a number."""
        self._row(label).locator("input").first.fill(value)

    def choose(self, label: str, entity: str) -> None:
        """Choose an entity in the list that opens; fails if it is not in it."""
        found = self._search(label, entity).filter(has_text=self._shown(entity))
        found.first.click()
        found.first.wait_for(state="hidden")

    def offered(self, label: str, typed: str) -> list[str]:
        """What the list of entities offers for what is typed."""
        rows = self._search(label, typed)
        self.page.wait_for_timeout(1000)
        found = rows.all_inner_texts()
        self.page.keyboard.press("Escape")
        rows.first.wait_for(state="hidden")
        return [text for text in found if text.strip() and not _NO_ENTITY.search(text)]

    def save(self, name: str = "") -> None:
        """Save; a new automation is asked for a name."""
        self.page.get_by_role("button", name="Save").first.click()
        if not name:
            self.page.wait_for_timeout(1000)
            return
        dialog = self.page.locator("ha-dialog[open], mwc-dialog[open]").last
        saved = re.compile(r"/automation/edit/\d+")
        typed = dialog.locator("input").first
        give_up_at = time.monotonic() + patient_s(WAIT_S)
        while not typed.is_visible() and not saved.search(self.page.url):
            assert time.monotonic() < give_up_at, "it was neither saved nor asked for a name"
            self.page.wait_for_timeout(100)
        if typed.is_visible():
            typed.fill(name)
            dialog.get_by_role("button", name=re.compile("^(Save|Rename)$")).click()
            dialog.wait_for(state="hidden")
            self.page.wait_for_url(saved)
            return
        # 2026.11 asks for no name, and takes that of the form.
        self.page.wait_for_timeout(1000)
        self.page.locator("ha-dropdown:visible").first.click()
        self.page.get_by_role("menuitem", name="Rename").click()
        typed.fill(name)
        dialog.get_by_role("button", name="Rename").click()
        dialog.wait_for(state="hidden")
        again = self.page.get_by_role("button", name="Save").first
        self.page.wait_for_timeout(1000)
        if again.is_visible():
            again.click()
            self.page.wait_for_timeout(1000)

    def ask(self, **what: Any) -> Any:
        """The answer of Home Assistant's websocket to this browser."""
        call = "what => document.querySelector('home-assistant').hass.callWS(what)"
        return self.page.evaluate(call, what)

    def _search(self, label: str, typed: str) -> Any:
        """Open the list of entities, and type: what can be clicked then."""
        row = self._row(label)
        row.scroll_into_view_if_needed()
        if row.locator("ha-generic-picker").count():  # newer ones open a list of their own
            row.locator("ha-picker-field").first.click()
            self.page.locator("ha-picker-combo-box input:visible").first.fill(typed)
            return self.page.locator("ha-picker-combo-box ha-combo-box-item:visible")
        box = row.locator("ha-entity-picker input").first
        box.click()
        box.fill(typed)
        return self.page.locator("vaadin-combo-box-item:visible")

    def _shown(self, entity: str) -> str:
        """What stands for an entity in the list: its name (only 2025.4 shows its id, too)."""
        name = "id => document.querySelector('home-assistant').hass.states[id].attributes"
        return str(self.page.evaluate(f"{name}.friendly_name", entity))

    def _row(self, label: str) -> Any:
        found = self.page.get_by_text(label, exact=True)
        return self.page.locator("ha-settings-row").filter(has=found).first
