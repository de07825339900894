"""Load Juggler: keeps a house under its breakers while its cars charge.

The engine, plain Python from the standard library. `flow.run` is the whole brain;
`runtime.controller.Keeper` holds what must live between runs, `runtime.api.Desk` answers services
for it, and `runtime.host.Host` runs them in Home Assistant, which it knows by its hands.
"""

__version__ = "0.1.0"
