"""Random houses with faults, run by the engine and judged by physics alone.

`chance` makes an episode from a seed, `episode` runs it, `limits` and `commands` judge it,
`command` is script/chaos.
"""
