"""How YAML files are read with the line of each value, and how a problem in one is reported."""
