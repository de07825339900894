"""What there is to share: limits and sources as rows."""
