"""States to readings: units, signs, what is missing and how long it is held."""
