"""Experiments on the closed loop: the house or the sun changes, and loads follow.

`signals` are functions of time, `experiment` runs a house on them, `figures` counts the results,
`catalogue` has the experiments by name, and `command` shows them.
"""
