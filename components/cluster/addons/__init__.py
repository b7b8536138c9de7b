"""The add-ons of a cluster. A new add-on requires a file here, a setting in config/addons.py, and a line below."""
