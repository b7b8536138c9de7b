"""What the parts on the cluster are given of the platform."""
