"""Experiments on the closed loop: what the house or the sun does, and how fast the loads follow.

`signals` are functions of time, `experiment` runs a house on them, `figures` counts what came of
it, `catalogue` has the experiments by name, and `command` shows them.
"""
