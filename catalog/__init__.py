"""Facts about AWS, Kubernetes and models: tables and look-ups, independent of settings."""
