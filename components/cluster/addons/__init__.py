"""What a cluster needs to be of use. A new add-on is a file here, a setting in config/addons.py, and a line below."""
