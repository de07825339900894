"""What forms ask: their fields, sections and kinds, and fields that several forms share."""
