"""Kubeflow's manifests with all their remote bases in one folder, which the preview and `pulumi up` read."""
