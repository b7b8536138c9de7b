"""A plan as a page that a person opens in a browser."""
