"""Kubernetes objects that several components share: namespaces, pods of today's standards, policies."""
