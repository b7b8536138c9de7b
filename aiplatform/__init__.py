"""The command-line tool around the program."""
