"""The exit statuses of every command."""

FINE = 0
FAILED = 1
"""Something went wrong that is not the user's doing, or a check found what it looks for."""

WRONG = 2
"""The stack file, or the call, is wrong."""
