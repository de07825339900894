"""The report as entities, events, notifications, dashboard, picture."""
