"""What has happened today: energy, time over limits, changes of each load."""
