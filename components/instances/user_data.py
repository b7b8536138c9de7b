"""The cloud-init user data of a server: files for the first boot, and systemd services that run at each boot."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from catalog.images import ecr_region
from config.instances import Container, Server

LIBRARY = "/usr/local/lib/platform"
SETTINGS = "/etc/platform"
UNITS = "/etc/systemd/system"
LIMIT = 16384
"""Maximum size in bytes: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html"""


@dataclass(frozen=True)
class Place:
    """The location of a server: the values that its services need."""

    region: str
    cluster_name: str
    kubectl: str
    """The kubectl release for the Kubernetes version of the cluster."""

    log_group: str
    host: str
    """The name of this instance, which is the prefix of its log streams."""


def user_data(
    server: Server,
    place: Place,
    *,
    volume_id: str,
    images: Mapping[str, str],
    secret_arns: Mapping[str, str],
) -> str:
    """Return the user data. `images` maps each container to its image, `secret_arns` maps secret keys to ARNs."""
    written = [
        _file(f"{LIBRARY}/prepare.sh", _source("prepare.sh"), "0755"),
        _file(f"{SETTINGS}/server.conf", _configuration(server, place, volume_id), "0644"),
        _file(f"{UNITS}/platform-prepare.service", _source("platform-prepare.service"), "0644"),
    ]
    units = ["platform-prepare.service"]
    if server.containers:
        written += [
            _file(f"{LIBRARY}/container.py", _source("container.py"), "0755"),
            _file(f"{UNITS}/platform-container@.service", _source("platform-container@.service"), "0644"),
        ]
    for name, container in server.containers.items():
        document = wanted(name, container, server, place, image=images[name], secret_arns=secret_arns)
        written.append(_file(f"{SETTINGS}/containers/{name}.json", json.dumps(document, indent=1) + "\n", "0644"))
        units.append(f"platform-container@{name}.service")
    # --no-block: pulling an image can take longer than the timeout of cloud-init.
    commands = [["systemctl", "daemon-reload"], ["systemctl", "enable", "--now", "--no-block", *units]]
    return "#cloud-config\n" + json.dumps({"write_files": written, "runcmd": commands}, indent=1) + "\n"


def wanted(
    name: str,
    container: Container,
    server: Server,
    place: Place,
    *,
    image: str,
    secret_arns: Mapping[str, str],
) -> dict[str, Any]:
    """Return the document that `container.py` reads."""
    logs = {
        "awslogs-region": place.region,
        "awslogs-group": place.log_group,
        "awslogs-stream": f"{place.host}/{name}",
    }
    arguments = ["--init", "--log-driver=awslogs", *(f"--log-opt={key}={value}" for key, value in logs.items())]
    arguments += [f"--publish={port.host}:{port.inside()}" for port in container.ports]
    if container.gpus:
        arguments.append("--gpus=all")
    if container.shared_memory_gib is not None:
        arguments.append(f"--shm-size={container.shared_memory_gib}g")
    if container.memory_gib is not None:
        arguments.append(f"--memory={container.memory_gib}g")
    if server.data is not None:
        arguments += [f"--volume={server.data.path}/{folder}:{at}" for at, folder in container.mounts.items()]
    return {
        "image": image,
        "registry": image.partition("/")[0] if container.repository or ecr_region(image) else "",
        "region": place.region,
        "arguments": arguments,
        "command": list(container.command),
        "environment": dict(container.environment),
        "secrets": {variable: [secret_arns[key.secret], key.property] for variable, key in container.secrets.items()},
    }


def _configuration(server: Server, place: Place, volume_id: str) -> str:
    folders: Sequence[str] = sorted({each for one in server.containers.values() for each in one.mounts.values()})
    values = {
        "DATA_VOLUME": volume_id,
        "DATA_PATH": server.data.path if server.data else "",
        "FOLDERS": " ".join(folders),
        "DOCKER": "yes" if server.containers else "",
        "KUBECTL": place.kubectl if server.is_bastion() else "",
        "CLUSTER": place.cluster_name,
        "REGION": place.region,
    }
    if server.is_spot():
        # The provider does not replace an instance whose market options are removed, and EC2 does not change the type
        # of a stopped Spot instance; other user data replaces it:
        # https://github.com/hashicorp/terraform-provider-aws/issues/38141
        values["SPOT"] = server.instance_type
    return "".join(f"{key}={shlex.quote(value)}\n" for key, value in values.items())


def _file(path: str, content: str, mode: str) -> dict[str, str]:
    return {"path": path, "content": content, "permissions": mode}


def _source(name: str) -> str:
    return (files("components.instances") / "files" / name).read_text(encoding="utf-8")
