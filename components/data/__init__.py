"""What keeps data: databases, buckets, secrets."""
