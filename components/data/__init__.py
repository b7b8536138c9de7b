"""Data stores: databases, caches, file systems, buckets, image repositories and secrets."""
