"""What a platform is made of: a folder a concern, a file a component, composed by platform.py."""
