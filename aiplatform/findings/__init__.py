"""Checks of a plan before a deployment."""
