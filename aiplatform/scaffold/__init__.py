"""A first stack file for a purpose, or from another stack."""
