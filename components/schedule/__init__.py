"""What sleeps, and when."""
