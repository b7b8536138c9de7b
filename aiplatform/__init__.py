"""The command-line tool of the platform."""
