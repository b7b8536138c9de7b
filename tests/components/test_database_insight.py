"""Performance Insights and Enhanced Monitoring of RDS instances, as prod has them and others do not."""

import json

import pytest
from pydantic import ValidationError

from config.databases import Database
from tests.components.base import recorded

INSTANCE = "aws:rds/instance:Instance"


def test_database_of_prod_has_insights_and_a_monitoring_role() -> None:
    recording = recorded("prod")
    instance = recording.inputs(INSTANCE)
    role = recording.inputs("aws:iam/role:Role", "database-metadata-monitoring")
    assert (instance["performanceInsightsEnabled"], instance["performanceInsightsRetentionPeriod"]) == (True, 7)
    assert instance["monitoringInterval"] == 60
    assert instance["monitoringRoleArn"].endswith(f":role/{role['name']}")
    (statement,) = json.loads(role["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Service": "monitoring.rds.amazonaws.com"}
    attachment = recording.one("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "database-metadata-monitoring")
    assert attachment.inputs["policyArn"].endswith(":policy/service-role/AmazonRDSEnhancedMonitoringRole")
    assert attachment.urn in recording.before(recording.one(INSTANCE))


def test_database_without_the_setting_has_neither() -> None:
    inputs = recorded("dev").inputs(INSTANCE)
    assert not {"performanceInsightsEnabled", "monitoringInterval", "monitoringRoleArn"} & inputs.keys()


@pytest.mark.parametrize(
    ("engine", "instance_class", "refused"),
    [
        ("mysql", "db.t4g.small", True),
        ("mysql", "db.t3.micro", True),
        ("mysql", "db.t4g.medium", False),
        ("postgres", "db.t4g.micro", False),
    ],
)
def test_insights_need_a_class_that_has_them(engine: str, instance_class: str, refused: bool) -> None:
    given = {"engine": engine, "engineVersion": "17", "instanceClass": instance_class, "databaseName": "app"}
    given |= {"insight": {"performanceInsights": True}}
    if not refused:
        assert Database.model_validate(given).insight.performance_insights is True
        return
    with pytest.raises(ValidationError, match=f"no Performance Insights on {instance_class}; choose db.t4g.medium"):
        Database.model_validate(given)


def test_instances_of_an_aurora_cluster_share_a_monitoring_role() -> None:
    recording = recorded("aurora")
    role = recording.inputs("aws:iam/role:Role", "aurora-runs-monitoring")
    attachment = recording.one("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "aurora-runs-monitoring")
    instances = {one.name: one for one in recording.all("aws:rds/clusterInstance:ClusterInstance")}
    watched = [one for name, one in instances.items() if name.startswith("aurora-runs-")]
    assert len(watched) == 3
    for one in watched:
        assert one.inputs["monitoringInterval"] == 15
        assert one.inputs["monitoringRoleArn"].endswith(f":role/{role['name']}")
        assert attachment.urn in one.dependencies
    assert "monitoringInterval" not in instances["aurora-lonely-writer"].inputs


def test_database_in_production_has_insights_by_default_where_its_class_allows() -> None:
    assert recorded("mlflow").inputs(INSTANCE)["performanceInsightsEnabled"] is True
    assert "performanceInsightsEnabled" not in recorded("nemo").inputs(INSTANCE), "db.t3.micro of MySQL"
