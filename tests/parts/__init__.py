"""Real programs that tests run against: each is found on this machine, or built and stored in a cache.

A tier without its part is skipped with a message; with `REAL_PARTS=required` it fails.
"""
