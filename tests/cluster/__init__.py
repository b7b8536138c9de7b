"""The platform on a real control plane, and what real analyzers say of its objects."""
