"""Colours of the house and its loads, the same in the terminal and in the picture.

The loads' are from Okabe and Ito's set, which people who see few colours can tell apart.
"""

HOUSE = "#9aa3ad"
COLOURS = ("#0072b2", "#e69f00", "#cc79a7", "#009e73", "#56b4e9")
LIMIT = "#d62728"
FAULT = "#444444"
SUN = "#f0c000"
BATTERY = "#2c7a7b"
IMPORT, EXPORT = "#7f4f9e", "#b9d7a8"
PHASES = {"A": "#0072b2", "B": "#e69f00", "C": "#555555"}
