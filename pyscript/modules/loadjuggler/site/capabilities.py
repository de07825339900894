"""What is to be known of a kind of load wherever its loads share, wait or are told about.

These are plain facts. Each is named after a property of the load, electrical or in how it behaves,
never after a kind, so a rule that asks for one holds for every kind that has it. What a kind does
(reading, driving) is in its folder in `loads/`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What one kind of load can do, and what has to be minded with it.

    `name` is that of its form, e.g. "number_charger"; `loads.kinds` finds the kind by it.

    `adjustable`: it can be told any of several currents between its minimum and its maximum. One
    that is not is either off, or on at its rated power: it has no limits in A, no ramp, and no
    lower level for when a meter is silent, so it stays as it is then (docs/product.md section 6).

    `has_car`: a car comes and leaves, and may be full. Without one the load is idle, and its status
    is told in words for cars.

    `has_shortest_times`: its form asks how long it stays on, and off, at least; the latter is its
    pause after a stop (docs/product.md section 5).

    `idles_in_place`: one that is on and takes nothing just now keeps its place and its minimum. A
    boiler that is switched off when it is warm could never ask again; a car that is full gives way
    to a load that could not start beside it (docs/how-it-works.md).

    `measured`: what it draws is always measured, by itself or by a sensor that its form insists
    on. One that is not has a power sensor only if somebody has named one.

    `switched_by_hand`: people switch it themselves, and their hand beats the program: one that is
    found on although it was switched off is left on, and counts as house load (docs/product.md
    section 6).

    `checkable`: a check of the wiring can lower it for 20 s and raise it again, so that the meters
    show which phase it is on (docs/product.md section 8).

    `searched_for`: its entities are found among those of all devices, by names that may change;
    those of other kinds are named in their forms.
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
