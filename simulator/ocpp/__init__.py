"""Charging profiles of OCPP 1.6: as values, as a station holds them, and what they limit.

The virtual charging station and the tests use this code; the engine does not: it judges a charger
by its sensors. `Capabilities` says what a station can do, and which reading it takes where the
standard leaves a choice (docs/decisions/0015). `v201` has the differences of OCPP 2.0.1. Rules name
their section of the standard, or the number of the erratum (errata sheet of edition 2).
"""

from __future__ import annotations

from simulator.ocpp import v201
from simulator.ocpp.accept import accept, remote_start
from simulator.ocpp.clear import clear, ended
from simulator.ocpp.composite import Composite, composite
from simulator.ocpp.profiles import Installed, Invalid, Period, Profile, Schedule, check
from simulator.ocpp.select import Limit, limit_at
from simulator.ocpp.station import Answer, Capabilities, Transaction, configuration
from simulator.ocpp.wire import parse, plain

__all__ = [
    "Answer",
    "Capabilities",
    "Composite",
    "Installed",
    "Invalid",
    "Limit",
    "Period",
    "Profile",
    "Schedule",
    "Transaction",
    "accept",
    "check",
    "clear",
    "composite",
    "configuration",
    "ended",
    "limit_at",
    "parse",
    "plain",
    "remote_start",
    "v201",
]
