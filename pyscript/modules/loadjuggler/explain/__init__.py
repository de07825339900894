"""The report of a run, and the full account of why a load has what it has."""
