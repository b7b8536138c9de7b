"""A metrics container that serves the counters of server processes: the server's own endpoint requires a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pulumi_kubernetes as kubernetes

from components.kubernetes.pods import container_security, environment, in_order, resources
from config.workloads.resources import Amounts, Resources

FILE = "metrics.py"
SCRIPT: Mapping[str, str] = {FILE: (Path(__file__).parent / "files" / FILE).read_text(encoding="utf-8")}
"""Data of the ConfigMap that is mounted at `scripts`."""

SIDECAR = Resources(requests=Amounts(cpu="10m", memory="48Mi"), limits=Amounts(memory="96Mi"))


def counters(
    image: str,
    *,
    folder: str,
    scripts: str,
    port: int,
    home: str,
    mounts: Sequence[kubernetes.core.v1.VolumeMountArgs],
) -> kubernetes.core.v1.ContainerArgs:
    """Return the container `metrics`, which serves the counters of all processes in `folder`.

    It runs the server's own image.
    """
    return kubernetes.core.v1.ContainerArgs(
        name="metrics",
        image=image,
        command=["python", f"{scripts}/{FILE}"],
        env=in_order(environment({"PROMETHEUS_MULTIPROC_DIR": folder, "METRICS_PORT": str(port), "HOME": home})),
        ports=[kubernetes.core.v1.ContainerPortArgs(name="metrics", container_port=port)],
        resources=resources(SIDECAR),
        readiness_probe=kubernetes.core.v1.ProbeArgs(
            http_get=kubernetes.core.v1.HTTPGetActionArgs(path="/metrics", port="metrics"), period_seconds=30
        ),
        # A connection is enough: a slow answer is no reason to restart it.
        liveness_probe=kubernetes.core.v1.ProbeArgs(
            tcp_socket=kubernetes.core.v1.TCPSocketActionArgs(port="metrics"),
            initial_delay_seconds=60,
            period_seconds=30,
            timeout_seconds=5,
            failure_threshold=6,
        ),
        security_context=container_security(),
        volume_mounts=list(mounts),
    )


def scraped(port: int) -> dict[str, str]:
    """Return the pod annotations for a Prometheus that discovers targets by annotations."""
    return {"prometheus.io/scrape": "true", "prometheus.io/port": str(port)}
