"""The sun over a cloudless house: where it stands, and what an array of panels gives then.

A few formulas instead of pvlib, the well-kept library for this: with pandas, scipy and h5py it
brings 350 MB, and `script/demo` should be there in seconds. Compared with pvlib 0.16 (Ineichen's
clear sky, isotropic diffuse light; 46.1° N, 35° to the south) a clear day has 5 % less energy in
December and 10 to 20 % more in the other seasons: pvlib knows the haze of each month, and this is
a sky as clear as after a front.

Sources: declination by Cooper (1969); global irradiance by Haurwitz (1945); direct irradiance by
Meinel (1976); air mass by Kasten and Young (1989).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from .clock import day_of_year, hour_of_day

PERFORMANCE = 0.85
"""Share of the nameplate that is left by warm panels, dirt, cables and the inverter."""


@dataclass(frozen=True, slots=True)
class Panels:
    """An array: W at 1000 W/m², degrees from the horizontal, and where it faces (180: south)."""

    peak_w: float
    tilt_deg: float = 35.0
    facing_deg: float = 180.0


@dataclass(frozen=True, slots=True)
class Place:
    """Degrees north, and the hour on the clock at which the sun is highest."""

    latitude_deg: float = 46.0
    noon_h: float = 12.0


@dataclass(frozen=True, slots=True)
class Sun:
    """Where the sun stands: radians above the horizon, and clockwise from the north."""

    elevation: float
    azimuth: float


def sun_at(place: Place, now: float) -> Sun:
    """The sun over `place` at epoch s `now`."""
    turn = 2 * math.pi * (284 + day_of_year(now)) / 365
    declination = math.radians(23.45) * math.sin(turn)
    latitude = math.radians(place.latitude_deg)
    hours = (hour_of_day(now) - place.noon_h + 12) % 24 - 12
    angle = math.radians(15 * hours)
    north = math.sin(declination) * math.cos(latitude) - math.cos(declination) * math.sin(
        latitude
    ) * math.cos(angle)
    east = -math.cos(declination) * math.sin(angle)
    up = math.sin(latitude) * math.sin(declination) + math.cos(latitude) * math.cos(
        declination
    ) * math.cos(angle)
    return Sun(math.asin(min(max(up, -1.0), 1.0)), math.atan2(east, north) % (2 * math.pi))


def irradiance(sun: Sun) -> tuple[float, float, float]:
    """Global and diffuse W/m² on the ground, and direct W/m² across the rays, without clouds."""
    up = math.sin(sun.elevation)
    if up <= 0.01:
        return 0.0, 0.0, 0.0
    whole = 1098 * up * math.exp(-0.057 / up)
    degrees = math.degrees(sun.elevation)
    air_mass = 1 / (up + 0.50572 * (degrees + 6.07995) ** -1.6364)
    direct = 1353 * 0.7 ** (air_mass**0.678)
    diffuse = max(whole - direct * up, 0.1 * whole)
    return whole, diffuse, direct


def clear_w(panels: Panels, place: Place, now: float) -> float:
    """What `panels` give at epoch s `now` without clouds, in W."""
    sun = sun_at(place, now)
    _, diffuse, direct = irradiance(sun)
    tilt, facing = math.radians(panels.tilt_deg), math.radians(panels.facing_deg)
    incidence = math.sin(sun.elevation) * math.cos(tilt) + math.cos(sun.elevation) * math.sin(
        tilt
    ) * math.cos(sun.azimuth - facing)
    on_panel = direct * max(incidence, 0.0) + diffuse * (1 + math.cos(tilt)) / 2
    return panels.peak_w * PERFORMANCE * on_panel / 1000
