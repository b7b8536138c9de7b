"""Services with interface endpoints, by the name after com.amazonaws.<region>."""

import re
from collections.abc import Mapping
from difflib import SequenceMatcher

AS_OF = "2026-11"
"""Month of the table."""

_NAMES = """
access-analyzer account acm acm-fips acm-pca airflow.api airflow.env airflow.ops amplify apigateway app-integrations
appconfig appconfig-fips appconfigdata appconfigdata-fips application-autoscaling application-signals appmesh
appmesh-envoy-management apprunner apprunner.requests appstream.api appstream.streaming appsync appsync-api aps
aps-workspaces arc-zonal-shift athena auditmanager autoscaling autoscaling-plans b2bi backup backup-gateway batch
bcm-data-exports bedrock bedrock-agent bedrock-agent-runtime bedrock-agentcore bedrock-data-automation
bedrock-data-automation-runtime bedrock-mantle bedrock-runtime billing billingconductor braket budgets cassandra
cassandra-fips ce cleanrooms cleanrooms-ml cloud9 cloudcontrolapi clouddirectory cloudformation cloudfront
cloudhsmv2 cloudtrail cloudtrail-data codeartifact.api codeartifact.repositories codebuild codebuild-fips codecommit
codecommit-fips codeconnections.api codedeploy codedeploy-commands-secure codeguru-profiler codeguru-reviewer
codepipeline codestar-connections.api codewhisperer cognito-identity cognito-idp comprehend comprehendmedical
compute-optimizer config connect-campaigns console controltower cost-optimization-hub data-servicediscovery
data-servicediscovery-fips databrew dataexchange datasync datazone deadline.management deadline.scheduling
devicefarm devops-guru directory-service dms dms-fips drs ds ds-data dynamodb dynamodb-fips dynamodb-streams ebs ec2
ec2-fips ec2messages ecr.api ecr.dkr ecs ecs-agent ecs-telemetry eks eks-auth elastic-inference.runtime elasticache
elasticache-fips elasticbeanstalk elasticbeanstalk-health elasticfilesystem elasticfilesystem-fips
elasticloadbalancing elasticmapreduce email email-smtp emr-containers emr-serverless emr-serverless-services.livy
emrwal.prod entityresolution events evidently evidently-dataplane execute-api finspace finspace-api firehose fis
forecast forecast-fips forecastquery forecastquery-fips frauddetector freetier fsx fsx-fips git-codecommit
git-codecommit-fips glue glue.dashboard grafana grafana-workspace greengrass groundstation guardduty guardduty-data
guardduty-data-fips health healthlake iam identitystore imagebuilder inspector-scan inspector2 internetmonitor
internetmonitor-fips invoicing iot.credentials iot.data iot.fleethub.api iotanalytics iotfleetwise iotroborunner
iotsitewise.api iotsitewise.data iottwinmaker.api iottwinmaker.data iotwireless.api ivs.contribute kafka kafka-fips
kendra kinesis-firehose kinesis-streams kinesis-streams-fips kinesisanalytics kms kms-fips lakeformation lambda
launchwizard license-manager license-manager-fips license-manager-linux-subscriptions
license-manager-user-subscriptions lightsail logs lookoutequipment lookoutmetrics lookoutvision lorawan.cups
lorawan.lns m2 macie2 managedblockchain-query marketplacemetering mediaconnect medical-imaging memory-db
memorydb-fips metering-marketplace mgn migrationhub-orchestrator migrationhub-strategy mobiletargeting models-v2-lex
monitoring mpa mq network-firewall networkflowmonitor networkflowmonitorreports networkmanager networkmonitor nimble
notifications oam observabilityadmin omics organizations osis outposts panorama payment-cryptography.controlplane
payment-cryptography.dataplane pca-connector-ad pca-connector-scep personalize personalize-events
personalize-runtime pi pinpoint pinpoint-sms-voice-v2 pipes pipes-data polly pricing.api private-networks profile
proton ps.iam q qapps qbusiness qldb.session quicksight-website ram rbin rds rds-data redshift redshift-data
redshift-fips redshift-serverless refactor-spaces rekognition rekognition-fips repostspace resiliencehub
resource-explorer-2 resource-groups robomaker rolesanywhere route53 route53profiles route53resolver rum
rum-dataplane runtime-medical-imaging runtime-v2-lex s3 s3-global.accesspoint s3-outposts s3express s3tables
sagemaker.api sagemaker.featurestore-runtime sagemaker.metrics sagemaker.runtime sagemaker.runtime-fips savingsplans
scheduler schemas scn secretsmanager security-ir securityhub securitylake serverlessrepo servicecatalog
servicecatalog-appregistry servicediscovery servicediscovery-fips servicequotas ses shield signer signin
simspaceweaver sms sms-fips sms-voice snow-device-management sns social-messaging sqs sqs-fips ssm ssm-contacts
ssm-fips ssm-guiconnect ssm-incidents ssm-quicksetup ssmmessages states storagegateway streaming-rekognition sts
sts-fips supportapp swf swf-fips sync-states synthetics synthetics-fips tagging tax textract textract-fips
thinclient.api timestream-influxdb timestream.ingest timestream.query tnb transcribe transcribestreaming transfer
transfer.server translate trustedadvisor verifiedpermissions voiceid vpc-lattice wafv2 wafv2-fips wellarchitected
wisdom workmail workspaces xray
"""
"""https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html"""

SERVICES = frozenset(_NAMES.split())

BY_GATEWAY = frozenset({"dynamodb", "dynamodb-fips", "s3"})
"""Services whose interface endpoints have no private DNS name of their own, which every endpoint of the platform has:
https://github.com/terraform-aws-modules/terraform-aws-vpc/issues/982,
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/privatelink-interface-endpoints.html"""

WORLDWIDE = frozenset({"iam", "organizations", "route53", "s3-global.accesspoint"})
"""Services with one endpoint for all regions, whose name has no region:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_interface_vpc_endpoints.html"""

OTHERWISE: Mapping[str, str] = {
    "cloudwatch": "monitoring",
    "cloudwatchlogs": "logs",
    "ecr": "ecr.api",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "eventbridge": "events",
    "kinesis": "kinesis-streams",
    "memorydb": "memory-db",
    "sagemaker": "sagemaker.api",
    "secrets": "secretsmanager",
    "stepfunctions": "states",
}
"""Names that a service has elsewhere, without punctuation, and that of its endpoint."""

ALIKE = 0.85
"""Similarity from which a name is a misspelling of another, and not a new service."""


def meant(name: str) -> str | None:
    """Return the service that a name misspells; None for a name that can be a new service."""
    plain = _plain(re.sub(r"^com\.amazonaws\.(?:[a-z]{2}(?:-[a-z]+)+-\d\.)?", "", name))
    for service in SERVICES:
        if _plain(service) == plain:
            return service
    best = max(sorted(SERVICES), key=lambda service: SequenceMatcher(None, plain, _plain(service)).ratio())
    return OTHERWISE.get(plain) or (best if SequenceMatcher(None, plain, _plain(best)).ratio() >= ALIKE else None)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name)
