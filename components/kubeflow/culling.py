"""When the notebook controller stops idle notebooks.

Its Deployment reads the ConfigMap of this module instead of the community's, where culling is off:
https://www.kubeflow.org/docs/components/notebooks/overview/

It asks each notebook for its kernels, which the policies of a tenant allow: the network policy `kubeflow`, and the
mesh's AuthorizationPolicy. Otherwise a notebook would never be idle: https://github.com/kubeflow/kubeflow/issues/5128
"""

from config.kubeflow import NotebookCulling

CONFIG_MAP = "notebook-controller-culling"


def data(settings: NotebookCulling) -> dict[str, str]:
    """Return the contents of the ConfigMap: the controller's variables, in minutes."""
    return {
        "ENABLE_CULLING": str(settings.enabled).lower(),
        "CULL_IDLE_TIME": str(settings.idle_minutes),
        "IDLENESS_CHECK_PERIOD": str(settings.check_minutes),
    }
