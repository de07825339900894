"""What the rules need to know of a kind of load: plain facts, one value for each kind.

Each is named after a property of the load, electrical or of its behaviour, never after a kind. So a
rule that asks for a property holds for every kind that has it. What a kind does (reading, driving)
is in its folder in `loads/`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The properties of one kind of load.

    `name` is that of its form, e.g. "number_charger"; `loads.kinds` finds the kind by it.

    `adjustable`: it can be told several currents between its minimum and its maximum. A load that
    can't is off, or on at its rated power: it has no limits in A and no ramp, and stays as it is
    while a meter is silent (docs/product.md section 6).

    `has_car`: a car comes and leaves, and may be full. Without a car the load is idle, and its
    status has words for cars.

    `has_shortest_times`: its form has a shortest time on and a shortest time off; the latter is its
    pause after a stop (docs/product.md section 5).

    `idles_in_place`: a load that is on and takes nothing keeps its minimum. A warm boiler that was
    switched off could never ask again; a full car makes way for a load that could not start beside
    it (docs/decisions/0014).

    `measured`: its draw is always measured, by itself or by a sensor that its form requires. A load
    of another kind is measured only if its form names a power sensor.

    `switched_by_hand`: people switch it themselves, and that beats the program: if it is on
    although it was switched off, it is left on and counts as house load (docs/decisions/0006).

    `checkable`: a check of the wiring can lower and raise it, so that the meters show its phase
    (docs/product.md section 8).

    `searched_for`: its entities are searched for among those of all devices; those of other kinds
    are named in their forms.
    """

    name: str
    adjustable: bool
    has_car: bool
    has_shortest_times: bool
    idles_in_place: bool
    measured: bool
    switched_by_hand: bool
    checkable: bool
    searched_for: bool = False
