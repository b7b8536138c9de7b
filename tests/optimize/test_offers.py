"""What each kind of advice offers for one stack, with savings that are worked out by hand from list prices of
us-west-2 (2026-11). A month has 730 hours."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from aiplatform.cli.optimize import planned
from aiplatform.cost.bill import cents
from aiplatform.optimize.advice import ADVICE
from aiplatform.optimize.idea import Idea, Subject
from aiplatform.optimize.trial import Verdict, merged, verdict
from catalog.prices import load_prices
from tests.config.base import shipped_project

WIDE = """\
config:
  ai-platform:project: {name: shop, environment: test, region: us-west-2}
  ai-platform:network:
    cidr: 10.0.0.0/16
    zones: [us-west-2a, us-west-2b]
    endpoints: {interface: [sts]}
  ai-platform:cluster:
    endpoint: {public: false}
  ai-platform:nodeGroups:
    cpu:
      instanceTypes: [m5.large]
      disk: {sizeGib: 20, type: gp2}
      scaling: {min: 2, desired: 2, max: 4}
    gpu:
      instanceTypes: [g5.xlarge]
      scaling: {min: 1, desired: 1, max: 4}
  ai-platform:databases:
    runs:
      engine: postgres
      engineVersion: "17"
      instanceClass: db.m6g.large
      databaseName: mlflow
      multiAz: true
      replicateTo: us-east-1
  ai-platform:caches:
    shared: {engine: redis, engineVersion: "7.1", nodeType: cache.r6g.large}
  ai-platform:auroraClusters:
    shared: {engineVersion: "17", databaseName: shop, capacity: {min: 2, max: 4}}
  ai-platform:fileSystems:
    models: {accessPoints: {models: {path: /models}}}
  ai-platform:buckets:
    artifacts: {}
"""


class Offers:
    """The ideas for the stack, each planned when a test asks for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = shipped_project(folder)
        (folder / "Pulumi.wide.yaml").write_text(WIDE)
        self.base = planned(folder, "wide", {})
        assert self.base.settings is not None
        subject = Subject(self.base.settings, load_prices())
        self.ideas = {idea.text: idea for advice in ADVICE.values() for idea in advice(subject)}

    def idea(self, text: str) -> Idea:
        """The only idea with a text."""
        found = [idea for name, idea in self.ideas.items() if text in name]
        assert len(found) == 1, f"{text}: {sorted(self.ideas)}"
        return found[0]

    def verdict(self, *texts: str) -> Verdict:
        """What the plan of ideas shows."""
        changes = merged([dict(self.idea(text).changes) for text in texts])
        return verdict(self.base, planned(self.folder, "wide", changes))


@pytest.fixture(scope="module")
def offers(tmp_path_factory: pytest.TempPathFactory) -> Offers:
    return Offers(tmp_path_factory.mktemp("wide"))


ROWS = {
    # The gateway, and its public address.
    "network.nat: use a single NAT gateway": "730 * (0.045 + 0.005)",
    # Two gateways with 100 GB and the images of three nodes; a t4g.micro with 8 GiB in each zone. All have addresses.
    "network.natInstance: use a t4g.micro": ("2 * 730 * (0.045 - 0.0084) + (100 + 2 * 4 + 12) * 0.045 - 2 * 8 * 0.08"),
    "nodeGroups.gpu: use g6.xlarge (L4, 22 GiB) before g5.xlarge": "730 * (1.006 - 0.8048)",
    "nodeGroups.gpu: use g4dn.xlarge (T4, 16 GiB) instead of g5.xlarge": "730 * (1.006 - 0.526)",
    "nodeGroups.gpu: use Spot of g6.xlarge, g5.xlarge": "730 * (1.006 - 0.43935)",
    # Spot costs what its cheapest type costs.
    "nodeGroups.cpu: use Spot of m7i.large, m6i.large, m5.large": "2 * 730 * (0.096 - 0.04155)",
    "nodeGroups.cpu: use t3a.large": "2 * 730 * (0.096 - 0.0752)",
    "nodeGroups.cpu: use m7g.large": "2 * 730 * (0.096 - 0.0816)",
    "nodeGroups.cpu.disk: use gp3 instead of gp2": "2 * 20 * (0.10 - 0.08)",
    "nodeGroups.gpu.disk: use 100 GiB instead of 200": "100 * 0.08",
    "databases.runs: use db.t4g.large": "730 * (0.318 - 0.258)",
    "databases.runs: use db.t4g.medium": "730 * (0.318 - 0.129)",
    # Half of the instances, and of 20 GB.
    "databases.runs: run it in one zone": "730 * (0.318 - 0.159) + 20 * (0.23 - 0.115)",
    "caches.shared: use Valkey 7.2": "2 * 730 * (0.206 - 0.1648)",
    "caches.shared: use cache.t4g.medium": "2 * 730 * (0.206 - 0.065)",
    "caches.shared: use 1 node instead of 2": "730 * 0.206",
    "auroraClusters.shared: use no readers": "730 * 2 * 0.12",
    # Two instances, which use 1 ACU on average.
    "auroraClusters.shared: lower the minimum to 0.5 ACU": "2 * 730 * 0.12",
    # 10 GB, of which 15 % are kept for 30 days.
    "network.flowLogs: turn them off": "10 * 0.50 + 1.5 * 0.03",
    "cluster.logging: use the log class Infrequent Access": "10 * (0.50 - 0.25)",
    # In two zones, and 50 GB.
    "network.endpoints: remove the interface endpoints": "2 * 730 * 0.01 + 50 * 0.01",
    "buckets.artifacts: move objects to Standard-IA": "50 * (0.023 - 0.0125)",
    # Infrequent Access has another price without elastic throughput.
    "fileSystems.models: use bursting throughput": "100 * 0.03 + 20 * 0.06 - 50 * (0.025 - 0.016)",
    "fileSystems.models: make no backups": "100 * 0.05",
}
"""A part of the text of an offer, and its saving in USD a month."""


def _batches(offers: Offers) -> Iterator[list[str]]:
    """Yield the rows in groups that change different entries, each of which takes one plan."""
    left = list(ROWS)
    while left:
        taken: dict[str, set[tuple[str | int, ...]]] = {}
        for text in left:
            # The saving of a NAT instance depends on the number of gateways.
            entries = {
                ("network", "nat") if path[:2] == ("network", "natInstance") else path[:2]
                for path in offers.idea(text).paths
            }
            if not any(entries & others for others in taken.values()):
                taken[text] = entries
        yield list(taken)
        left = [text for text in left if text not in taken]


def test_offers_save_what_the_prices_say(offers: Offers) -> None:
    batches = list(_batches(offers))
    assert sum(map(len, batches)) == len(ROWS)
    for texts in batches:
        seen = offers.verdict(*texts)
        assert seen.saving is not None, seen
        expected = sum((_worked_out(ROWS[text]) for text in texts), Decimal(0))
        assert (cents(seen.saving.expected), seen.broken) == (cents(expected), ()), texts


def test_commitments_save_a_quarter_of_what_always_runs(offers: Offers) -> None:
    # Two m5.large and a g5.xlarge: three quarters of 1.198 USD an hour, rounded down. Alone, because other offers
    # leave it idle.
    plan, reserved = "buy a Compute Savings Plan of 0.898 USD", "reserve db.m6g.large, cache.r6g.large"
    seen = offers.verdict(plan, reserved)
    assert seen.saving is not None
    assert seen.broken == ()
    assert cents(seen.saving.expected) == cents(_worked_out("730 * 0.898 / 3 + 730 * (0.318 + 2 * 0.206) * 0.25"))
    assert all("25 % is assumed" in offers.idea(text).check for text in (plan, reserved))


def _worked_out(sum_: str) -> Decimal:
    """Calculate a sum of products without rounding errors."""
    exact = "".join(f"Decimal('{part}')" if part.strip().replace(".", "").isdigit() else part for part in _parts(sum_))
    return Decimal(eval(exact, {"Decimal": Decimal}))  # noqa: S307 - a sum of this file


def _parts(sum_: str) -> list[str]:
    spaced = sum_
    for sign in "()*/+-":
        spaced = spaced.replace(sign, f" {sign} ")
    return [f" {part}" for part in spaced.split()]


def test_quota_to_be_increased_is_to_be_checked_first(offers: Offers) -> None:
    seen = offers.verdict("nodeGroups.gpu: use Spot of g6.xlarge, g5.xlarge")
    assert seen.broken == ()
    assert [line for line in seen.said if "the default quota is 0 (ec2 L-3819A6DF)" in line] == list(seen.said)
    assert len(seen.said) == 1


def test_graviton_is_to_be_checked_first_where_images_are_unknown(offers: Offers) -> None:
    idea = offers.idea("nodeGroups.cpu: use t4g.large")
    assert idea.keep == "x86"
    assert "arm64" in idea.check


def test_stack_file_with_offer_that_a_rule_refuses_is_not_planned(offers: Offers) -> None:
    # A node group that EKS does not make, as an advice that is wrong could propose.
    tried = planned(offers.folder, "wide", {("nodeGroups", "cpu", "scaling", "max"): 1})
    seen = verdict(offers.base, tried)
    assert seen.saving is None
    assert [line for line in seen.broken if "above max" in line] == list(seen.broken)
    assert seen.broken
