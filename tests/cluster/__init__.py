"""The platform's objects on a real control plane, and checks of them by real analyzers."""
