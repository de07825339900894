"""From forms to a site: reading, checking, wiring, and the registry of all forms."""
