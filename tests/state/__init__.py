"""What a running platform keeps from one release to the next, whatever happens to the code."""
