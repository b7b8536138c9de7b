"""The stacks on Pulumi's real engine with its real EKS and Kubernetes plugins, against a real API server.

AWS alone is stood in for, by a plugin that keeps AWS's rules.
"""
