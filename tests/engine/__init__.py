"""The stacks on Pulumi's real engine with its real EKS and Kubernetes plugins, and on a real API server.

Only AWS is simulated, by a plugin that follows AWS's rules.
"""
