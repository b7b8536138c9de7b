"""Check whether the pods of a plan fit on its nodes."""
