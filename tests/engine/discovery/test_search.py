"""Entities that were found are used, and looked for again only when that can help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loadjuggler.calls import ServiceCall
from loadjuggler.runtime.controller import Keeper
from loadjuggler.snapshot import EntityState

from ..house import START, charger_form, site_form, state
from .entities import recorded


def garage(**values: Any) -> dict[str, Any]:
    """The form of a charger by the name of its device, told by one plain profile."""
    known = {"devid": "Garage charger", "layers": "1", **values}
    return charger_form("garage", **known)


class Home:
    """A keeper and all states that there are; it runs as the shell lets it."""

    def __init__(self, *charger_files: str) -> None:
        self.keeper = Keeper()
        self.now = START
        self.states: dict[str, EntityState] = {"sensor.grid_a": state(0.0, "A")}
        self.states |= {f"sensor.grid_{p}": state(0.0, "A") for p in "abc"}
        self.states |= recorded(*charger_files)
        self.looks = 0

    def register(self, form: Mapping[str, Any]) -> dict[str, Any]:
        data = {key: value for key, value in form.items() if key != "kind"}
        self.states[data["automation"]] = EntityState("on")
        return self.keeper.register(form["kind"], data, self.now, self.states)

    def run(self, seconds: float = 5.0) -> tuple[ServiceCall, ...]:
        """A run as the shell does it: look for what is missing, if asked to, then run."""
        self.now += seconds
        keeper = self.keeper
        if keeper.search.due(self.now) and keeper.search.worthwhile(list(self.states), self.now):
            self.looks += 1
            keeper.registry.look(self.states)
        watched = keeper.watched()
        seen = {
            entity: EntityState(old.value, old.attributes, self.now)
            for entity, old in self.states.items()
            if entity in watched
        }
        return keeper.run(seen, self.now).calls


def told(calls: tuple[ServiceCall, ...]) -> set[str]:
    """The charge points that calls name."""
    return {str(call.data["devid"]) for call in calls if call.domain == "ocpp"}


def test_registering_tells_what_was_found_and_the_rest_of_the_answer_is_as_ever() -> None:
    home = Home("ocpp_renamed")
    home.register(site_form())
    answer = home.register(garage())
    assert answer["ok"]
    assert answer["errors"] == []
    assert answer["found"]["status"] == "sensor.garage_charger_status_connector"
    assert answer["why"]["status"]
    assert answer["missing"] == []


def test_a_renamed_charger_is_read_and_called_by_its_own_identity() -> None:
    home = Home("ocpp_renamed")
    home.register(site_form())
    home.register(garage())
    home.states["sensor.garage_charger_status_connector"] = EntityState("Charging")
    home.states["sensor.car_amps"] = state(7.0, "A", L1=7.0, L2=7.0, L3=7.0)
    assert told(home.run()) == {"TACW11-4-1520"}
    report = home.keeper.report.loads["garage"]
    assert report.status == "charging"
    # 7 A on each of three legs at 230 V.
    assert report.power_w == 3 * 7 * 230


def test_one_that_connects_later_is_found_then() -> None:
    home = Home()
    home.register(site_form())
    answer = home.register(garage())
    assert answer["ok"]
    assert answer["found"] == {}
    assert "has it ever connected" in answer["missing"][0]
    for _ in range(10):
        assert told(home.run()) == set()
    home.states |= recorded("ocpp_renamed")
    calls = [call for _ in range(3) for call in home.run()]
    assert told(tuple(calls)) == {"TACW11-4-1520"}


def test_looks_in_vain_become_seldom_and_end_when_all_is_there() -> None:
    home = Home()
    home.register(site_form())
    home.register(garage())
    for _ in range(720):
        home.run()
    # An hour: 10, 20, 40 ... 300 s apart makes about 15; every run would be 720.
    assert 5 <= home.looks <= 20
    home.states |= recorded("ocpp_renamed")
    for _ in range(4):
        home.run()
    looked = home.looks
    for _ in range(100):
        home.run()
    assert home.looks == looked


def test_its_identity_counts_from_the_run_in_which_it_is_said() -> None:
    """Until it is connected, its id has no value, and what the form says is all that there is."""
    home = Home("ocpp_friendly_name")
    known = dict(home.states)
    for entity, old in known.items():
        if entity.startswith("sensor.evse1"):
            home.states[entity] = EntityState("unavailable", old.attributes)
    home.register(site_form())
    home.register(garage())
    assert told(home.run()) == set()
    home.states = {**home.states, **known}
    assert told(home.run()) == {"EVSE-1"}


def test_two_forms_can_not_have_one_connector_by_two_names() -> None:
    home = Home("ocpp_renamed")
    home.register(site_form())
    home.register(garage())
    second = charger_form("second", devid="TACW11-4-1520")
    home.register(second)
    complaints = " ".join(home.keeper.registry.complaints(home.now))
    assert "used by 'garage' already" in complaints
    assert set(home.keeper.registry.wired.site.loads) == {"garage"}  # type: ignore[union-attr]


def test_a_wrong_unit_is_not_read_where_there_is_a_right_one() -> None:
    home = Home("ocpp_fallbacks")
    home.register(site_form())
    home.register(garage(devid="ac22"))
    home.run()
    # 4.1 kW by its power; the energy that is called a current is passed over.
    assert round(home.keeper.report.loads["garage"].power_w or 0.0) == 4100


def test_an_entity_for_each_leg_is_read() -> None:
    home = Home("ocpp_separate_legs")
    home.register(site_form())
    home.register(garage(devid="wallbox"))
    home.run()
    # 12.0 + 11.9 + 12.1 A at 230 V.
    assert round(home.keeper.report.loads["garage"].power_w or 0.0) == 36 * 230


def test_a_plug_and_a_number_charger_are_checked() -> None:
    home = Home()
    home.states |= {
        "switch.boiler": state("on"),
        "sensor.boiler": state(12.5, "kWh"),
        "number.wallbox": state(16, None),
        "sensor.wallbox": state(2000, "W"),
    }
    home.register(site_form())
    plug = {"kind": "plug", "contract": 1, "node": "b", "name": "b", "automation": "automation.b"}
    answer = home.register(
        {**plug, "switch": "switch.boiler", "power_w": 2000, "power_entity": "sensor.boiler"}
    )
    assert answer["ok"]
    assert answer["found"]["switch"] == "switch.boiler"
    assert answer["missing"] == [
        "sensor.boiler can't be used as power: it is in kWh, and A, W or kW is needed."
    ]
    number = {**plug, "kind": "number_charger", "node": "w", "name": "w"}
    wired = {"setting_entity": "number.wallbox", "power_entity": "sensor.wallbox"}
    answer = home.register({**number, **wired})
    assert answer["ok"]
    assert "number.wallbox can't be used as setting: it has no unit" in answer["missing"][0]
    answer = home.register({**number, **wired, "setting_unit": "a"})
    assert answer["missing"] == []
    answer = home.register({**number, **wired, "setting_unit": "a", "switch_entity": "switch.no"})
    assert "switch.no, which the form names for the switch, is not there" in answer["missing"][0]
