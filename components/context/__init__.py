"""The platform resources that components on the cluster receive."""
