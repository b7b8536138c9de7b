"""Applications as environments run them."""
