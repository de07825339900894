"""Shows the report: as entities, events, notifications, a dashboard and a picture."""
