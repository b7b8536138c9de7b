"""The data that the journey writes, and that its test compares."""

EXPERIMENT = "journey"
MODEL = "forecast"
RUNS = 3
STEPS = 200
SIZES = (1, 70_000, 9_000_000)
"""Bytes of artifacts: the last one is uploaded to S3 in parts."""
