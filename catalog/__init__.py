"""What AWS, Kubernetes and models are: tables and look-ups, without settings."""
