"""A new user wires an empty house in a browser: forms, three mistakes and their answers, dashboard.

The house is that of script/home-assistant without forms: three sensors of the grid, two charging
stations with a car each, a boiler behind an input_boolean. As long as nobody limits them, both cars
charge with 16 A on three phases, and the household takes 1 A: 33 A on a main breaker of 25 A.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.browser.conftest import running
from tests.browser.forms import Forms
from tests.browser.trial import House
from tests.browser.window import window

PICTURES = Path(__file__).parent.parent.parent / "out" / "screenshots"
STATUS = "sensor.loadjuggler_status"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[House]:
    """A house in which nothing is wired yet."""
    with running(tmp_path, "--empty") as started:
        yield started


def told(forms: Forms) -> str:
    """All notifications that are shown, in one text without the signs of Markdown."""
    shown = forms.ask(type="persistent_notification/get")
    return " ".join(one["message"] for one in shown).replace("\\", "")


def state(house: House, entity: str) -> str:
    return str(house.states().get(entity, {}).get("state", "not there"))


def entity(house: House, name: str) -> str:
    """The entity of the automation with this name."""
    found = [
        key
        for key, one in house.states().items()
        if key.startswith("automation.") and one["attributes"].get("friendly_name") == name
    ]
    assert len(found) == 1, found
    return found[0]


def automation(house: House, name: str) -> str:
    """The id of the automation with this name."""
    return str(house.states()[entity(house, name)]["attributes"]["id"])


def wire_site(forms: Forms, house: House) -> None:
    forms.begin("Load Juggler site")
    forms.fill("Name", "Home")
    # The list has the sensors of a current and of a power, and not that of the stations' states.
    assert forms.offered("Meter, phase A", "status") == []
    for phase in "ABC":
        forms.choose(f"Meter, phase {phase}", f"sensor.grid_{phase.lower()}")
    forms.save("Home")
    house.until(lambda: state(house, STATUS) == "problem", "the site is wired")
    assert "The main breaker (25 A) carries 33 A" in str(house.states()[STATUS]["attributes"])


def wire_garage(forms: Forms, house: House) -> None:
    forms.begin("Load Juggler circuit")
    forms.fill("Name", "Garage")
    forms.fill("Limit", "20")
    forms.save("Garage")
    headroom = "sensor.loadjuggler_garage_headroom_a"
    house.until(lambda: state(house, headroom) != "not there", "the breaker is wired")


def wire_charger_with_mistakes(forms: Forms, house: House) -> None:
    """A breaker that does not exist; then a minimum above the maximum; then it is right."""
    forms.begin("Load Juggler OCPP charger")
    forms.fill("Name", "Left car")
    forms.fill("Charge point id", "left")
    forms.fill("Breaker", "Garge")
    forms.save("Left car")
    house.until(lambda: "Garge" in told(forms), "the mistake is told")
    said = told(forms)
    assert "Left car" in said
    assert "Garage" in said, "which breakers there are"
    forms.open(automation(house, "Left car"))
    forms.fill("Breaker", "garage ")
    forms.unfold()
    forms.fill("Minimum current", "20")
    forms.save()
    house.until(lambda: "Minimum current" in told(forms), "the second mistake is told")
    assert "Garge" not in told(forms), "the first one is put right"
    forms.open(automation(house, "Left car"))
    forms.unfold()
    forms.fill("Minimum current", "6")
    forms.save()
    allocated = "sensor.loadjuggler_left_car_allocated_current"
    # 25 A less 1 A of the household and 16 A of the other car, which nobody limits yet.
    house.until(lambda: 7.5 < house.amps(allocated) <= 8.0, "the car has what is left", 90.0)
    house.until(lambda: "Minimum current" not in told(forms), "nothing is wrong any more")


def wire_other_charger(forms: Forms, house: House) -> None:
    """Both are below a breaker of 20 A now: 14 A for the first, 6 A for this one."""
    forms.begin("Load Juggler OCPP charger")
    forms.fill("Name", "Right car")
    forms.fill("Charge point id", "right")
    forms.fill("Breaker", "Garage")
    forms.save("Right car")
    both = [f"sensor.loadjuggler_{side}_car_allocated_current" for side in ("left", "right")]
    house.until(lambda: [house.amps(one) for one in both] == [14.0, 6.0], "they share", 90.0)
    house.until(lambda: state(house, STATUS) == "ok", "nothing is too much any more", 90.0)


def wire_a_second_site(forms: Forms, house: House) -> None:
    """There can be only one: the first stays, and the form is told of by its name."""
    forms.begin("Load Juggler site")
    forms.fill("Name", "Cottage")
    forms.choose("Meter, phase A", "sensor.grid_a")
    forms.save("Cottage")
    house.until(lambda: "There is a site already" in told(forms), "the third mistake is told")
    assert "Cottage" in told(forms)
    assert state(house, "sensor.loadjuggler_left_car_allocated_current") == "14.0"
    forms.ask(
        type="call_service",
        domain="automation",
        service="turn_off",
        target={"entity_id": entity(house, "Cottage")},
    )
    house.until(lambda: "There is a site already" not in told(forms), "it is told no more")


def wire_boiler(forms: Forms, house: House) -> None:
    forms.begin("Load Juggler plug")
    forms.fill("Name", "Boiler")
    forms.choose("Switch", "input_boolean.boiler")
    forms.fill("Power", "2000")
    forms.save("Boiler")
    reason = "sensor.loadjuggler_boiler_reason"
    house.until(lambda: state(house, reason).startswith("On:"), "the boiler runs", 60.0)


def paste_dashboard(forms: Forms) -> None:
    """Copy the whole answer of the service, and paste it into a new dashboard."""
    asked: dict[str, Any] = {"domain": "pyscript", "service": "loadjuggler_dashboard"}
    answer = forms.ask(type="call_service", **asked, service_data={}, return_response=True)
    copied = yaml.safe_dump(answer["response"], sort_keys=False, allow_unicode=True)
    new = {"url_path": "pasted-here", "title": "Pasted", "mode": "storage"}
    forms.ask(type="lovelace/dashboards/create", **new)
    start = {"views": [{"title": "Home"}]}  # a new dashboard from scratch
    forms.ask(type="lovelace/config/save", url_path="pasted-here", config=start)
    page = forms.page
    page.goto(f"{forms.address}/pasted-here/0?edit=1")
    dots = re.compile("^(Open dashboard menu|Menu)$")  # each section has a menu, too
    page.get_by_role("button", name=dots).first.click()
    page.get_by_text("Raw configuration editor").first.click()
    page.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(copied)
    page.get_by_role("button", name="Save").last.click()
    page.wait_for_timeout(2000)


def test_a_new_user_gets_from_nothing_to_a_dashboard(empty: House, browser: Any) -> None:
    with window(browser, empty.address, empty.keys) as shown:
        forms = Forms(shown)
        wire_site(forms, empty)
        wire_garage(forms, empty)
        wire_charger_with_mistakes(forms, empty)
        wire_other_charger(forms, empty)
        wire_a_second_site(forms, empty)
        wire_boiler(forms, empty)
        paste_dashboard(forms)
        shown.open("pasted-here")
        shown.shoot(PICTURES / "new-user.png")
        assert shown.errors() == []
        text = shown.text()
        for words in ("Left car", "Boiler", "Garage · 20 A", "Boost 30 min", "Check wiring"):
            assert words in text
