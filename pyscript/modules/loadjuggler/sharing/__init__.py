"""Who gets what: demand, admission, filling."""
