"""Random houses in which things fail, under the engine, before a judge who knows only physics.

`chance` makes an episode of a seed, `limits` and `commands` judge it, `episode` runs it, `command`
is script/chaos.
"""
