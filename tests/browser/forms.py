"""Fills in the forms of blueprints in Home Assistant's user interface, as a person does."""

from __future__ import annotations

import re
from typing import Any

from tests.browser.window import Window
from tests.patience import patient_s

WAIT_S = 40.0


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
        row = self._row(label)
        row.scroll_into_view_if_needed()
        box = row.locator("ha-entity-picker input").first
        box.click()
        box.fill(entity)
        self.page.locator("vaadin-combo-box-item").filter(has_text=entity).first.click()

    def offered(self, label: str, typed: str) -> list[str]:
        """What the list of entities offers for what is typed."""
        row = self._row(label)
        row.scroll_into_view_if_needed()
        box = row.locator("ha-entity-picker input").first
        box.click()
        box.fill(typed)
        self.page.wait_for_timeout(1000)
        found = self.page.locator("vaadin-combo-box-item:visible").all_inner_texts()
        self.page.keyboard.press("Escape")
        return [text for text in found if text.strip()]

    def save(self, name: str = "") -> None:
        """Save; a new automation is asked for a name."""
        self.page.get_by_role("button", name="Save").first.click()
        if not name:
            self.page.wait_for_timeout(1000)
            return
        dialog = self.page.locator("ha-dialog[open], mwc-dialog[open]").last
        dialog.locator("input").first.fill(name)
        dialog.get_by_role("button", name=re.compile("^(Save|Rename)$")).click()
        dialog.wait_for(state="hidden")
        self.page.wait_for_url(re.compile(r"/automation/edit/\d+"))

    def ask(self, **what: Any) -> Any:
        """The answer of Home Assistant's websocket to this browser."""
        call = "what => document.querySelector('home-assistant').hass.callWS(what)"
        return self.page.evaluate(call, what)

    def _row(self, label: str) -> Any:
        found = self.page.get_by_text(label, exact=True)
        return self.page.locator("ha-settings-row").filter(has=found).first
