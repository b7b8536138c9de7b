"""Check the program's requests against AWS's own descriptions of its APIs."""
