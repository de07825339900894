"""What must outlive a run or a restart, as plain data."""
