"""Open WebUI: pages where people talk to models."""

from components.workloads.open_webui.workload import OpenWebui

__all__ = ["OpenWebui"]
