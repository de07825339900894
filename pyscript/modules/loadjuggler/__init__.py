"""Load Juggler: keeps a house under its breakers while its cars charge.

The engine, plain Python from the standard library. `flow.run` is the whole brain; `keeper.Keeper`
holds what must live between runs and is what the pyscript shell talks to, and `desk.Desk` answers
services for it.
"""

__version__ = "0.1.0"
