"""The EKS control plane, its nodes and who may speak to it."""
