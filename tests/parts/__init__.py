"""Real parts that tests run against: each is found on this machine, or built and kept in a cache.

A tier that lacks a part skips and says what is missing; with `REAL_PARTS=required` it fails instead.
"""
