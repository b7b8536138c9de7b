"""003: the document's values that the stack pingvas has by a setting."""

import pytest

from tests.requirements.query import Planned

BUCKET = "pingvas-terraform-state"


@pytest.mark.deviates("003-nod-02", "003-nod-07")
def test_two_t3_medium_on_spot_are_a_setting(documented: Planned) -> None:
    group = documented.one("eks:index:ManagedNodeGroup", nodeGroupName="pingvas-shared-eks-system").inputs
    assert (group["instanceTypes"], group["capacityType"]) == (["t3.medium"], "SPOT")
    assert group["scalingConfig"]["desiredSize"] == 2


@pytest.mark.deviates("003-db-09", "003-db-18", "003-ops-04")
def test_deletion_version_15_and_the_bucket_of_the_state_are_settings(documented: Planned) -> None:
    cluster = documented.one("aws:rds/cluster:Cluster").inputs
    assert cluster["deletionProtection"] is False
    group = documented.one("aws:rds/clusterParameterGroup:ClusterParameterGroup").inputs
    assert (group["name"], group["family"]) == ("pingvas-shared-params", "aurora-postgresql15")
    parameters = {item["name"]: item["value"] for item in group["parameters"]}
    assert (parameters["log_statement"], parameters["log_connections"]) == ("ddl", "1")
    assert cluster["dbClusterParameterGroupName"] == "pingvas-shared-params"
    assert (len(documented.all("aws:s3/bucket:Bucket", bucket=BUCKET)), documented.region) == (1, "us-east-1")
    versioning = documented.one("aws:s3/bucketVersioning:BucketVersioning", bucket=BUCKET).inputs
    assert versioning["versioningConfiguration"] == {"status": "Enabled"}
