"""A house to try Load Juggler on: its wiring, its physics, its cars, and what Home Assistant sees.

Nothing here decides about currents: `registration` hands a house to the engine as the blueprints
would, `house` turns its physics into states of entities and carries out service calls, and what
happens between the two is `loadjuggler.flow.run`, the same as in Home Assistant.
"""
