"""Charging profiles of OCPP 1.6: as values, as a station holds them, and what they limit.

The same code tells the virtual charging station what to do and the controller what a real one will
do. `Capabilities` says what a station can do, and how it reads what the standard leaves open.
`v201` is the same for OCPP 2.0.1, where that differs.
Sections and errata (by number, of edition 2's errata sheet) are named where a rule comes from.
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
