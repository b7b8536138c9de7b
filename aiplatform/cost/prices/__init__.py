"""The price table: show it, refresh it, and compare it with the source documents."""
