"""The EKS control plane, its nodes and its access entries."""
