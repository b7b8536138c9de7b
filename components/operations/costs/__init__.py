"""Budgets and cost allocation tags."""
