"""Caches, their users and their service names."""

from collections.abc import Mapping
from typing import Any
from unittest import mock

import pulumi
import pulumi_aws as aws
import pytest

from aiplatform.preview.plan import SECRET, UNKNOWN
from components.data.cache import COMMANDS, Cache
from config.caches import Cache as CacheSettings
from tests.components.base import BOTH, STACKS, Found, alone, recorded, settings_from, settings_of

GROUP, USER = "aws:elasticache/replicationGroup:ReplicationGroup", "aws:elasticache/user:User"
USERS, PARAMETERS = "aws:elasticache/userGroup:UserGroup", "aws:elasticache/parameterGroup:ParameterGroup"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
REDIS = {"engine": "redis", "engineVersion": "7.1", "nodeType": "cache.r6g.large"}
VALKEY = {"engine": "valkey", "engineVersion": "8.1", "nodeType": "cache.t4g.small"}
WITH_CACHES = [stack for stack in STACKS if settings_of(stack).caches]


def cache(settings: Mapping[str, Any], *, unknown: bool = False, users: Mapping[str, str] | None = None) -> Found:
    model = settings_from(CacheSettings, settings)

    def build() -> None:
        provider = aws.Provider("aws", region="us-west-2")
        made = Cache(
            "data",
            model,
            identifier="shop-fast",
            users=users or {"dev": "dev:", "prod": "prod-"},
            vpc_id="vpc-1",
            subnet_ids=["subnet-1", "subnet-2"],
            client_security_group_id="sg-nodes",
            project="shop",
            opts=pulumi.ResourceOptions(providers=[provider]),
        )
        pulumi.export("address", made.address)
        pulumi.export("reader", made.reader_address)
        pulumi.export("secrets", sorted(made.secrets))

    return alone(build, unknown=unknown)


@BOTH
@pytest.mark.parametrize(("nodes", "several"), [(1, False), (2, True), (6, True)])
def test_cache_nodes_spread_over_zones_and_fail_over_automatically(nodes: int, several: bool, unknown: bool) -> None:
    inputs = cache({**REDIS, "nodes": nodes}, unknown=unknown).inputs(GROUP)
    assert inputs["numCacheClusters"] == nodes
    assert (inputs["automaticFailoverEnabled"], inputs["multiAzEnabled"]) == (several, several)
    assert inputs.keys().isdisjoint({"numNodeGroups", "replicasPerNodeGroup", "nodeGroupConfigurations"}), (
        "cluster mode has no databases but the first"
    )


@pytest.mark.parametrize("stack", WITH_CACHES)
@BOTH
def test_cache_is_encrypted_at_rest_and_in_transit_and_refuses_unknown_users(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    for key, settings in recording.settings.caches.items():
        inputs = recording.inputs(GROUP, f"cache-{key}")
        assert inputs["atRestEncryptionEnabled"] is True
        assert (inputs["transitEncryptionEnabled"], inputs["transitEncryptionMode"]) == (True, "required")
        assert inputs.get("kmsKeyId") == settings.kms_key_arn
        assert "authToken" not in inputs
        assert inputs["userGroupIds"] == [recording.inputs(USERS, f"cache-{key}")["userGroupId"]]
        assert recording.one(USERS, f"cache-{key}").urn in recording.one(GROUP, f"cache-{key}").dependencies
        for user in recording.all(USER):
            assert user.inputs["accessString"].startswith("off ") or user.inputs["passwords"] == SECRET


@BOTH
@pytest.mark.parametrize("settings", [REDIS, VALKEY], ids=["redis", "valkey"])
def test_environment_user_reaches_its_own_keys_and_channels(settings: dict[str, Any], unknown: bool) -> None:
    found = cache(settings, unknown=unknown)
    rules = {item.inputs["userId"]: item.inputs["accessString"] for item in found.all(USER)}
    rules.pop("shop-fast-default-user", None)
    assert rules == {
        "shop-fast-dev": f"on ~dev:* resetchannels &dev:* {COMMANDS}",
        "shop-fast-prod": f"on ~prod-* resetchannels &prod-* {COMMANDS}",
    }


def test_user_commands_exclude_those_beyond_its_keys_and_include_client_needs() -> None:
    commands = COMMANDS.split()
    assert commands[0] == "-@all", "what is not named is not allowed"
    assert {"+@all", "+@admin", "+@dangerous", "allcommands", "+acl", "+config", "+keys", "+flushall"}.isdisjoint(
        commands
    )
    # Later rules win: https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/
    last = commands.index("-@dangerous")
    assert [rule for rule in commands if rule.startswith("+@") and commands.index(rule) > last] == []
    assert commands[last + 1 :] == ["+info", "+select", "+time"]


@pytest.mark.parametrize(("settings", "engine"), [(REDIS, "redis"), (VALKEY, "valkey")])
def test_default_user_is_disabled_on_redis_and_absent_on_valkey(settings: dict[str, Any], engine: str) -> None:
    found = cache(settings)
    unnamed = [item.inputs for item in found.all(USER) if item.inputs["userName"] == "default"]
    assert [item["accessString"] for item in unnamed] == (["off ~keys* -@all +get"] if engine == "redis" else [])
    assert {item.inputs["engine"] for item in [*found.all(USER), found.one(USERS)]} == {engine}
    assert sorted(found.inputs(USERS)["userIds"]) == sorted(item.inputs["userId"] for item in found.all(USER))


@BOTH
def test_user_password_is_that_of_its_secret_and_is_masked_in_plans(unknown: bool) -> None:
    found = cache(REDIS, unknown=unknown)
    for environment in ("dev", "prod"):
        user, version = found.one(USER, f"data-{environment}"), found.one(VERSION, f"data-{environment}")
        assert user.inputs["passwords"] == SECRET
        assert version.inputs["secretString"] == SECRET
        assert version.urn in user.dependencies
    names = {item.inputs["name"] for item in found.all("aws:secretsmanager/secret:Secret")}
    assert names == {"shop/dev/cache", "shop/prod/cache"}


def test_user_password_is_the_kept_one_and_not_the_one_generated_in_this_run() -> None:
    kept = '{"username": "shop-fast-dev", "password": "kept-since-the-first-run"}'
    state = property(lambda _: pulumi.Output.from_input(kept))
    seen: list[Any] = []
    create = aws.elasticache.User.__init__

    def watched(self: aws.elasticache.User, name: str, **inputs: Any) -> None:
        for password in inputs.get("passwords", []):
            password.apply(seen.append)
        create(self, name, **inputs)

    with (
        mock.patch.object(aws.secretsmanager.SecretVersion, "secret_string", state),
        mock.patch.object(aws.elasticache.User, "__init__", watched),
    ):
        cache(REDIS, users={"dev": "dev:"})
    assert seen == ["kept-since-the-first-run"]


def test_cache_ids_are_at_most_forty_characters_and_unique() -> None:
    ids = [item.inputs["userId"] for item in recorded("aurora").all(USER)]
    assert max(map(len, ids)) <= 40
    assert len(set(ids)) == len(ids)
    assert any(one.startswith("atlas-fast-an-environment-whose") for one in ids)


@pytest.mark.parametrize(
    ("engine", "version", "family"),
    [
        ("redis", "6.2", "redis6.x"),
        ("redis", "7.1", "redis7"),
        ("valkey", "7.2", "valkey7"),
        ("valkey", "8.1", "valkey8"),
    ],
)
def test_parameter_group_name_includes_the_family(engine: str, version: str, family: str) -> None:
    # Two groups exist while the engine is upgraded.
    found = cache({**VALKEY, "engine": engine, "engineVersion": version, "parameters": {"timeout": "60"}})
    group = found.inputs(PARAMETERS)
    assert group["family"] == family
    assert group["name"] == f"shop-fast-{family.replace('.', '-')}"
    assert group["parameters"] == [{"name": "timeout", "value": "60"}]
    assert found.inputs(GROUP)["parameterGroupName"] == group["name"]


@BOTH
def test_cache_security_group_allows_nodes_only(unknown: bool) -> None:
    found = cache(REDIS, unknown=unknown)
    (rule,) = found.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert (rule.inputs["ipProtocol"], rule.inputs["fromPort"], rule.inputs["toPort"]) == ("tcp", 6379, 6379)
    assert rule.inputs["referencedSecurityGroupId"] == "sg-nodes"
    assert found.all("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule") == []


def test_engine_version_is_pinned() -> None:
    # A step back would replace the replication group.
    inputs = cache(REDIS).inputs(GROUP)
    assert (inputs["engineVersion"], inputs["autoMinorVersionUpgrade"]) == ("7.1", False)


@pytest.mark.parametrize("days", [0, 3])
def test_final_snapshot_exists_only_where_snapshots_are_kept(days: int) -> None:
    inputs = cache({**REDIS, "snapshots": {"retentionDays": days}}).inputs(GROUP)
    assert inputs["snapshotRetentionLimit"] == days
    assert inputs.get("snapshotWindow") == ("05:00-06:00" if days else None)
    assert inputs.get("finalSnapshotIdentifier", "").startswith("shop-fast-final-snapshot-") is (days > 0)


def test_cache_endpoint_follows_the_primary() -> None:
    outputs = cache(REDIS).plan.outputs
    assert outputs["address"].startswith("master.shop-fast.")
    assert outputs["reader"].startswith("replica.shop-fast.")
    assert outputs["secrets"] == ["dev", "prod"]
    assert cache(REDIS, unknown=True).plan.outputs["address"] == UNKNOWN


@BOTH
def test_cache_service_name_resolves_to_the_primary(unknown: bool) -> None:
    recording = recorded("aurora", unknown)
    (service,) = (item for item in recording.all("kubernetes:core/v1:Service") if item.inputs["spec"].get("type"))
    assert service.inputs["metadata"]["namespace"] == "default"
    assert service.inputs["metadata"]["name"] == "single"
    assert service.inputs["spec"].keys() == {"type", "externalName"}, "it has no pods and no ports of its own"
    assert service.inputs["spec"]["type"] == "ExternalName"
    if not unknown:
        assert service.inputs["spec"]["externalName"].startswith("master.atlas-single.")
