"""One sensor in two places, made by a template: two entities that always show the same.

25 A, three phases, looks of 10 s. Phases flicker by themselves, so 100 changes to the same value in
a row are no chance.
"""

from __future__ import annotations

import random

import pytest
from loadjuggler.snapshot import EntityState

from .house import House, charger_form, circuit_form, plug_form, site_form, state
from .numbers import NumberStage, number_form

ONE_SENSOR = "have shown exactly the same"


class Flickers(House):
    """A house whose phases flicker, each by itself; `copies` are entities that copy others."""

    copies: dict[str, str]
    digits: int
    alike: bool
    behind: bool

    def lives(self, seconds: float, step_s: float = 10.0, seed: int = 1) -> None:
        """Let it live: its phases flicker by about 0.3 A, around 3 A, and 20 A on B."""
        chance = random.Random(seed)
        old: dict[str, EntityState] = {}
        for _ in range(int(seconds / step_s)):
            one = chance.uniform(-0.3, 0.3)
            for phase, amps in zip("ABC", (3.0, 20.0, 3.0), strict=True):
                each = one if self.alike else chance.uniform(-0.3, 0.3)
                base = 3.0 if self.alike else amps
                self.household["main"][phase] = round(base + each, self.digits)
            self.now += step_s
            shown = {k: v for k, v in self.snapshot().items() if k not in self.extra}
            for copy, source in self.copies.items():
                late = self.behind and chance.random() < 0.2
                seen = old.get(source, shown[source]) if late else shown[source]
                self.extra[copy] = seen
            old = dict(shown)
            self.tick(0.0)


def house(*forms: dict[str, object], **site: object) -> Flickers:
    found = Flickers.of(site_form(**site), *(forms or (charger_form("car"),)))
    assert isinstance(found, Flickers)
    found.copies, found.digits, found.alike, found.behind = {}, 2, False, False
    return found


def told(one: House) -> list[str]:
    assert one.outcome is not None
    return [text for text in one.outcome.report.warnings if ONE_SENSOR in text]


@pytest.mark.parametrize("behind", [False, True], ids=["at once", "a moment later"])
def test_a_template_that_copies_phase_a_is_told(behind: bool) -> None:
    """B carries 20 A and the car, its sensor shows A: after 100 changes of 10 s, not before.

    One that is shown a moment later is seen behind at a fifth of the looks, and no change then.
    """
    one = house()
    one.copies, one.behind = {"sensor.grid_b": "sensor.grid_a"}, behind
    one.lives(900)
    assert told(one) == []
    one.lives(900 if behind else 300, seed=2)
    (text,) = told(one)
    assert "sensor.grid_a, sensor.grid_b have shown exactly the same through 100 changes" in text
    assert one.outcome is not None
    assert [notice.kind for notice in one.outcome.report.notices] == ["wiring"]
    one.copies, one.extra = {}, {}
    one.lives(60, seed=3)
    assert told(one) == []


def test_a_third_phase_that_shows_the_same_by_chance_does_not_delay_it() -> None:
    """C copies A, and B is near them in steps of 0.1 A: it often shows the same, and is no copy.

    B stands between A and C in the form. Each change of A to what is not a whole ampere counts.
    """
    one, chance = house(), random.Random(8)
    changes, same, old_a = 0, 0, 0.0
    while changes < 100:
        shown = [round(3.0 + chance.uniform(-0.3, 0.3), 1) for _ in "AB"]
        for phase, amps in zip("ABC", (*shown, shown[0]), strict=True):
            one.household["main"][phase] = amps
        changes += bool(old_a) and shown[0] != old_a and shown[0] != 3.0
        same, old_a = same + (shown[0] == shown[1]), shown[0]
        one.tick(10.0)
        assert changes >= 100 or told(one) == []
    assert same > 15
    for amps in (3.1, 3.2, 3.1):  # what has faded in the looks without a change
        one.household["main"].update(A=amps, B=2.5, C=amps)
        one.tick(10.0)
    (text,) = told(one)
    assert "sensor.grid_a, sensor.grid_c have shown exactly the same" in text


def test_a_total_that_is_divided_by_three_is_told_once() -> None:
    one = house()
    one.copies = {"sensor.grid_b": "sensor.grid_a", "sensor.grid_c": "sensor.grid_a"}
    one.lives(1200)
    assert len(told(one)) == 1


def test_the_meters_of_two_breakers_side_by_side() -> None:
    one = house(
        circuit_form("garage", 20, "A"),
        circuit_form("cellar", 20, "A"),
        charger_form("car", circuit="garage"),
    )
    for circuit in ("garage", "cellar"):
        one.household[circuit] = dict.fromkeys("ABC", 0.0)
    one.copies = {"sensor.cellar_a": "sensor.grid_a", "sensor.garage_a": "sensor.grid_a"}
    one.lives(1200)
    assert len(told(one)) == 1
    assert "sensor.garage_a, sensor.cellar_a" in told(one)[0]


@pytest.mark.parametrize(
    ("digits", "alike"),
    [
        pytest.param(2, False, id="phases that flicker by themselves"),
        pytest.param(1, False, id="in steps of 0.1 A"),
        pytest.param(0, False, id="in whole amperes"),
        pytest.param(0, True, id="whole amperes, and what runs takes the same of all phases"),
    ],
)
def test_meters_of_their_own_are_fine(digits: int, alike: bool) -> None:
    one = house()
    one.digits, one.alike = digits, alike
    one.lives(2400)
    assert told(one) == []


def test_the_only_load_behind_a_breaker_shows_what_its_meter_shows() -> None:
    one = house(circuit_form("garage", 20, "ABC"), charger_form("car", circuit="garage"))
    one.lives(2400)
    assert told(one) == []


def test_a_breaker_with_a_three_phase_car_only_shows_the_same_on_its_phases() -> None:
    """Its car draws 8.1 to 9.9 A, ever another current, and the same on each of its legs."""
    one = house(circuit_form("garage", 20, "ABC"), charger_form("car", circuit="garage"))
    shown = set()
    for look in range(300):
        one.cars["car"].max_a = 8.1 + look % 7 * 0.3
        one.tick(10.0)
        shown.add(round(max(one.draws(one.site.loads["car"]).values()), 1))
    assert len(shown) == 7
    assert told(one) == []


def test_two_chargers_with_one_sensor() -> None:
    """Both boxes may give 16 A; one car takes about 11 A, and so does the other, it seems."""
    one = NumberStage.of(
        site_form(main_breaker_a=63),
        number_form("one", power_entity=None, current_entity="sensor.one_current"),
        number_form("two", power_entity=None, current_entity="sensor.two_current"),
    )
    chance = random.Random(4)
    own = False
    for look in range(260):
        one.now += 10.0
        for box in ("one", "two"):
            if box == "one" or own:
                drawn_a = round(chance.uniform(10.5, 11.5), 2)
            one.extra[f"sensor.{box}_current"] = state(drawn_a, "A", one.now)
        one.tick(0.0)
        own = look >= 150
        if look in (80, 150, 170):
            assert len(told(one)) == (look == 150)
    assert told(one) == []


def test_of_twelve_cars_that_draw_the_same_each_is_compared_with_its_neighbour() -> None:
    """Twelve cars have 66 pairs; a hundred would have 4,950, too many for a run."""
    one = House.of(site_form(main_breaker_a=200), *[charger_form(f"car{n}") for n in range(12)])
    for amps in (7.3, 8.4, 7.3):
        for car in one.cars.values():
            car.max_a = amps
        one.tick(10.0)
    doubts = [doubt for doubt in one.memory.checks.by_key.values() if doubt.code == "setup_copied"]
    assert len(doubts) == 11


def test_chargers_that_show_what_they_are_told_are_fine() -> None:
    """Both always have the same share, because what is left of 25 A is shared."""
    one = house(charger_form("one"), charger_form("two"), distribution="shared")
    one.lives(2400)
    assert told(one) == []


def test_plugs_that_are_not_measured_are_fine() -> None:
    one = house(plug_form("one", "A", 2000), plug_form("two", "A", 2000))
    one.lives(1500)
    assert told(one) == []
