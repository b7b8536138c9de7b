"""The report in a real browser: what a person sees who opens it."""
