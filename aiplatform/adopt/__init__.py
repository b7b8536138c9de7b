"""Describe what exists in an account in the stack file, so that it is planned without an account."""
