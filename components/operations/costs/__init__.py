"""What watches over the bill."""
