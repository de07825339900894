"""The form of a circuit: a breaker below the main one."""

from __future__ import annotations

from ..units import PHASES
from .field import Field, Kind, Section, interval, invert, node_name, override, phase_meter, reserve

CIRCUIT_FORM = Kind(
    "circuit",
    "Load Juggler circuit",
    "A breaker below the main one, such as the garage's. Make one for each that charging could "
    "overload; a circuit may feed other circuits.",
    (
        Section("main", "The breaker", "Its name, its limit, and the breaker above it."),
        Section("meter", "Its own meter", "If other things hang on it too, such as an oven."),
        Section("limits", "Further settings", "A reserve, and a limit that changes."),
    ),
    (
        node_name("circuit", "Garage"),
        Field(
            "limit_a",
            "number",
            "Limit",
            "What is written on the breaker, per phase, e.g. 16.",
            "main",
            required=True,
            unit="A",
            low=1,
            high=1000,
            step=1,
        ),
        Field(
            "parent",
            "text",
            "Breaker above",
            "Name of the circuit that feeds this one. Leave it empty for the main breaker.",
            "main",
        ),
        *(phase_meter(f"meter_{p.lower()}", p, "this breaker", "meter") for p in PHASES),
        invert("meter"),
        interval("meter_interval_s", "meter"),
        reserve("limits"),
        override("limit_entity", "Limit", "limits"),
    ),
    icon="mdi:fuse",
    example="Garage",
    after_saving="After saving, there are sensors of its current and headroom.",
)
