"""The repository itself: its workflows and their scripts, its packaging, and what a version bot reads of it."""
