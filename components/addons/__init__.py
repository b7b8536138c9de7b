"""What a cluster needs to be of use."""
