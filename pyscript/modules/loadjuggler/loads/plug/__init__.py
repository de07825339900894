"""A load behind a switch."""
