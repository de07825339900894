"""Random houses as forms, wired with physics behind the meters, for runs of the whole engine."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from loadjuggler.snapshot import EntityState

from tests.engine.house import Car, House, charger_form, circuit_form, plug_form, site_form

from .grids import DISTRIBUTIONS, legs_of, one_in, tenths, trees


@st.composite
def houses(draw: st.DrawFn, entities: bool = True) -> House:
    """A house with up to five circuits nested up to four deep and up to eight loads."""
    phases = "ABC"[: draw(st.integers(1, 3))]
    parents = draw(trees())
    forms: list[dict[str, Any]] = [
        site_form(
            phases,
            main_breaker_a=draw(st.sampled_from([16, 20, 25, 35, 63])),
            distribution=draw(st.sampled_from(DISTRIBUTIONS)),
            max_import_w=draw(st.none() | st.integers(2000, 30_000)),
            power_buffer_w=draw(st.sampled_from([0, 500])),
            reserve_a=draw(st.sampled_from([0, 0, 2])),
        )
    ]
    for number, parent in enumerate(parents[1:], start=1):
        forms.append(
            circuit_form(
                f"circuit{number}",
                draw(st.sampled_from([10, 16, 20, 32])),
                metered=draw(st.sampled_from(["", "", phases, phases[:1]])),
                parent=f"circuit{parent}" if parent else "",
            )
        )
    for number in range(draw(st.integers(1, 8))):
        circuit = draw(st.integers(0, len(parents) - 1))
        shared: dict[str, Any] = {
            "circuit": f"circuit{circuit}" if circuit else "",
            "priority": draw(st.integers(1, 4)),
            "legs": draw(legs_of(phases)),
            "mode": draw(st.sampled_from(["standard", "standard", "standard", "off"])),
        }
        if draw(one_in(4)):
            forms.append(
                plug_form(
                    f"load{number}",
                    power_w=draw(st.integers(1, 40)) * 100,
                    essential=draw(one_in(4)),
                    power_entity=f"sensor.load{number}_power" if draw(st.booleans()) else None,
                    min_off_min=0,
                    **shared,
                )
            )
        else:
            step = draw(st.sampled_from([0.1, 0.5, 1.0]))
            low = draw(st.sampled_from([6.0, 6.0, 8.0]))
            charger = charger_form(
                f"load{number}",
                step_a=step,
                min_current_a=low,
                max_current_a=low + draw(st.integers(0, 26)),
                solar_pause_min=0,  # who waits is told in stories
                **shared,
            )
            if entities and draw(one_in(4)):
                charger["max_current_entity"] = f"input_number.load{number}_max"
            forms.append(charger)
    if entities and draw(one_in(4)):
        forms[0]["main_breaker_entity"] = "input_number.main"
    house = House.of(*forms)
    for setting in [
        house.site.circuits["main"].limit,
        *(x.max_a for x in house.site.loads.values()),
    ]:
        if setting.entity:
            value = str(draw(st.sampled_from([8, 12, 20])))
            house.extra[setting.entity] = EntityState(value, {"unit_of_measurement": "A"})
    return live(draw, house)


def live(draw: st.DrawFn, house: House) -> House:
    """Let people and cars do something, within what a house does."""
    for circuit in house.site.circuits.values():
        # A breaker is taken to carry managed loads only where it has no meter (product.md 1).
        seen = [phase for phase, _ in circuit.meter.entities] if circuit.meter else []
        for phase in seen:
            if draw(st.booleans()):
                house.household[circuit.id][phase] = draw(tenths(-8, 14))
    for load, car in house.cars.items():
        wired = len(house.site.loads[load].legs)
        house.cars[load] = Car(
            status=draw(
                st.sampled_from(
                    ["Charging"] * 4 + ["Preparing", "SuspendedEV", "SuspendedEVSE", "Available"]
                )
            ),
            max_a=draw(st.sampled_from([32.0, 32.0, 16.0, 10.0])),
            legs=draw(st.sampled_from([wired, wired, 1])),
            transaction=draw(st.sampled_from([0, 42])),
            tx_limits=dict(car.tx_limits),
            default_limit_a=car.default_limit_a,
        )
    for load in house.outlets:
        if draw(one_in(4)):
            house.outlets[load].on = not house.outlets[load].on
            house.outlets[load].switched_at = house.now
    return house


lost_states = st.sampled_from(
    [
        None,
        EntityState("unavailable"),
        EntityState("unknown"),
        EntityState("nan", {"unit_of_measurement": "A"}),
        EntityState("inf", {"unit_of_measurement": "A"}),
        EntityState("a lot", {"unit_of_measurement": "A"}),
        EntityState(""),
        EntityState("3", {"unit_of_measurement": "furlong"}),
    ]
)

_units: st.SearchStrategy[Any] = st.sampled_from(
    ["A", "mA", "W", "kW", "MW", "", None, "%", 7, ["A"], {"unit": "A"}]
)
_words = (
    "unavailable unknown none nan -inf 1e308 -1e308 1e-320 1e400 0 -0 1_000 on off Charging "
    "Available standard \u0662"
)
_values: st.SearchStrategy[str] = st.one_of(
    st.sampled_from(["", *_words.split()]),
    st.floats().map(str),
    st.integers(-50, 50).map(str),
    st.text(max_size=6),
)
_attributes: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.integers(),
    st.sampled_from([10**400, "nan", "7", [1.0], {}, b"1"]),
)
junk_states: st.SearchStrategy[EntityState] = st.builds(
    EntityState,
    _values,
    st.fixed_dictionaries(
        {},
        optional={"unit_of_measurement": _units, **dict.fromkeys(("L1", "L2", "L3"), _attributes)},
    ),
    st.one_of(st.just(0.0), st.floats(-1e9, 1e10)),
)
