"""What forms ask: fields, sections, kinds."""
