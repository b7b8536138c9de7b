"""Alarms, and the ways by which they reach people."""
