"""Whether what a plan builds fits the nodes that it builds."""
