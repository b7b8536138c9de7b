"""Kubernetes objects that several components share: namespaces, pods, Jobs, Services and network policies."""
