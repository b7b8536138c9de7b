"""Kubeflow: the community's manifests in their order, and a login without passwords that everybody knows."""
