"""Who shares the cluster, and how they are kept apart."""
