"""The engine's rooms, one file of stories for each."""
