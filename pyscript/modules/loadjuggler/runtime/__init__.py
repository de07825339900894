"""What lives between runs, and what services ask."""
