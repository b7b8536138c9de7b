"""Environments that share a cluster: namespace, limits, network, identity, data and applications."""
