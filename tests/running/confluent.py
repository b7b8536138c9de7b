"""The start scripts of Confluent's images (`/etc/confluent/docker/run`): from the environment to Java.

https://github.com/confluentinc/kafka-images: kafka/include/etc/confluent/docker and the same of zookeeper. A pod of the
tests listens only on its own address; in a cluster it listens on all addresses.
"""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

NOT_PROPERTIES = {"KAFKA_HEAP_OPTS", "KAFKA_OPTS", "KAFKA_JMX_OPTS", "KAFKA_LOG4J_OPTS", "KAFKA_CUB_ZK_TIMEOUT"}
"""Settings of Java or of the scripts. The images write the last one, too, and Kafka logs that it is unknown."""

DEPRECATED = ("KAFKA_PORT", "KAFKA_HOST", "KAFKA_ADVERTISED_PORT", "KAFKA_ADVERTISED_HOST")
ZOOKEEPER = {
    "CLIENT_PORT": "clientPort",
    "TICK_TIME": "tickTime",
    "INIT_LIMIT": "initLimit",
    "SYNC_LIMIT": "syncLimit",
    "AUTOPURGE_SNAP_RETAIN_COUNT": "autopurge.snapRetainCount",
    "AUTOPURGE_PURGE_INTERVAL": "autopurge.purgeInterval",
    "QUORUM_LISTEN_ON_ALL_IPS": "quorumListenOnAllIPs",
    "ADMIN_ENABLE_SERVER": "admin.enableServer",
}


class RefusedError(Exception):
    """The image would not start with this environment."""


def property_name(variable: str) -> str:
    """Return `advertised.listeners` for KAFKA_ADVERTISED_LISTENERS; two underscores become one, three a hyphen."""
    signs = {"_": ".", "__": "_", "___": "-"}
    return re.sub("_{1,3}", lambda found: signs[found[0]], variable.removeprefix("KAFKA_").lower())


def kafka_properties(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the properties that `configure` derives from the environment.

    Raises:
        RefusedError: `configure` would exit with an error.
    """
    roles = environment.get("KAFKA_PROCESS_ROLES", "")
    needed = ["CLUSTER_ID"] if roles else ["KAFKA_ZOOKEEPER_CONNECT"]
    needed += [] if roles == "controller" else ["KAFKA_ADVERTISED_LISTENERS"]
    missing = [name for name in needed if not environment.get(name)]
    if missing:
        raise RefusedError(f"{missing[0]} is not set")
    wrong = [name for name in DEPRECATED if name in environment]
    if roles == "controller" and environment.get("KAFKA_ADVERTISED_LISTENERS"):
        wrong.append("KAFKA_ADVERTISED_LISTENERS")
    if wrong:
        raise RefusedError(f"{wrong[0]} is not taken")
    return {
        property_name(name): value
        for name, value in environment.items()
        if name.startswith("KAFKA_") and name not in NOT_PROPERTIES
    }


def zookeeper_properties(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the properties that `configure` derives; a variable that its template does not contain is an error."""
    given = {
        name.removeprefix("ZOOKEEPER_"): value for name, value in environment.items() if name.startswith("ZOOKEEPER_")
    }
    servers = given.pop("SERVERS").split(";")
    if not given.pop("SERVER_ID"):
        raise RefusedError("ZOOKEEPER_SERVER_ID is not set")
    return {
        **{ZOOKEEPER[name]: value for name, value in given.items()},
        **{f"server.{number}": server for number, server in enumerate(servers, start=1)},
    }


def main() -> None:
    """Write the files and replace the process by Java."""
    folder, address = Path(os.environ["POD_FOLDER"]), os.environ["POD_ADDRESS"]
    if "ZOOKEEPER_SERVERS" in os.environ:
        data, log = folder / "data" / "data", folder / "data" / "log"
        properties = {
            "dataDir": str(data),
            "dataLogDir": str(log),
            **zookeeper_properties(os.environ),
            "clientPortAddress": address,
            "quorumListenOnAllIPs": "false",
        }
        for one in (data, log):
            one.mkdir(parents=True, exist_ok=True)
        (data / "myid").write_text(os.environ["ZOOKEEPER_SERVER_ID"])
        program = "org.apache.zookeeper.server.quorum.QuorumPeerMain"
    else:
        properties = kafka_properties(os.environ)
        properties["listeners"] = properties["listeners"].replace("://:", f"://{address}:")
        program = "kafka.Kafka"
    file = folder / "server.properties"
    file.write_text("".join(f"{name}={value}\n" for name, value in properties.items()))
    java = os.environ["POD_JAVA"].split("\n")
    if "CLUSTER_ID" in os.environ:
        formatted = subprocess.run(
            [*java, "kafka.tools.StorageTool", "format", "--cluster-id", os.environ["CLUSTER_ID"], "-c", str(file)],
            capture_output=True,
            text=True,
            check=False,
        )
        printed = formatted.stdout + formatted.stderr
        if formatted.returncode and "already formatted" not in printed.lower():
            sys.exit(printed)
    os.execv(java[0], [*java, program, str(file)])  # noqa: S606, the process has to be Java's


if __name__ == "__main__":
    main()
