"""EC2 instances outside the cluster."""
