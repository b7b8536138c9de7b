"""What is checked of a plan before it is built."""
