"""The peers of connections: workloads, pods that policies refer to, and addresses outside the cluster."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network

from aiplatform.reach.objects import (
    NAME_LABEL,
    SYSTEM,
    Object,
    Port,
    Workload,
    namespace_of,
    namespaces,
    peers,
    satisfying,
    selected_keys,
    workloads,
)

HTTP, HTTPS = Port("TCP", 80), Port("TCP", 443)
DNS = {Port("UDP", 53): "dns", Port("TCP", 53): "dns-tcp"}

METADATA = "169.254.169.254"
"""https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html"""

POD_IDENTITY_AGENT = "169.254.170.23"
"""https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html"""

RESOLVER = "169.254.169.253"
"""https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html"""

INVENTED = "?"
"""Prefix of the name of a namespace that a policy refers to and that the platform does not create."""

IMPOSTORS = "impostors in default"
"""Pods in a namespace outside the platform with the labels of pods that policies allow."""

INTERNET = ("52.94.0.10", "198.51.100.10")
"""One address in each half of the internet: 0.0.0.0/1 is not all of it."""


@dataclass(frozen=True)
class ConnectivityContext:
    """The addresses of a stack."""

    vpc: IPv4Network
    private: Sequence[IPv4Network]
    """Private subnets, with the addresses of nodes and pods."""

    control_plane: Sequence[IPv4Network]
    """Interfaces of the control plane: in separate subnets, or in the private ones."""

    data: Sequence[IPv4Network]
    """Databases, caches and file systems: in separate subnets, or in the private ones."""

    balancer: Sequence[IPv4Network]
    """Sources of the load balancer's requests to pods: its own addresses with `target-type: ip`."""

    services: IPv4Network
    database_ports: frozenset[int]
    servers: Mapping[str, tuple[Sequence[IPv4Network], Sequence[int]]] = field(default_factory=dict)
    """Subnets and ports of EC2 instances outside the cluster, by key."""


@dataclass(frozen=True)
class Pod:
    """Attributes of a pod for policies, apart from its address."""

    namespace: str
    namespace_labels: Mapping[str, str]
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Peer:
    """A peer of connections."""

    name: str
    addresses: tuple[str, ...]
    pod: Pod | None = None
    """None: policies know the peer only by its address, and none applies to it."""

    serves: Mapping[Port, str] = field(default_factory=dict)
    """Ports that it always opens, with their names."""

    serves_alone: bool = False
    """Whether only these ports are checked."""

    asks: bool = True
    """Whether it can open connections."""

    ours: bool = False
    """Whether it belongs to the platform. Connections between other peers are not checked."""


class _Addresses:
    """Unique addresses for peers."""

    def __init__(self, private: Sequence[IPv4Network]) -> None:
        self._private = itertools.cycle(private)
        self._left: dict[IPv4Network, Iterator[str]] = {}

    def one_in(self, network: IPv4Network) -> str:
        # AWS reserves the first four addresses of a subnet.
        left = self._left.setdefault(network, (str(network[number]) for number in range(4, network.num_addresses - 1)))
        return next(left)

    def one_in_each(self, networks: Iterable[IPv4Network]) -> tuple[str, ...]:
        return tuple(self.one_in(network) for network in networks)

    def one(self) -> str:
        return self.one_in(next(self._private))


def peers_of(objects: Sequence[Object], around: ConnectivityContext, spoken: Sequence[Object]) -> list[Peer]:
    """Return every relevant peer, including pods and namespaces that only the policies `spoken` refer to."""
    addresses = _Addresses(around.private)
    pods = list(_pods(objects, addresses, around.private, spoken))
    return [*pods, *_outside(around, addresses), *_named_addresses(spoken, around)]


def _pods(
    objects: Sequence[Object], addresses: _Addresses, private: Sequence[IPv4Network], spoken: Sequence[Object]
) -> Iterator[Peer]:
    real = namespaces(objects)
    found = workloads(objects)
    spaces = {**{one.namespace: {NAME_LABEL: one.namespace} for one in found}, **real}
    spoken_of = list(_spoken_of(spoken, found, spaces))
    keys = selected_keys(spoken)
    twins: dict[str, str] = {}
    for one in [*found, *_others(spaces), *spoken_of]:
        # Add-ons such as Kubeflow create namespaces and policies that no plan contains.
        ours = one.namespace in real and one.namespace not in SYSTEM
        seen = Pod(one.namespace, _only(keys, spaces[one.namespace]), _only(keys, one.labels))
        if one.host_network:
            yield Peer(one.name, addresses.one_in_each(private), None, one.ports, ours=ours)
            continue
        # Pods that are equivalent for every policy share an address, so that cyclonus checks them once.
        alike = repr((seen, sorted(one.ports.items())))
        if alike not in twins:
            twins[alike] = addresses.one()
        yield Peer(one.name, (twins[alike],), seen, one.ports, ours=ours)


def _only(keys: frozenset[str], labels: Mapping[str, str]) -> dict[str, str]:
    return {key: labels[key] for key in sorted(keys & labels.keys())}


def _pod(name: str, namespace: str, labels: Mapping[str, str], opens: Mapping[Port, str] | None = None) -> Workload:
    return Workload(name, namespace, labels, opens or {}, host_network=False)


def _others(spaces: Mapping[str, Mapping[str, str]]) -> Iterator[Workload]:
    """Yield a pod without labels in each namespace: if its connections are denied, so are those of unknown pods."""
    yield _pod("cluster DNS", "kube-system", {"k8s-app": "kube-dns"}, DNS)
    for namespace in sorted(spaces):
        if not namespace.startswith(INVENTED):
            yield _pod(f"other pods of {namespace}", namespace, {})


def _spoken_of(
    spoken: Sequence[Object], found: Sequence[Workload], spaces: dict[str, dict[str, str]]
) -> Iterator[Workload]:
    """Yield pods and namespaces that policies select and that no object creates; new namespaces are added to `spaces`.

    For each pod that a policy allows by its labels there is also a pod in `default` with the same labels.
    """
    # Namespaces of all policies come first: otherwise a policy that refers to one would add it again.
    for policy in spoken:
        spaces.setdefault(namespace_of(policy), {NAME_LABEL: namespace_of(policy)})
    there: dict[str, list[Workload]] = defaultdict(list)
    for one in (*found, *_others(spaces)):
        there[one.namespace].append(one)

    def is_there(within: Sequence[str], labels: Mapping[str, str]) -> bool:
        return any(labels.items() <= one.labels.items() for space in within for one in there.get(space, ()))

    for policy in spoken:
        own = namespace_of(policy)
        wanted = [([own], satisfying(policy["spec"].get("podSelector")), "")]
        for peer in (peer for peer in peers(policy) if "ipBlock" not in peer):
            selector, labels = peer.get("namespaceSelector"), satisfying(peer.get("podSelector"))
            within = [own] if selector is None else _selected_spaces(satisfying(selector), spaces)
            wanted += [(within, labels, ""), (["default"], labels, IMPOSTORS)]
        for within, labels, name in wanted:
            if not is_there(within, labels):
                new = _pod(name or _described(within[0], labels), within[0], labels)
                there[new.namespace].append(new)
                yield new


def _selected_spaces(labels: Mapping[str, str], spaces: dict[str, dict[str, str]]) -> list[str]:
    """Return the namespaces with these labels, or a new one if there is none."""
    named = labels.get(NAME_LABEL, "")
    if named in spaces and labels == {NAME_LABEL: spaces[named].get(NAME_LABEL)}:
        return [named]
    found = [name for name, given in spaces.items() if labels.items() <= given.items()]
    if not found:
        what = labels.get(NAME_LABEL) or _listed(labels)
        found = [INVENTED + what]
        spaces[found[0]] = dict(labels)
    return found


def _described(namespace: str, labels: Mapping[str, str]) -> str:
    what = namespace.removeprefix(INVENTED)
    where = f"a namespace with {what}" if "=" in what else what
    return f"pods of {where}" + (f" with {_listed(labels)}" if labels else "")


def _listed(labels: Mapping[str, str]) -> str:
    return ",".join(f"{key}={value}" for key, value in sorted(labels.items()))


def _outside(around: ConnectivityContext, addresses: _Addresses) -> list[Peer]:
    in_each = addresses.one_in_each
    database = {Port("TCP", number): "" for number in sorted(around.database_ports)}
    servers = [
        Peer(f"server {key}", in_each(networks), None, {Port("TCP", port): "" for port in ports}, serves_alone=True)
        for key, (networks, ports) in around.servers.items()
    ]
    return [
        *servers,
        Peer("load balancer", in_each(around.balancer), None, {HTTP: "", HTTPS: ""}, serves_alone=True),
        Peer("database", in_each(around.data), None, database, serves_alone=True),
        Peer("nodes", in_each(around.private)),
        Peer("Kubernetes API", in_each(around.control_plane), None, {HTTPS: ""}, serves_alone=True),
        Peer("Kubernetes API's Service", (str(around.services[1]),), None, {HTTPS: ""}, serves_alone=True, asks=False),
        Peer("VPC resolver", (RESOLVER, str(around.vpc[2])), None, DNS, serves_alone=True, asks=False),
        Peer("Pod Identity agent", (POD_IDENTITY_AGENT,), None, {HTTP: ""}, asks=False),
        Peer("instance metadata", (METADATA,), None, {HTTP: ""}, asks=False),
        Peer("internet", INTERNET, None, {HTTP: "", HTTPS: ""}),
    ]


def _named_addresses(spoken: Sequence[Object], around: ConnectivityContext) -> list[Peer]:
    """Return networks in policies that are not the stack's, by their first and last address."""
    networks = {*around.private, *around.control_plane, *around.data, *around.balancer}
    single = {IPv4Network(POD_IDENTITY_AGENT), IPv4Network(around.services[1])}
    known = {*networks, *single, IPv4Network("0.0.0.0/0")}
    given = (peer["ipBlock"]["cidr"] for policy in spoken for peer in peers(policy) if "ipBlock" in peer)
    blocks = [block for block in given if ":" not in block]
    return [
        Peer(f"addresses {network}", (str(network[0]), str(network[-1])))
        for network in sorted({IPv4Network(block) for block in blocks} - known)
    ]
