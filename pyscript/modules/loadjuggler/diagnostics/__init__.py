"""Mistakes of the installation: `wiring/` finds wrong phases, `plausibility/` implausible forms."""
