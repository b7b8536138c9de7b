"""Decide which connections NetworkPolicies allow, as Kubernetes documents it.

https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, ip_network
from typing import NamedTuple

from aiplatform.fit.selectors import label_selector, matches
from aiplatform.reach.objects import ANY_OTHER, NAME_LABEL, Object, Port, named_ports, namespace_of, policies, workloads
from aiplatform.reach.peers import ConnectivityContext, Peer, peers_of


class Way(NamedTuple):
    """A connection from a peer to a port of another one."""

    source: str
    target: str
    port: str

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}: {self.port}"


@dataclass(frozen=True)
class Connectivity:
    """The connections of a stack."""

    peers: tuple[Peer, ...]
    allowed: frozenset[Way]
    """Allowed connections; others are denied. If only some addresses of a peer are allowed, the entry names them."""


class _End(NamedTuple):
    """An address of a peer."""

    peer: Peer
    address: str


class _Rule(NamedTuple):
    """Addresses to or from which a rule allows connections, and its ports; None for all."""

    ends: frozenset[int] | None
    ports: Sequence[Object] | None

    def opens(self, port: Port, called: str) -> bool:
        """Return whether the rule allows a port, by its number or by the name in the container."""
        return self.ports is None or any(_is_port(one, port, called) for one in self.ports)


def _is_port(allowed: Object, port: Port, called: str) -> bool:
    wanted = allowed.get("port")
    if allowed.get("protocol", "TCP") != port.protocol:
        return False
    if wanted is None:
        return True
    if isinstance(wanted, str):
        return wanted == called
    return int(wanted) <= port.number <= int(allowed.get("endPort", wanted))


_Rules = Sequence[_Rule] | None
"""Rules of a pod in one direction; None if no policy selects it, so that all connections are allowed."""


def connectivity(objects: Sequence[Object], around: ConnectivityContext, also: Sequence[Object] = ()) -> Connectivity:
    """Return the connectivity between the platform's pods and all peers, in both directions.

    Peers and ports that only policies of `also` name are included, so that two results can be compared.
    """
    spoken = [*policies(objects), *policies(also)]
    peers = tuple(peers_of(objects, around, spoken))
    return Connectivity(peers, frozenset(_Decision(objects, peers, spoken, also).ways()))


class _Decision:
    """The policies of a stack, applied to its peers. Pairs without an allowed connection are never visited."""

    def __init__(
        self, objects: Sequence[Object], peers: Sequence[Peer], spoken: Sequence[Object], also: Sequence[Object]
    ) -> None:
        self.opened = [*workloads(objects), *workloads(also)]
        self.spoken = spoken
        self.ends = [_End(peer, address) for peer in peers for address in peer.addresses]
        self._within: dict[str, list[Object]] = defaultdict(list)
        for policy in policies(objects):
            self._within[namespace_of(policy)].append(policy)
        self._selected: dict[str, frozenset[int]] = {}

    @cached_property
    def spaces(self) -> Mapping[str, list[int]]:
        """Return the pods by namespace."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, end in enumerate(self.ends):
            if end.peer.pod is not None:
                found[end.peer.pod.namespace].append(number)
        return found

    @cached_property
    def named(self) -> Mapping[str, frozenset[Port]]:
        """Return the ports that the policies of each namespace name."""
        found: dict[str, frozenset[Port]] = defaultdict(frozenset)
        for policy in self.spoken:
            found[namespace_of(policy)] |= frozenset(named_ports(policy, self.opened))
        return found

    def ways(self) -> Iterator[Way]:
        """Yield the allowed connections."""
        count: dict[str, int] = defaultdict(int)
        for end in self.ends:
            count[end.peer.name] += 1
        for way, pairs in self._allowed().items():
            if len(pairs) == count[way.source] * count[way.target]:
                yield way
                continue
            for source, target in pairs:
                yield Way(
                    f"{way.source} at {source.address}" if count[way.source] > 1 else way.source,
                    f"{way.target} at {target.address}" if count[way.target] > 1 else way.target,
                    way.port,
                )

    def _allowed(self) -> dict[Way, list[tuple[_End, _End]]]:
        found: dict[Way, list[tuple[_End, _End]]] = defaultdict(list)
        egress = [self._rules(end.peer, "egress", "to") for end in self.ends]
        reached = [_ends(rules) for rules in egress]
        for to, target in enumerate(self.ends):
            ingress = self._rules(target.peer, "ingress", "from")
            sources = _ends(ingress)
            for asking in range(len(self.ends)) if sources is None else sorted(sources):
                source, targets = self.ends[asking], reached[asking]
                if not source.peer.asks or not (source.peer.ours or target.peer.ours):
                    continue
                if targets is not None and to not in targets:
                    continue
                for port in self._ports(source.peer, target.peer):
                    called = target.peer.serves.get(port, "")
                    if _opens(egress[asking], to, port, called) and _opens(ingress, asking, port, called):
                        found[Way(source.peer.name, target.peer.name, str(port))].append((source, target))
        return found

    def _ports(self, source: Peer, target: Peer) -> Iterable[Port]:
        """Return the ports that can differ: ports that no policy names are equivalent."""
        if target.serves_alone:
            return target.serves
        named = [self.named.get(peer.pod.namespace, frozenset()) for peer in (source, target) if peer.pod]
        return frozenset(target.serves).union(ANY_OTHER, *named)

    def _rules(self, peer: Peer, direction: str, side: str) -> _Rules:
        if peer.pod is None:
            return None
        found = [
            policy["spec"]
            for policy in self._within.get(peer.pod.namespace, ())
            if _applies(policy["spec"], direction)
            and matches(label_selector(policy["spec"].get("podSelector") or {}), peer.pod.labels)
        ]
        if not found:
            return None
        return [
            _Rule(self._peers(rule.get(side), peer.pod.namespace), rule.get("ports") or None)
            for spec in found
            for rule in spec.get(direction) or ()
        ]

    def _peers(self, given: Sequence[Object] | None, own: str) -> frozenset[int] | None:
        if not given:
            return None
        return frozenset().union(*(self._select(one, own) for one in given))

    def _select(self, peer: Object, own: str) -> frozenset[int]:
        key = json.dumps([peer, own if "ipBlock" not in peer and "namespaceSelector" not in peer else ""])
        if key not in self._selected:
            self._selected[key] = frozenset(
                self._block(peer["ipBlock"]) if "ipBlock" in peer else self._pods(peer, own)
            )
        return self._selected[key]

    def _block(self, block: Object) -> Iterator[int]:
        network, without = ip_network(block["cidr"]), [ip_network(one) for one in block.get("except") or ()]
        for number, end in enumerate(self.ends):
            address = IPv4Address(end.address)
            if address in network and not any(address in one for one in without):
                yield number

    def _pods(self, peer: Object, own: str) -> Iterator[int]:
        labels = label_selector(peer.get("podSelector") or {})
        for space in self._spaces(peer.get("namespaceSelector"), own):
            for number in self.spaces.get(space, ()):
                pod = self.ends[number].peer.pod
                if pod is not None and matches(labels, pod.labels):
                    yield number

    def _spaces(self, selector: Object | None, own: str) -> Iterable[str]:
        if selector is None:
            return (own,)
        wanted, named = label_selector(selector), (selector.get("matchLabels") or {}).get(NAME_LABEL)
        within = self.spaces if named is None else self._by_name.get(named, ())
        return [space for space in within if matches(wanted, self._labels(space))]

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        """Return the namespaces by the label with their name, by which most policies select them."""
        found: dict[str, list[str]] = defaultdict(list)
        for space in self.spaces:
            found[self._labels(space).get(NAME_LABEL, space)].append(space)
        return found

    def _labels(self, space: str) -> Mapping[str, str]:
        pod = self.ends[self.spaces[space][0]].peer.pod
        return pod.namespace_labels if pod is not None else {}


def _applies(spec: Object, direction: str) -> bool:
    types = spec.get("policyTypes") or ["Ingress", *(["Egress"] if "egress" in spec else [])]
    return direction.capitalize() in types


def _ends(rules: _Rules) -> frozenset[int] | None:
    """Return all addresses of rules; None if they allow every address."""
    if rules is None or any(rule.ends is None for rule in rules):
        return None
    return frozenset().union(*(rule.ends for rule in rules if rule.ends is not None))


def _opens(rules: _Rules, end: int, port: Port, called: str) -> bool:
    return rules is None or any((rule.ends is None or end in rule.ends) and rule.opens(port, called) for rule in rules)
