"""What has happened today: energy, overloads, changes."""
