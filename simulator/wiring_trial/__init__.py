"""Trials of what the engine finds out about its wiring: many days of houses, cheaply.

`house` lives in steps as long as its meter's reports, with `loads` that do what they are told
plausibly, but no engine; `trial` feeds `diagnostics.wiring` of the engine with readings of it;
`chance` makes houses up; `command` runs many of them and counts what was found.
"""
