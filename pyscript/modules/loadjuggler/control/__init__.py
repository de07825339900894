"""When a change may happen, and what each load is told."""
