"""Charging profiles of OCPP 1.6, row by row of the rules; a test's name carries its row."""
