"""The sections of a difference, found by being there: each module has TITLE, ORDER and `lines(before, after)`."""
