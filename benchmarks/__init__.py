"""Benchmarks of the time and memory of a plan, compared with a bare program that registers the same resources."""
