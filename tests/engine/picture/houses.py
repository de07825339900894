"""Houses to draw: their wiring by forms, their reports written by hand.

By hand, so that what is drawn depends on nothing but the picture itself.
"""

from __future__ import annotations

from dataclasses import replace

from loadjuggler.reasons import Reason
from loadjuggler.report import CircuitReport, LoadReport, Report
from loadjuggler.site.model import Site
from loadjuggler.units import PerPhase

from tests.engine.house import (
    BATTERY,
    OUTPUTS,
    SUN,
    charger_form,
    circuit_form,
    plug_form,
    site_form,
    wire_forms,
)

House = tuple[Site, Report]
Three = tuple[float | None, float | None, float | None]


def wired(*forms: dict[str, object]) -> Site:
    found = wire_forms(*forms)
    assert found.site is not None
    assert not found.refused
    assert not found.waiting
    return found.site


def named(site: Site, names: dict[str, str]) -> Site:
    """The same house with these names, by id."""
    circuits = {
        key: replace(known, name=names.get(key, known.name)) for key, known in site.circuits.items()
    }
    loads = {
        key: replace(known, name=names.get(key, known.name)) for key, known in site.loads.items()
    }
    return replace(site, circuits=circuits, loads=loads)


def circuit(
    site: Site, which: str, limit_a: float, draw: Three, headroom: Three, unmanaged: Three
) -> CircuitReport:
    known = site.circuits[which]
    return CircuitReport(
        which,
        known.name,
        known.parent,
        limit_a,
        PerPhase(*draw),
        PerPhase(*unmanaged),
        PerPhase(*headroom),
    )


def load(
    site: Site,
    which: str,
    status: str,
    told_a: float | None,
    draw: Three | None,
    power_w: float | None,
    mode: str = "standard",
    sentence: str = "16 A of 16 A: its maximum.",
) -> LoadReport:
    known = site.loads[which]
    return LoadReport(
        id=which,
        name=known.name,
        kind=known.kind.name,
        circuit=known.circuit,
        mode=mode,
        status=status,
        target_a=told_a or 0.0,
        allocated_a=told_a,
        available_a=told_a,
        draw=None if draw is None else PerPhase(*draw),
        power_w=power_w,
        reason=Reason("maximum"),
        sentence=sentence,
    )


def report(*parts: CircuitReport | LoadReport, **more: object) -> Report:
    said: dict[str, object] = {"status": "ok", "sentence": "All is well.", **more}
    return Report(
        at=1_000_000.0,
        loads={part.id: part for part in parts if isinstance(part, LoadReport)},
        circuits={part.id: part for part in parts if isinstance(part, CircuitReport)},
        **said,  # type: ignore[arg-type]
    )


def one_load() -> House:
    """A car of 16 A on each phase beside 4, 2 and 3 A of the house, on 25 A."""
    site = named(wired(site_form(main_breaker_a=25), charger_form("left")), {"left": "Left car"})
    return site, report(
        circuit(site, "main", 25.0, (20.0, 18.0, 19.0), (21.0, 23.0, 22.0), (4.0, 2.0, 3.0)),
        load(site, "left", "charging", 16.0, (16.0, 16.0, 16.0), 11040.0),
    )


def two_chargers() -> House:
    """Two cars below a 16 A breaker: 10 + 6 A are all of it; a heater of 3 A puts A over it."""
    site = wired(
        site_form(main_breaker_a=25),
        circuit_form("garage", 16, "ABC"),
        charger_form("left", circuit="garage"),
        charger_form("right", circuit="garage"),
    )
    site = named(site, {"garage": "Garage", "left": "Left car", "right": "Right car"})
    warning = (
        "The Garage breaker (16 A) carries 19.0 A on phase A, 3.0 A too much; without the managed "
        "loads it would be 3.0 A."
    )
    return site, report(
        circuit(site, "main", 25.0, (22.0, 18.0, 17.0), (19.0, 23.0, 24.0), (6.0, 2.0, 1.0)),
        circuit(site, "garage", 16.0, (19.0, 16.0, 13.5), (13.0, 16.0, 16.0), (3.0, 0.0, 0.0)),
        load(site, "left", "charging", 10.0, (10.0, 10.0, 10.0), 6900.0),
        load(site, "right", "not_following", 6.0, (6.0, 6.0, 3.5), 3565.0, "solar_priority"),
        status="problem",
        sentence=warning,
        warnings=(warning,),
    )


def sun_and_battery() -> House:
    """7.2 kW of sun: a car takes 4.14 kW (6 A), the battery 1.5 kW, 690 W are fed in.

    So the house takes 7200 - 4140 - 1500 - 690 = 870 W. Each phase of the meter shows
    690 / 3 / 230 = 1 A fed in; what is not managed there is -1 - 6 = -7 A.
    """
    site = wired(
        site_form(main_breaker_a=25, **SUN, **BATTERY),
        charger_form("car", mode="solar_only"),
        plug_form("boiler", "B", 2300, mode="excess"),
    )
    site = named(site, {"car": "Family car", "boiler": "Boiler"})
    return site, report(
        circuit(site, "main", 25.0, (-1.0, -1.0, -1.0), (25.0, 25.0, 25.0), (-7.0, -7.0, -7.0)),
        load(site, "car", "charging", 6.0, (6.0, 6.0, 6.0), 4140.0, "solar_only"),
        load(site, "boiler", "waiting", 0.0, (0.0, 0.0, 0.0), 0.0, "excess"),
        solar_w=7200.0,
        battery_w=-1500.0,
        soc_pct=62.0,
    )


KINDS = ("charging", "ready", "waiting", "idle")


def twelve_loads() -> House:
    """Twelve loads on four circuits, one below another; names of all sorts, one meter is silent."""
    names = (
        *("Left car", "Right car", "Visitor with a very long name beside the old barn", "Škoda"),
        *("<b>&amp;</b>", "صالة السيارة", "車庫の充電器(二階建て駐車場の奥)", "🚗🔌 Kombi"),
        *("Floor heating", "Pool pump", "Boiler", "Sauna in the cellar"),
    )
    places = ("garage", "car_park", "second_row", "cellar")
    site = wired(
        site_form(main_breaker_a=63),
        *(
            circuit_form(place, 32, "ABC", **({"parent": "car_park"} if number == 2 else {}))
            for number, place in enumerate(places)
        ),
        *(charger_form(f"car_{number}", circuit=places[number // 3]) for number in range(8)),
        *(
            plug_form(f"plug_{number}", "ABC"[number % 3], circuit=places[number // 3])
            for number in range(8, 12)
        ),
    )
    shown = {place: place.replace("_", " ").capitalize() for place in places}
    site = named(site, shown | dict(zip(site.loads, names, strict=True)))
    loads = []
    for number, known in enumerate(site.loads.values()):
        status = KINDS[number % 4]
        amps = 8.0 if status == "charging" else 0.0
        draw = dict(known.legs)
        by_phase = PerPhase.of(dict.fromkeys(draw.values(), amps))
        told = {"charging": 8.0, "ready": 6.0, "waiting": 0.0}.get(status)
        watts = None if status == "idle" else by_phase.total() * 230
        loads.append(
            load(site, known.id, status, told, (by_phase.a, by_phase.b, by_phase.c), watts)
        )
    unknown: Three = (None, None, None)
    return site, report(
        circuit(site, "main", 63.0, (31.5, 53.6, 30.0), (46.0, 37.0, 50.0), (15.5, 37.6, 14.0)),
        circuit(site, "garage", 32.0, (8.0, 8.0, 8.0), (32.0, 32.0, 32.0), (0.0, 0.0, 0.0)),
        circuit(site, "car_park", 32.0, (28.0, 24.0, 26.4), (12.0, 16.0, 13.6), (20.0, 16.0, 18.4)),
        circuit(site, "second_row", 32.0, unknown, unknown, unknown),
        circuit(site, "cellar", 32.0, (0.0, 10.0, 0.04), (32.0, 22.0, 32.0), (0.0, 10.0, 0.04)),
        *loads,
        status="blind",
        sentence="The meter of the Second row breaker has been silent for 1 min 5 s.",
        warnings=("The meter of the Second row breaker has been silent for 1 min 5 s.",),
    )


def off_grid() -> House:
    """One phase off the grid: 1.84 kW of sun and 460 W of battery are 10 A through the breaker."""
    output = {"inverter_a": OUTPUTS["inverter_a"]}
    site = wired(
        form_without_meter(main_breaker_a=20, **SUN, **BATTERY, **output),
        plug_form("pump", "A", 920),
    )
    site = named(site, {"pump": "Water pump"})
    return site, report(
        circuit(site, "main", 20.0, (10.0, None, None), (14.0, None, None), (6.0, None, None)),
        load(site, "pump", "on", 4.0, (4.0, None, None), 920.0, "continuous"),
        solar_w=1840.0,
        battery_w=460.0,
        soc_pct=88.0,
    )


def form_without_meter(**values: object) -> dict[str, object]:
    made = site_form("A", **values)
    return {key: value for key, value in made.items() if not key.startswith("grid_")}


def family() -> House:
    """The house in the docs: sun and battery give 7800 W, 11.3 A on each phase.

    The rest takes 2, 2.5 and 1.6 A (1.4 kW), the left car 14 A on each phase, the boiler 10 A on B.
    So the main breaker carries 14 + 2 - 11.3 = 4.7, 15.2 and 4.3 A, and the grid gives 5.6 kW.
    """
    site = wired(
        site_form(main_breaker_a=25, **SUN, **BATTERY),
        circuit_form("garage", 16, "ABC"),
        charger_form("left", circuit="garage", mode="solar_priority"),
        charger_form("right", circuit="garage"),
        plug_form("boiler", "B", 2300),
    )
    names = {"garage": "Garage", "left": "Left car", "right": "Right car", "boiler": "Boiler"}
    site = named(site, names)
    return site, report(
        circuit(site, "main", 25.0, (4.7, 15.2, 4.3), (34.3, 33.8, 34.7), (-9.3, -8.8, -9.7)),
        circuit(site, "garage", 16.0, (14.0, 14.0, 14.0), (16.0, 16.0, 16.0), (0.0, 0.0, 0.0)),
        load(site, "left", "charging", 14.0, (14.0, 14.0, 14.0), 9660.0, "solar_priority"),
        load(site, "right", "waiting", 0.0, (0.0, 0.0, 0.0), 0.0),
        load(site, "boiler", "on", 10.0, (0.0, 10.0, 0.0), 2300.0, "continuous"),
        solar_w=7200.0,
        battery_w=600.0,
        soc_pct=84.0,
    )


HOUSES = {
    "family": family,
    "one_load": one_load,
    "two_chargers": two_chargers,
    "sun_and_battery": sun_and_battery,
    "twelve_loads": twelve_loads,
    "off_grid": off_grid,
}
