"""Why each load has what it has."""
