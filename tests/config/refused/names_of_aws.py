"""Names, texts and numbers that the APIs of AWS reject."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.refused.case import Case

# fmt: off, one row a case
CASES: dict[str, Case] = {
    "a VPC whose name no role can have": Case(
        (("    zones: [us-west-2a, us-west-2b]\n", "    zones: [us-west-2a, us-west-2b]\n    name: my vpc <prod>\n"),),
        (
            "9: network.name: 'my vpc <prod>' is not a name from which those of a role, a log group and a security group can be derived; write at most 128 letters, digits and _.-, not beginning with sg-, like shop-vpc",
        ),
        "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html",
    ),
    "a VPC with a long name": Case(
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    name: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n",
            ),
        ),
        (
            "9: network.name: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...' is not a name from which those of a role, a log group and a security group can be derived; write at most 128 letters, digits and _.-, not beginning with sg-, like shop-vpc",
        ),
        "https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html",
    ),
    "a subnet with a name that is no tag value": Case(
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    subnets:\n      public: [{cidr: 10.0.1.0/24, zone: us-west-2a, name: 'a;b'}, {cidr: 10.0.2.0/24, zone: us-west-2b}]\n      private: [{cidr: 10.0.4.0/22, zone: us-west-2a}, {cidr: 10.0.8.0/22, zone: us-west-2b}]\n",
            ),
        ),
        (
            "9: network.subnets.public[0].name: 'a;b' is not a tag value that AWS accepts; write at most 256 letters, digits, spaces or _.:/=+-@, not beginning with aws:",
        ),
        "https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html",
    ),
    "a log group with a space": Case(
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    flowLogs: {logGroup: my logs}\n",
            ),
        ),
        (
            "9: network.flowLogs.logGroup: 'my logs' is not a log group name; write at most 512 letters, digits and _/.#-, like /aws/application/shop",
        ),
        "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
    ),
    "a log group of AWS": Case(
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    flowLogs: {logGroup: aws/vpc/shop}\n",
            ),
        ),
        (
            "9: network.flowLogs.logGroup: 'aws/vpc/shop' begins with aws/, which CloudWatch Logs reserves; choose another name, like /aws/vpc/shop",
        ),
        "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
    ),
    "a log group of AWS in capitals": Case(
        (("", "  ai-platform:addons: {cloudwatchObservability: {enabled: true, hostLogs: AWS/host}}\n"),),
        (
            "27: addons.cloudwatchObservability.hostLogs: 'AWS/host' begins with aws/, which CloudWatch Logs reserves; choose another name, like /aws/vpc/shop",
        ),
        "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
    ),
    "instances of Aurora with a prefix of 60 letters": Case(
        (
            (
                "",
                "  ai-platform:auroraClusters:\n    main: {engineVersion: '17', databaseName: shop, instancePrefix: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}\n",
            ),
        ),
        (
            "28: auroraClusters.main: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-writer' is not an RDS identifier; write 1-63 lower-case letters, digits and single hyphens, beginning with a letter, or set a shorter instancePrefix",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
    ),
    "instances of a cluster with an identifier of 63": Case(
        (
            (
                "",
                "  ai-platform:auroraClusters:\n    main: {engineVersion: '17', databaseName: shop, identifier: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}\n",
            ),
        ),
        (
            "28: auroraClusters.main: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-writer' is not an RDS identifier; write 1-63 lower-case letters, digits and single hyphens, beginning with a letter, or set a shorter instancePrefix",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
    ),
    "a parameter group with two hyphens": Case(
        (
            (
                "",
                "  ai-platform:auroraClusters:\n    main: {engineVersion: '17', databaseName: shop, parameterGroup: shop--aurora}\n",
            ),
        ),
        (
            "28: auroraClusters.main.parameterGroup: 'shop--aurora' is not a parameter group name; write lower-case letters, digits and single hyphens, beginning with a letter, ending with a letter or digit, and not beginning with default",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBClusterParameterGroup.html",
    ),
    "a parameter group that ends with a hyphen": Case(
        (
            (
                "",
                "  ai-platform:auroraClusters:\n    main: {engineVersion: '17', databaseName: shop, parameterGroup: shop-aurora-}\n",
            ),
        ),
        (
            "28: auroraClusters.main.parameterGroup: 'shop-aurora-' is not a parameter group name; write lower-case letters, digits and single hyphens, beginning with a letter, ending with a letter or digit, and not beginning with default",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBClusterParameterGroup.html",
    ),
    "a parameter group that begins with a digit": Case(
        (
            (
                "",
                "  ai-platform:auroraClusters:\n    main: {engineVersion: '17', databaseName: shop, parameterGroup: 1shop}\n",
            ),
        ),
        (
            "28: auroraClusters.main.parameterGroup: '1shop' is not a parameter group name; write lower-case letters, digits and single hyphens, beginning with a letter, ending with a letter or digit, and not beginning with default",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBClusterParameterGroup.html",
    ),
    "a secret whose key ends like an ARN": Case(
        (("", "  ai-platform:secrets:\n    token-abcdef: {description: x}\n"),),
        (
            "28: secrets.token-abcdef: 'shop/token-abcdef' ends with a hyphen and six characters, like the suffix that Secrets Manager adds; choose another name, or set name",
        ),
        "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html",
    ),
    "a description of a secret of 2,049 letters": Case(
        (
            (
                "",
                "  ai-platform:secrets:\n    hf: {description: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'}\n",
            ),
        ),
        ("28: secrets.hf.description: is longer than 2048 characters; shorten it",),
        "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html",
    ),
    "a pattern of tags with five wildcards": Case(
        (("", "  ai-platform:repositories:\n    api: {lifecycle: {tagPatterns: ['*a*b*c*d*']}}\n"),),
        (
            "28: repositories.api.lifecycle.tagPatterns[0]: '*a*b*c*d*' is not a tag pattern; write letters, digits, ._- and at most four *, like prod-*",
        ),
        "https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html",
    ),
    "warning: a managed policy that there is none of": Case(
        (
            (
                "    endpoint: {public: false}\n",
                "    endpoint: {public: false}\n    nodeRole: {policies: [AmazonEKSWorkerNodePolicy, AmazonEC2ContainerRegistryPullOnly, XyzzyQuux]}\n",
            ),
        ),
        (
            "11: cluster.nodeRole.policies[2]: XyzzyQuux is not in the table of AWS managed policies of 2026-11; check with `aws iam get-policy`",
        ),
        "https://github.com/pulumi/pulumi/issues/7419",
    ),
    "warning: a misspelled managed policy": Case(
        (
            (
                "    endpoint: {public: false}\n",
                "    endpoint: {public: false}\n    nodeRole: {policies: [AmazonEKSWorkerNodePolicy, AmazonEC2ContainerRegistryPullOnly, AmazonEKSCNIPolicy]}\n",
            ),
        ),
        (
            "11: cluster.nodeRole.policies[2]: AmazonEKSCNIPolicy is not in the table of AWS managed policies of 2026-11; did you mean AmazonEKS_CNI_Policy? If not, check with `aws iam get-policy`",
        ),
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html",
    ),
    "warning: a policy of a service-linked role": Case(
        (
            (
                "    endpoint: {public: false}\n",
                "    endpoint: {public: false}\n    nodeRole: {policies: [AmazonEKSWorkerNodePolicy, AmazonEC2ContainerRegistryPullOnly, AmazonEKSServiceRolePolicy]}\n",
            ),
        ),
        (
            "11: cluster.nodeRole.policies[2]: AmazonEKSServiceRolePolicy is not in the table of AWS managed policies of 2026-11; did you mean AmazonEKSServicePolicy? If not, check with `aws iam get-policy`",
        ),
        "https://github.com/aws/aws-cdk/issues/6131",
    ),
    "a managed policy without its path": Case(
        (
            (
                "    endpoint: {public: false}\n",
                "    endpoint: {public: false}\n    nodeRole: {policies: [AmazonEKSWorkerNodePolicy, AmazonEC2ContainerRegistryPullOnly, AmazonEBSCSIDriverPolicy]}\n",
            ),
        ),
        (
            "11: cluster.nodeRole.policies[2]: AmazonEBSCSIDriverPolicy is in another path of IAM; write service-role/AmazonEBSCSIDriverPolicy",
        ),
        "https://github.com/hashicorp/terraform/issues/31748",
    ),
    "warning: a boundary of AWS that there is none of": Case(
        (
            (
                "    region: us-west-2\n",
                "    region: us-west-2\n    permissionsBoundary: arn:aws:iam::aws:policy/PowerUser\n",
            ),
        ),
        (
            "6: project.permissionsBoundary: PowerUser is not in the table of AWS managed policies of 2026-11; did you mean arn:aws:iam::aws:policy/PowerUserAccess? If not, check with `aws iam get-policy`",
        ),
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html",
    ),
    "a boundary of AWS without its path": Case(
        (
            (
                "    region: us-west-2\n",
                "    region: us-west-2\n    permissionsBoundary: arn:aws:iam::aws:policy/SystemAdministrator\n",
            ),
        ),
        (
            "6: project.permissionsBoundary: SystemAdministrator is in another path of IAM; write arn:aws:iam::aws:policy/job-function/SystemAdministrator",
        ),
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html",
    ),
    "a release of AL2023 for Bottlerocket": Case(
        (
            (
                "      scaling: {min: 1, desired: 2, max: 3}\n",
                "      scaling: {min: 1, desired: 2, max: 3}\n      operatingSystem: BOTTLEROCKET\n      releaseVersion: 1.35.8-20260930\n",
            ),
        ),
        (
            "16: nodeGroups.cpu.releaseVersion: 1.35.8-20260930 is a release of AL2023, and the group has BOTTLEROCKET; write it like 1.58.0-c5c37032",
        ),
        "https://github.com/cloudposse/terraform-aws-eks-node-group/issues/209",
    ),
    "a release of Bottlerocket for AL2023": Case(
        (
            (
                "      scaling: {min: 1, desired: 2, max: 3}\n",
                "      scaling: {min: 1, desired: 2, max: 3}\n      releaseVersion: 1.58.0-c5c37032\n",
            ),
        ),
        (
            "15: nodeGroups.cpu.releaseVersion: 1.58.0-c5c37032 is a release of BOTTLEROCKET, and the group has AL2023; write it like 1.35.8-20260930",
        ),
        "https://github.com/cloudposse/terraform-aws-eks-node-group/issues/209",
    ),
    "a recipient twice": Case(
        (("", "  ai-platform:costs: {budget: {monthlyLimit: 100, notify: [a@shop.dev, a@shop.dev]}}\n"),),
        ("27: costs.budget.notify[1]: duplicate value a@shop.dev; remove one",),
        "https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_CreateNotification.html",
    ),
    "an e-mail address of alarms twice": Case(
        (
            (
                "",
                "  ai-platform:addons: {cloudwatchObservability: {enabled: true}}\n  ai-platform:alarms: {emails: [a@shop.dev, a@shop.dev], rules: {one: {metric: node_cpu_utilization, threshold: 80}}}\n",
            ),
        ),
        ("28: alarms.emails[1]: duplicate value a@shop.dev; remove one",),
        "https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html",
    ),
    "an account twice": Case(
        (("", "  ai-platform:repositories:\n    api: {pullers: ['444455556666', '444455556666']}\n"),),
        ("28: repositories.api.pullers[1]: duplicate value 444455556666; remove one",),
        "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html",
    ),
    "a kind of log twice": Case(
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    logging: {types: [audit, audit]}\n"),),
        ("11: cluster.logging.types[1]: duplicate value audit; remove one",),
        "https://docs.aws.amazon.com/eks/latest/APIReference/API_LogSetup.html",
    ),
    "a namespace of an access entry twice": Case(
        (
            (
                "    endpoint: {public: false}\n",
                "    endpoint: {public: false}\n    access: {ops: {policy: AmazonEKSEditPolicy, namespaces: [mlflow, mlflow]}}\n",
            ),
        ),
        ("11: cluster.access.ops.namespaces[1]: duplicate value mlflow; remove one",),
        "https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html",
    ),
    "warning: a misspelled namespace of an access entry": Case(
        (
            (
                "    endpoint: {public: false}\n",
                "    endpoint: {public: false}\n    access: {ops: {policy: AmazonEKSEditPolicy, namespaces: [mflow]}}\n",
            ),
        ),
        (
            "11: cluster.access.ops.namespaces[0]: no namespace of the platform is named mflow; did you mean mlflow? EKS accepts an unknown namespace",
        ),
        "https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html",
    ),
    "a project whose security groups begin with sg-": Case(
        (("name: shop\n", "name: sg-shop\n"),),
        (
            "3: project.name: 'sg-shop' is not a project name; write 1-24 lower-case letters, digits and hyphens, beginning with a letter (it prefixes names that AWS limits to 32 characters), and not with internal or sg",
        ),
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
    ),
    "a cluster whose security groups begin with sg-": Case(
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    name: sg-shop\n"),),
        (
            "11: cluster.name: 'sg-shop' is not an EKS cluster name; write at most 100 letters, digits, hyphens and underscores, not beginning with sg-, which no security group may",
        ),
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
    ),
    "a VPC whose security groups begin with sg-": Case(
        (("    zones: [us-west-2a, us-west-2b]\n", "    zones: [us-west-2a, us-west-2b]\n    name: sg-shop\n"),),
        (
            "9: network.name: 'sg-shop' is not a name from which those of a role, a log group and a security group can be derived; write at most 128 letters, digits and _.-, not beginning with sg-, like shop-vpc",
        ),
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
    ),
    "a path of service-linked roles": Case(
        (("    region: us-west-2\n", "    region: us-west-2\n    rolePath: /aws-service-role/\n"),),
        (
            "6: project.rolePath: '/aws-service-role/' is not a path of IAM roles; write it like /platform/, not beginning with /aws-",
        ),
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
    ),
    "a path of AWS": Case(
        (("    region: us-west-2\n", "    region: us-west-2\n    rolePath: /aws-reserved/sso/\n"),),
        (
            "6: project.rolePath: '/aws-reserved/sso/' is not a path of IAM roles; write it like /platform/, not beginning with /aws-",
        ),
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
    ),
    "warning: a region that must be enabled": Case(
        (
            (
                "",
                "  ai-platform:backups:\n    secondRegion: ap-east-1\n    plans: {daily: {schedule: 0 3 * * *, keepDays: 7, copyDays: 7}}\n",
            ),
        ),
        (
            "28: backups.secondRegion: ap-east-1 is disabled in a new account, where every request fails with InvalidClientTokenId; enable it with `aws account enable-region --region-name ap-east-1` before you deploy",
        ),
        "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html",
    ),
    "warning: a platform in a region that must be enabled": Case(
        (("region: us-west-2\n", "region: eu-south-2\n"), ("us-west-2a, us-west-2b", "eu-south-2a, eu-south-2b")),
        (
            "5: project.region: eu-south-2 is disabled in a new account, where every request fails with InvalidClientTokenId; enable it with `aws account enable-region --region-name eu-south-2` before you deploy",
        ),
        "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html",
    ),
    "warning: a replica in a region that must be enabled": Case(
        (("    artifacts: {}\n", "    artifacts: {replicateTo: me-central-1}\n"),),
        (
            "22: buckets.artifacts.replicateTo: me-central-1 is disabled in a new account, where every request fails with InvalidClientTokenId; enable it with `aws account enable-region --region-name me-central-1` before you deploy",
        ),
        "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html",
    ),
    "warning: an allocation tag that no resource has": Case(
        (("", "  ai-platform:costs: {allocationTags: [Team]}\n"),),
        (
            "27: costs.allocationTags[0]: no resource of the stack has a tag Team, and AWS activates only keys that it has seen in the bill; did you mean Tenant?",
        ),
        "https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html",
    ),
    "warning: a misspelled allocation tag": Case(
        (("", "  ai-platform:costs: {allocationTags: [Projects]}\n"),),
        (
            "27: costs.allocationTags[0]: no resource of the stack has a tag Projects, and AWS activates only keys that it has seen in the bill; did you mean Project?",
        ),
        "https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html",
    ),
}
# fmt: on
