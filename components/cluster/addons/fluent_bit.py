"""The Fluent Bit configuration: the logs that it reads on a node, and their log groups."""

from collections.abc import Mapping

STATE = "/var/fluent-bit/state"
"""Directory of the read positions. It is on the node, so that a new pod continues at the position of the old pod."""

CONTAINERS = "/var/log/containers"
OF_THE_NODE = f"{CONTAINERS}/aws-node*, {CONTAINERS}/kube-proxy*"
"""Log files of containers that belong to the node, not to an application."""

Section = tuple[str, Mapping[str, str]]


def _text(*sections: Section) -> str:
    """Return sections in the format of Fluent Bit.

    https://docs.fluentbit.io/manual/administration/configuring-fluent-bit
    """
    lines: list[str] = []
    for kind, values in sections:
        lines += [
            f"[{kind}]",
            *(f"    {key} {value}" for key, values_ in values.items() for value in values_.split("\n")),
        ]
    return "\n".join(lines) + "\n"


def _tail(tag: str, path: str, state: str, **more: str) -> Section:
    return "INPUT", {
        "Name": "tail",
        "Tag": tag,
        "Path": path,
        **more,
        "multiline.parser": "docker, cri",
        "DB": f"{STATE}/{state}.db",
        # Buffers unsent logs on disk, not in the memory of the pod.
        "storage.type": "filesystem",
        "Mem_Buf_Limit": "50MB",
        "Skip_Long_Lines": "On",
        "Refresh_Interval": "10",
        "Rotate_Wait": "30",
    }


def _journal(tag: str, state: str, *wanted: str) -> Section:
    """Return an input of the systemd journal. AL2023 has no /var/log/messages; its content is in the journal."""
    return "INPUT", {
        "Name": "systemd",
        "Tag": tag,
        "Path": "/var/log/journal",
        "DB": f"{STATE}/{state}.db",
        "Read_From_Tail": "On",
        "Systemd_Filter": "\n".join(wanted),
    }


def _kept(match: str) -> Section:
    """Return a filter that keeps these fields of a journal entry.

    The other fields are many times as long as the message.
    """
    kept = ("_HOSTNAME", "_SYSTEMD_UNIT", "SYSLOG_IDENTIFIER", "PRIORITY", "MESSAGE")
    return "FILTER", {"Name": "record_modifier", "Match": match, "Allowlist_key": "\n".join(kept)}


def _output(match: str, group: str) -> Section:
    """Return an output to an existing log group. The agent has no permission to create log groups."""
    return "OUTPUT", {
        "Name": "cloudwatch_logs",
        "Match": match,
        "region": "${AWS_REGION}",
        "log_group_name": group,
        "log_stream_prefix": "${HOST_NAME}-",
        "auto_create_group": "false",
    }


def _application(group: str) -> str:
    return _text(
        _tail("application.*", f"{CONTAINERS}/*.log", "application", Exclude_Path=OF_THE_NODE),
        (
            "FILTER",
            {
                "Name": "kubernetes",
                "Match": "application.*",
                "Kube_URL": "https://kubernetes.default.svc:443",
                "Kube_Tag_Prefix": "application.var.log.containers.",
                "Merge_Log": "On",
                "Merge_Log_Key": "log_processed",
                "K8S-Logging.Parser": "On",
                "Labels": "Off",
                "Annotations": "Off",
                # Reads pod metadata from the node's kubelet. Otherwise each pod causes a request to the API server.
                "Use_Kubelet": "On",
                "Kubelet_Port": "10250",
                "Buffer_Size": "0",
            },
        ),
        _output("application.*", group),
    )


def _dataplane(group: str) -> str:
    return _text(
        _journal(
            "dataplane.systemd", "dataplane", *(f"_SYSTEMD_UNIT={one}.service" for one in ("containerd", "kubelet"))
        ),
        _kept("dataplane.systemd"),
        _tail("dataplane.tail.*", OF_THE_NODE, "dataplane_tail"),
        _output("dataplane.*", group),
    )


def _host(group: str) -> str:
    return _text(
        _journal("host.dmesg", "dmesg", "_TRANSPORT=kernel"),
        # Priorities up to `info`, except the facilities mail (2) and authpriv (10).
        _journal("host.messages", "messages", *(f"PRIORITY={priority}" for priority in range(7))),
        ("FILTER", {"Name": "grep", "Match": "host.messages", "Exclude": "SYSLOG_FACILITY ^(2|10)$"}),
        _journal("host.secure", "secure", "SYSLOG_FACILITY=10"),
        # After the grep filter, which reads a field that this filter removes.
        _kept("host.*"),
        _output("host.*", group),
    )


def files(groups: Mapping[str, str]) -> dict[str, str]:
    """Return the Fluent Bit files of the add-on, with these log groups for its three kinds of logs.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/install-CloudWatch-Observability-EKS-addon.html
    """
    return {
        "application-log.conf": _application(groups["application"]),
        "dataplane-log.conf": _dataplane(groups["dataplane"]),
        "host-log.conf": _host(groups["host"]),
    }
