"""What Fluent Bit reads on a node, and to which log group it sends it."""

from collections.abc import Mapping

STATE = "/var/fluent-bit/state"
"""Where it keeps how far it has read: a folder of the node, so that a new pod goes on where the old one was."""

CONTAINERS = "/var/log/containers"
OF_THE_NODE = f"{CONTAINERS}/aws-node*, {CONTAINERS}/kube-proxy*"
"""Containers whose logs tell of the node, and not of what runs on it."""

Section = tuple[str, Mapping[str, str]]


def _text(*sections: Section) -> str:
    """Sections as Fluent Bit reads them: https://docs.fluentbit.io/manual/administration/configuring-fluent-bit"""
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
        # What cannot be sent for a while waits on the disk, and not in the pod's memory.
        "storage.type": "filesystem",
        "Mem_Buf_Limit": "50MB",
        "Skip_Long_Lines": "On",
        "Refresh_Interval": "10",
        "Rotate_Wait": "30",
    }


def _journal(tag: str, state: str, *wanted: str) -> Section:
    """AL2023 writes no /var/log/messages: what it was is in the journal."""
    return "INPUT", {
        "Name": "systemd",
        "Tag": tag,
        "Path": "/var/log/journal",
        "DB": f"{STATE}/{state}.db",
        "Read_From_Tail": "On",
        "Systemd_Filter": "\n".join(wanted),
    }


def _kept(match: str) -> Section:
    """What of an entry of the journal is sent: all else it carries is many times as long as the message."""
    kept = ("_HOSTNAME", "_SYSTEMD_UNIT", "SYSLOG_IDENTIFIER", "PRIORITY", "MESSAGE")
    return "FILTER", {"Name": "record_modifier", "Match": match, "Allowlist_key": "\n".join(kept)}


def _output(match: str, group: str) -> Section:
    """The log group is there, with a retention; the agent may make none."""
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
                # Of the node's own kubelet: the API server would be asked once for each pod.
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
        # Up to the priority `info`, of all that is neither mail (2) nor login (10).
        _journal("host.messages", "messages", *(f"PRIORITY={priority}" for priority in range(7))),
        ("FILTER", {"Name": "grep", "Match": "host.messages", "Exclude": "SYSLOG_FACILITY ^(2|10)$"}),
        _journal("host.secure", "secure", "SYSLOG_FACILITY=10"),
        # After the filter above, which reads a field that goes here.
        _kept("host.*"),
        _output("host.*", group),
    )


def files(groups: Mapping[str, str]) -> dict[str, str]:
    """The add-on's files of Fluent Bit, with these log groups for its three kinds of logs.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/install-CloudWatch-Observability-EKS-addon.html
    """
    return {
        "application-log.conf": _application(groups["application"]),
        "dataplane-log.conf": _dataplane(groups["dataplane"]),
        "host-log.conf": _host(groups["host"]),
    }
