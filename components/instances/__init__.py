"""EC2 instances beside the cluster."""
