"""The monthly cost of a plan."""
