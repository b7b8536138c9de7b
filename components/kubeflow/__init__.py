"""Kubeflow: the community's manifests in order, and a login without default passwords."""
