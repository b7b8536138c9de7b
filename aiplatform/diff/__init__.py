"""What a change does to a stack: the comparison of two plans."""
