"""What holds for chargers that are set through entities: limits, ranges, and whatever they say."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from loadjuggler.limits.constraints import Ask, Row, feasible
from loadjuggler.reasons import RowKind
from loadjuggler.sharing.allocate import allocate
from loadjuggler.snapshot import EntityState

from tests.engine.house import site_form
from tests.engine.numbers import Box, NumberStage, number_form

from .grids import DISTRIBUTIONS, one_in, tenths
from .houses import junk_states

OPTIONS = (("0", "6", "10", "13", "16"), ("off", "8 A", "20 A", "eco"), ("6", "7.5", "32"))
CLOSE = 1e-6


@st.composite
def numbers(draw: st.DrawFn) -> NumberStage:
    """A house with up to four number chargers of all kinds; their values have a random step."""
    phases = "ABC"[: draw(st.sampled_from([1, 3]))]
    forms: list[dict[str, Any]] = [
        site_form(
            phases,
            main_breaker_a=draw(st.sampled_from([16, 25, 40])),
            distribution=draw(st.sampled_from(DISTRIBUTIONS)),
        )
    ]
    boxes = {}
    for number in range(draw(st.integers(1, 4))):
        name = f"load{number}"
        options = draw(st.sampled_from([(), (), *OPTIONS]))
        watts = draw(st.booleans()) and not options
        per_a = 230.0 * len(phases) if watts else 1.0
        switch = draw(st.booleans())
        # Without a switch it must be one that can be set to what pauses it.
        low = draw(st.sampled_from([0.0, 6.0 * per_a])) if switch else 0.0
        if not switch and options and options[0] not in ("0", "off"):
            options = ("0", *options)
        boxes[name] = Box(
            options[0] if options else low,
            None if options else "W" if watts else "A",
            low,
            32.0 * per_a,
            draw(st.sampled_from([0.1, 1.0, 2.0])) if not watts else draw(st.integers(1, 70)),
            options,
        )
        forms.append(
            number_form(
                name,
                phases,
                setting_entity=f"{'select' if options else 'number'}.{name}",
                switch_entity=f"switch.{name}" if switch else None,
                priority=draw(st.integers(1, 3)),
                max_current_a=draw(st.sampled_from([10, 16, 32])),
                solar_pause_min=0,
            )
        )
    return NumberStage.with_boxes(*forms, **boxes)


@given(house=numbers(), data=st.data())
def test_no_breaker_is_overloaded_and_nothing_is_sent_out_of_range(
    house: NumberStage, data: st.DataObject
) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        for phase in house.site.phases:
            house.household["main"][phase] = data.draw(tenths(0, 20))
        house.tick()
        for _ in range(data.draw(st.integers(1, 12))):
            house.tick()
            assert house.overloads() == []
    assert house.out_of_range == []


@given(
    levels=st.lists(
        st.lists(st.integers(60, 320), min_size=1, max_size=6, unique=True), min_size=1, max_size=4
    ),
    room=tenths(0, 60),
    distribution=st.sampled_from(DISTRIBUTIONS),
)
def test_who_has_levels_gets_one_of_them_and_no_higher_one_fits(
    levels: list[list[int]], room: float, distribution: str
) -> None:
    asks = []
    for number, tenth in enumerate(levels):
        own = tuple(sorted(level / 10 for level in tenth))
        rank = (0.0, 5.0, f"load{number}")
        asks.append(Ask(f"load{number}", own[0], own[-1], 0.1, rank, True, own))
    rows = [Row(RowKind.CIRCUIT, room, {ask.id: 1.0 for ask in asks}, "main", "A", room)]
    shares = allocate(asks, rows, distribution)
    amounts = {load: share.amps for load, share in shares.items()}
    assert feasible(amounts, asks, rows) == []
    left = room - sum(amounts.values())
    for ask in asks:
        got = amounts[ask.id]
        assert got == 0.0 or any(abs(got - level) < CLOSE for level in ask.levels)
        higher = [level for level in ask.levels if level > got + CLOSE]
        if got and higher and distribution in ("priority", "shared", "strict"):
            assert higher[0] - got > left - CLOSE, "a level that fits was left over"


_junk_attributes = st.fixed_dictionaries(
    {
        "unit_of_measurement": st.sampled_from(["A", "A", "W", "W", "kW", None, 7, "%"]),
        "min": st.sampled_from([0, 0, 6, 6.0, -5, "0", "nan", None, 1e308, -1e308, [1]]),
        "max": st.sampled_from([0, 6, 16, 16, 32, "32", "inf", None, 1e308, 1e-320]),
        "step": st.sampled_from([1, 0, -1, 0.1, 1e-320, 1e-9, 1e308, "x", None, True]),
        "options": st.sampled_from([["6", "10"], [], "6", 7, [None, 6], ["1e5", "9" * 400], None]),
    },
)
_junk_settings = st.builds(
    EntityState,
    st.sampled_from(["6", "10", "unknown", "unavailable", "", "nan", "1e400", "off", "-1"]),
    _junk_attributes,
    st.sampled_from([0.0, 1e6, 1e10]),
)


@given(house=numbers(), data=st.data())
def test_whatever_its_entities_say_a_run_never_fails(
    house: NumberStage, data: st.DataObject
) -> None:
    for load in house.site.loads.values():
        house.extra |= {f"sensor.{load.id}_phases": EntityState("3")}
    house.pass_time(20)
    for load in house.site.loads.values():
        entities = [entity for entity in house.snapshot() if load.id in entity]
        for entity in entities:
            if data.draw(one_in(2)):
                junk = _junk_settings if entity[:3] in ("num", "sel") else junk_states
                house.lost[entity] = data.draw(junk)
    for _ in range(3):
        before = len(house.calls)
        outcome = house.run()
        house.now += 30
        for call in outcome.commands:
            shown = house.lost.get(call.data["entity_id"])
            if "value" in call.data and shown is not None:
                least, most = (float(shown.attributes[name]) for name in ("min", "max"))
                assert least - CLOSE <= call.data["value"] <= most + CLOSE
            if "option" in call.data and shown is not None:
                assert call.data["option"] in map(str, shown.attributes["options"])
        assert len(house.calls) - before == len(outcome.commands)
