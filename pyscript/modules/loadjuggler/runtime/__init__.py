"""What lives between runs, what services ask, and the host that runs it in Home Assistant."""
