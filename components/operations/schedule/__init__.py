"""Scheduled stop and start."""
