"""Ids of the simulated house's entities; chargers have those that the OCPP integration gives."""

from __future__ import annotations

from functools import cache

from loadjuggler.site.slug import slug

SOLAR = "sensor.house_solar"
BATTERY_SOC = "sensor.house_battery_soc"
BATTERY_POWER = "sensor.house_battery"


@cache
def grid(phase: str) -> str:
    """Current of the grid connection on `phase`."""
    return f"sensor.grid_{phase.lower()}"


@cache
def circuit(circuit_id: str, phase: str) -> str:
    """Current through a metered breaker on `phase`."""
    return f"sensor.circuit_{slug(circuit_id)}_{phase.lower()}"


@cache
def inverter(phase: str) -> str:
    """Output current of the inverter on `phase`."""
    return f"sensor.house_inverter_{phase.lower()}"


@cache
def charger(load: str, key: str) -> str:
    """Entity `key` (status_connector, current_import, transaction_id ...) of a charger."""
    return f"sensor.{slug(load)}_{key}"


@cache
def switch(load: str) -> str:
    """Switch of a plug."""
    return f"switch.{slug(load)}"


@cache
def plug_power(load: str) -> str:
    """Power sensor of a plug."""
    return f"sensor.{slug(load)}_power"
