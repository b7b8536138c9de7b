"""What watches, starts and stops, bounds and saves the platform."""
