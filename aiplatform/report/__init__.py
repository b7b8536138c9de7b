"""The report of a plan as an HTML page."""
