"""A charger behind the OCPP integration."""
