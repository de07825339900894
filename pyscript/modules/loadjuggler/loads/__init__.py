"""The kinds of loads, a folder for each: its form, how it is wired, read and driven."""
