"""What a platform is for."""
