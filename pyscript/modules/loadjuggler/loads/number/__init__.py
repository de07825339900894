"""A charger set through a number or select."""
