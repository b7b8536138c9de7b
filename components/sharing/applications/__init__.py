"""Applications of environments."""
