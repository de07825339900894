"""The wiring as a picture: an SVG of the tree from the grid to the loads, with the currents in it.

It needs no script, no font, and no other file, so it can be shown wherever an image can.
"""

from __future__ import annotations

from .showing import Showing
from .tree import wiring_svg

__all__ = ["Showing", "wiring_svg"]
