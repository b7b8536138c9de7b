"""What a plan costs in time and memory, beside a bare program that registers the same resources."""
