"""NAT instances: what outlives an instance, and real translation by the rules and the script of its user data."""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from components.network.nat_instance import rules, user_data
from tests.components.base import BOTH, Found
from tests.components.test_network import ROUTE, ZONES, carved, network
from tests.parts import debian, nftables
from tests.parts.place import MissingPartError, absent

FILES = Path(__file__).parents[2] / "components" / "network" / "files"
INTERFACE, GROUP = "aws:ec2/networkInterface:NetworkInterface", "aws:autoscaling/group:Group"
TEMPLATE, ADDRESS = "aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/eip:Eip"
LIMIT = 16384
"""Maximum size of user data in bytes: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html"""

PRIVATE = ["10.0.16.0/20", "10.0.32.0/20"]


def after(found: Found, name: str, type_: str) -> set[str]:
    """The names of what a route or group refers to or waits for."""
    (item,) = (item for item in found.plan.resources if item.name == name and item.type in {ROUTE, GROUP})
    return {found.by_urn[urn].name for urn in item.dependencies if found.by_urn[urn].type == type_}


@BOTH
@pytest.mark.parametrize(
    ("nat", "zones", "through"), [("perZone", "abc", "abc"), ("single", "a", "aaa")], ids=["perZone", "single"]
)
def test_nat_instances_replace_the_gateways_of_each_mode(nat: str, zones: str, through: str, unknown: bool) -> None:
    found = network(carved(nat=nat, natInstance={}), unknown=unknown)
    assert found.all("aws:ec2/natGateway:NatGateway") == []
    names = [f"net-nat-instance-us-west-2{zone}" for zone in zones]
    for type_ in (INTERFACE, GROUP, TEMPLATE, ADDRESS, "aws:ec2/eipAssociation:EipAssociation"):
        assert [item.name for item in found.all(type_)] == names, type_
    assert [group.inputs["availabilityZones"] for group in found.all(GROUP)] == [[f"us-west-2{zone}"] for zone in zones]
    for zone, other in zip(ZONES, through, strict=True):
        route = f"net-private-{zone}-nat"
        assert after(found, route, INTERFACE) == {f"net-nat-instance-us-west-2{other}"}
        # An interface without an instance drops what it receives.
        assert after(found, route, GROUP) == {f"net-nat-instance-us-west-2{other}"}


@BOTH
def test_nat_instance_is_replaced_behind_its_interface(unknown: bool) -> None:
    found = network(carved(nat="single", natInstance={"instanceType": "t4g.nano"}), unknown=unknown)
    template, group = found.inputs(TEMPLATE), found.inputs(GROUP)
    assert found.inputs(INTERFACE)["sourceDestCheck"] is False
    (attached,) = template["networkInterfaces"]
    assert (attached["deviceIndex"], attached["deleteOnTermination"]) == (0, "false")
    assert (template["instanceType"], template["instanceInitiatedShutdownBehavior"]) == ("t4g.nano", "terminate")
    assert template["imageId"] == ("resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64")
    assert "iamInstanceProfile" not in template, "it calls no AWS API"
    assert [group[f"{key}Size"] for key in ("min", "max")] == [1, 1], "the interface can be attached only once"
    for policy in (group["instanceMaintenancePolicy"], group["instanceRefresh"]["preferences"]):
        assert (policy["minHealthyPercentage"], policy["maxHealthyPercentage"]) == (0, 100)
    assert after(found, "net-nat-instance-us-west-2a", "aws:ec2/eipAssociation:EipAssociation"), "it installs packages"


def test_nat_instance_of_another_architecture_has_its_ami() -> None:
    found = network(carved(nat="single", natInstance={"instanceType": "t3.micro"}))
    assert found.inputs(TEMPLATE)["imageId"].endswith("-x86_64")


def test_nat_instance_receives_from_private_subnets_only() -> None:
    found = network(carved(nat="single", natInstance={}))
    rules_ = found.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    private = [item.inputs["cidrBlock"] for item in found.all("aws:ec2/subnet:Subnet") if "private" in item.name]
    assert [rule.inputs["cidrIpv4"] for rule in rules_] == private


def test_nat_user_data_has_the_rules_and_starts_them_at_each_boot() -> None:
    found = network(carved(nat="single", natInstance={}))
    text = base64.b64decode(found.inputs(TEMPLATE)["userData"]).decode()
    assert len(text.encode()) < LIMIT
    document = json.loads(text.removeprefix("#cloud-config\n"))
    assert document["runcmd"][-1] == ["systemctl", "enable", "--now", "platform-nat.service"]
    written = {one["path"]: one["content"] for one in document["write_files"]}
    assert "FailureAction=poweroff-force" in written["/etc/systemd/system/platform-nat.service"]
    private = [item.inputs["cidrBlock"] for item in found.all("aws:ec2/subnet:Subnet") if "private" in item.name]
    assert written["/etc/platform/nat.nft"] == rules("10.0.0.0/16", private)


def test_nat_script_passes_shellcheck() -> None:
    try:
        shellcheck = debian.program("shellcheck")
    except MissingPartError as error:
        absent(error)
    ended = subprocess.run([shellcheck, str(FILES / "nat.sh")], capture_output=True, text=True, check=False)
    assert (ended.stdout, ended.returncode) == ("", 0)


SERVER = """\
import socket
listening = socket.create_server(("0.0.0.0", 8080))
while True:
    connection, peer = listening.accept()
    connection.sendall(peer[0].encode())
    connection.close()
"""
CLIENT = """\
import socket, sys
host, source = sys.argv[1:]
try:
    connection = socket.create_connection((host, 8080), timeout=1, source_address=(source, 0))
    print(connection.recv(100).decode())
except OSError as error:
    print(type(error).__name__)
"""
WORLD = """\
set -euo pipefail
# Three namespaces: private subnets, the NAT instance, and the internet.
unshare --net sleep 60 & private=$!
unshare --net sleep 60 & internet=$!
trap 'kill $private $internet $served 2>/dev/null' EXIT
served=
own="$(readlink /proc/self/ns/net)"
for other in $private $internet; do
  until [ "$(readlink /proc/$other/ns/net)" != "$own" ]; do sleep 0.05; done
done
inside() { nsenter --net="/proc/$1/ns/net" "${@:2}"; }
ip link set lo up
ip link add subnets type veth peer name eth0 netns $private
ip link add world type veth peer name eth0 netns $internet
ip address add 10.0.16.1/20 dev subnets
ip address add 10.0.99.1/24 dev subnets
ip address add 198.51.100.2/24 dev world
ip link set subnets up
ip link set world up
inside $private ip address add 10.0.16.10/20 dev eth0
inside $private ip address add 10.0.99.10/24 dev eth0
inside $private ip link set eth0 up
inside $private ip route add default via 10.0.16.1
inside $internet ip address add 198.51.100.9/24 dev eth0
inside $internet ip link set eth0 up
inside $internet ip route add 10.0.0.0/16 via 198.51.100.2
for other in $private $internet; do
  nsenter --net="/proc/$other/ns/net" python3 "$PLACE/server.py" & served="$served $!"
done
sleep 0.5
ask() { inside "$1" python3 "$PLACE/client.py" "$2" "$3"; }
echo "before: $(ask $private 198.51.100.9 10.0.16.10)"
bash "$SCRIPT"
bash "$SCRIPT"
echo "private: $(ask $private 198.51.100.9 10.0.16.10)"
echo "data: $(ask $private 198.51.100.9 10.0.99.10)"
echo "inbound: $(ask $internet 10.0.16.10 198.51.100.9)"
"""


def tried(folder: Path) -> Mapping[str, str]:
    """What the clients of each namespace see, by name."""
    try:
        nft = nftables.program()
    except MissingPartError as error:
        absent(error)
    alone = ["unshare", "--user", "--map-root-user", "--net"]
    missing = [name for name in ("unshare", "nsenter", "ip", "python3") if not shutil.which(name)]
    if missing or subprocess.run([*alone, nft, "list", "ruleset"], capture_output=True, check=False).returncode:
        absent(MissingPartError(f"network namespaces with nftables: {', '.join(missing) or 'not permitted'}"))
    programs = folder / "programs"
    programs.mkdir()
    # The first boot installs nft, as dnf does.
    for name, body in {
        "dnf": f'ln -s "{nft}" "$(dirname "$0")/nft"',
        **dict.fromkeys(("dd", "mkswap", "swapon", "swapoff"), 'touch "$ROOT/swap"'),
    }.items():
        (programs / name).write_text(f'#!/bin/bash\necho "$(basename "$0") $*" >>"$PLACE/log"\n{body}\n')
        (programs / name).chmod(0o755)
    root = folder / "root"
    (root / "etc/platform").mkdir(parents=True)
    (root / "etc/platform/nat.nft").write_text(rules("10.0.0.0/16", PRIVATE))
    (root / "proc").symlink_to("/proc")
    (folder / "server.py").write_text(SERVER)
    (folder / "client.py").write_text(CLIENT)
    environment: dict[str, Any] = {
        "PATH": f"{programs}:/usr/bin:/bin:/usr/sbin:/sbin:{os.environ['PATH']}",
        "PLACE": str(folder),
        "ROOT": str(root),
        "SCRIPT": str(FILES / "nat.sh"),
    }
    ended = subprocess.run(
        [*alone, "bash", "-c", WORLD], capture_output=True, text=True, check=False, env=environment, timeout=60
    )
    assert ended.returncode == 0, ended.stderr
    return dict(line.split(": ") for line in ended.stdout.splitlines() if ": " in line)


def test_nat_instance_translates_private_subnets_and_nothing_else(tmp_path: Path) -> None:
    seen = tried(tmp_path)
    assert seen == {
        "before": "TimeoutError",
        "private": "198.51.100.2",
        "data": "TimeoutError",
        "inbound": "TimeoutError",
    }
    if (tmp_path / "log").exists():
        called = [line.split()[0] for line in (tmp_path / "log").read_text().splitlines()]
        assert called == ["dd", "mkswap", "swapon", "dnf", "swapoff"], "once: a second boot has nft"


def test_nat_rules_name_every_private_subnet() -> None:
    assert "elements = { 10.0.16.0/20, 10.0.32.0/20 }" in rules("10.0.0.0/16", PRIVATE)
    assert '"path": "/etc/platform/nat.nft"' in user_data("10.0.0.0/16", PRIVATE)
