"""What AWS charges: the price table on the terminal, kept up to date, and held against the source documents."""
