"""Invalid ARNs, principals, credentials and namespaces: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    # https://github.com/pulumi/pulumi-aws/issues/3259
    "aws: a profile": (
        (('', '  aws:profile: shop\n'),),
        ('27: aws:profile: has no effect, because the platform has AWS providers of its own; set project.profile',),
    ),
    "aws: roles": (
        (('', '  aws:assumeRoles: [{roleArn: arn:aws:iam::111122223333:role/x}]\n'),),
        ('27: aws:assumeRoles: has no effect, because the platform has AWS providers of its own; set project.deployer and project.assumeDeployer: true',),
    ),
    "aws: allowed accounts": (
        (('', '  aws:allowedAccountIds: ["111122223333"]\n'),),
        ('27: aws:allowedAccountIds: has no effect, because the platform has AWS providers of its own; set project.accountId',),
    ),
    "aws: forbidden accounts": (
        (('', '  aws:forbiddenAccountIds: ["111122223333"]\n'),),
        ('27: aws:forbiddenAccountIds: has no effect, because the platform has AWS providers of its own; set project.accountId, which allows one account',),
    ),
    "aws: tags": (
        (('', '  aws:defaultTags: {tags: {Team: ml}}\n'),),
        ('27: aws:defaultTags: has no effect, because the platform has AWS providers of its own; set project.tags',),
    ),
    "aws: ignored tags": (
        (('', '  aws:ignoreTags: {keyPrefixes: [x]}\n'),),
        ('27: aws:ignoreTags: has no effect, because the platform has AWS providers of its own; remove it, or set it in the AWS configuration (~/.aws/config) or the environment',),
    ),
    "aws: endpoints": (
        (('', '  aws:endpoints: [{s3: http://localhost:4566}]\n'),),
        ('27: aws:endpoints: has no effect, because the platform has AWS providers of its own; set AWS_ENDPOINT_URL or AWS_ENDPOINT_URL_<SERVICE> in the environment',),
    ),
    "aws: a key": (
        (('', '  aws:accessKey: AKIAIOSFODNN7EXAMPLE\n'),),
        ('27: aws:accessKey: has no effect, because the platform has AWS providers of its own; remove it, and set the credentials in the environment or in a profile (project.profile)',),
    ),
    "aws: a web identity": (
        (('', '  aws:assumeRoleWithWebIdentity: {roleArn: arn:aws:iam::111122223333:role/x}\n'),),
        ('27: aws:assumeRoleWithWebIdentity: has no effect, because the platform has AWS providers of its own; set it in a profile, and project.profile',),
    ),
    "aws: retries": (
        (('', '  aws:maxRetries: 3\n'),),
        ('27: aws:maxRetries: has no effect, because the platform has AWS providers of its own; remove it, or set it in the AWS configuration (~/.aws/config) or the environment',),
    ),
    "aws: a mistyped key": (
        (('', '  aws:profil: shop\n'),),
        ('27: aws:profil: has no effect, because the platform has AWS providers of its own; remove it, or set it in the AWS configuration (~/.aws/config) or the environment',),
    ),
    "namespace: another provider": (
        (('', '  kubernetes:context: shop\n'),),
        ('27: kubernetes:context: has no effect, because nothing reads the namespace kubernetes; remove it',),
    ),
    "namespace: pulumi-eks": (
        (('', '  eks:version: 1.30\n'),),
        ('27: eks:version: has no effect, because nothing reads the namespace eks; remove it',),
    ),
    "namespace: of a provider that is not used": (
        (('', '  gcp:project: shop\n'),),
        ('27: gcp:project: has no effect, because nothing reads the namespace gcp; remove it',),
    ),
    "namespace: mistyped": (
        (('', '  ai-platfrom:alarms: {}\n'),),
        ('27: ai-platfrom:alarms: has no effect, because nothing reads the namespace ai-platfrom; did you mean ai-platform:alarms?',),
    ),
    "namespace: mistyped, of a section": (
        (('', '  platform:gitops: {}\n'),),
        ('27: platform:gitops: has no effect, because nothing reads the namespace platform; did you mean ai-platform:gitops?',),
    ),
    # https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessEntry.html
    "access: a session": (
        (('endpoint: {public: false}\n', 'endpoint: {public: false}\n    access:\n      ci: {principalArn: "arn:aws:sts::111122223333:assumed-role/ci/run-1"}\n'),),
        ("12: cluster.access.ci.principalArn: is the ARN of a session; set that of its role, arn:aws:iam::111122223333:role/ci (with the role's path)",),
    ),
    "access: the account": (
        (('endpoint: {public: false}\n', 'endpoint: {public: false}\n    access:\n      ci: {principalArn: "arn:aws:iam::111122223333:root"}\n'),),
        ("12: cluster.access.ci.principalArn: 'root' is not an IAM role or user; write it like arn:aws:iam::111122223333:role/name",),
    ),
    "access: a bucket": (
        (('endpoint: {public: false}\n', 'endpoint: {public: false}\n    access:\n      ci: {principalArn: "arn:aws:s3:::ci"}\n'),),
        ('12: cluster.access.ci.principalArn: is the ARN of a resource of s3; set the ARN of an IAM role or user, like arn:aws:iam::111122223333:role/name',),
    ),
    "access: another partition": (
        (('endpoint: {public: false}\n', 'endpoint: {public: false}\n    access:\n      ci: {principalArn: "arn:aws-us-gov:iam::111122223333:role/ci"}\n'),),
        ('12: cluster.access.ci.principalArn: is in the partition aws-us-gov; set an ARN of the partition aws',),
    ),
    "access: an IAM group": (
        (('endpoint: {public: false}\n', 'endpoint: {public: false}\n    access:\n      ci: {principalArn: "arn:aws:iam::111122223333:group/ci"}\n'),),
        ("12: cluster.access.ci.principalArn: 'group/ci' is not an IAM role or user; write it like arn:aws:iam::111122223333:role/name",),
    ),
    "access: a service-linked role": (
        (('endpoint: {public: false}\n', 'endpoint: {public: false}\n    access:\n      ci: {principalArn: "arn:aws:iam::111122223333:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS"}\n'),),
        ("12: cluster.access.ci.principalArn: 'role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS' is not an IAM role or user; write it like arn:aws:iam::111122223333:role/name",),
    ),
    "access: a region": (
        (('endpoint: {public: false}\n', 'endpoint: {public: false}\n    access:\n      ci: {principalArn: "arn:aws:iam:us-west-2:111122223333:role/ci"}\n'),),
        ('12: cluster.access.ci.principalArn: has a region; write it like arn:aws:iam::111122223333:role/name',),
    ),
    "warning: access of another account": (
        (('endpoint: {public: false}\n', 'endpoint: {public: false}\n    access:\n      ci: {principalArn: "arn:aws:iam::444455556666:role/ci"}\n'), ('    region: us-west-2\n', '    region: us-west-2\n    accountId: "111122223333"\n'),),
        ("13: cluster.access.ci.principalArn: is of the account 444455556666, and the platform's is 111122223333; that account decides who has access to this cluster",),
    ),
    "access: one principal twice": (
        (('endpoint: {public: false}\n', 'endpoint: {public: false}\n    access:\n      ci: {principalArn: "arn:aws:iam::111122223333:role/ci"}\n      cd: {principalArn: "arn:aws:iam::111122223333:role/ci"}\n'),),
        ('12: cluster.access.ci.principalArn: arn:aws:iam::111122223333:role/ci is already the principal of cluster.access.cd; EKS accepts one access entry for a principal; choose another, or remove it',),
    ),
    "access: one role with and without its path": (
        (('endpoint: {public: false}\n', 'endpoint: {public: false}\n    access:\n      cd: {principalArn: "arn:aws:iam::111122223333:role/ci"}\n      ci: {principalArn: "arn:aws:iam::111122223333:role/team/ci"}\n'),),
        ('13: cluster.access.ci.principalArn: arn:aws:iam::111122223333:role/team/ci is already the principal of cluster.access.cd; EKS accepts one access entry for a principal; choose another, or remove it',),
    ),
    "access: a role that the stack creates": (
        (('endpoint: {public: false}\n', 'endpoint: {public: false}\n    access:\n      admin: {}\n      ci: {principalArn: "arn:aws:iam::111122223333:role/shop-access-admin"}\n'),),
        ('13: cluster.access.ci.principalArn: arn:aws:iam::111122223333:role/shop-access-admin is already the principal of cluster.access.admin; EKS accepts one access entry for a principal; choose another, or remove it',),
    ),
    "access: the role of nodes": (
        (('endpoint: {public: false}\n', 'endpoint: {public: false}\n    access:\n      ci: {principalArn: "arn:aws:iam::111122223333:role/shop-eks-node"}\n'),),
        ('12: cluster.access.ci.principalArn: arn:aws:iam::111122223333:role/shop-eks-node is already the principal of node groups; EKS accepts one access entry for a principal; choose another, or remove it',),
    ),
    "access: a tenant's role": (
        (('endpoint: {public: false}\n', 'endpoint: {public: false}\n    access:\n      ci: {principalArn: "arn:aws:iam::111122223333:role/shop-tenant-user01"}\n'), ('', '  ai-platform:tenants: {range: {last: 1}, quota: {cpu: "1", memory: 1Gi}}\n'),),
        ('12: cluster.access.ci.principalArn: arn:aws:iam::111122223333:role/shop-tenant-user01 is already the principal of tenant user01; EKS accepts one access entry for a principal; choose another, or remove it',),
    ),
    "access: the principal of a tenant": (
        (('endpoint: {public: false}\n', 'endpoint: {public: false}\n    access:\n      ci: {principalArn: "arn:aws:iam::111122223333:role/one"}\n'), ('', '  ai-platform:tenants:\n    quota: {cpu: \'1\', memory: 1Gi}\n    members: {\'01\': {principalArn: "arn:aws:iam::111122223333:role/one"}}\n'),),
        ('31: tenants.members.01.principalArn: arn:aws:iam::111122223333:role/one is already the principal of cluster.access.ci; EKS accepts one access entry for a principal; choose another, or remove it',),
    ),
    "access: the deployer": (
        (('endpoint: {public: false}\n', 'endpoint: {public: false}\n    access:\n      ci: {principalArn: "arn:aws:iam::111122223333:role/deploy"}\n'), ('    region: us-west-2\n', '    region: us-west-2\n    deployer: arn:aws:iam::111122223333:role/deploy\n'),),
        ('13: cluster.access.ci.principalArn: arn:aws:iam::111122223333:role/deploy is already the principal of project.deployer; EKS makes it an administrator of the cluster without an entry; remove this one',),
    ),
    "access: the deployer, a user": (
        (('endpoint: {public: false}\n', 'endpoint: {public: false}\n    access:\n      ci: {principalArn: "arn:aws:iam::111122223333:user/deploy"}\n'), ('    region: us-west-2\n', '    region: us-west-2\n    deployer: arn:aws:iam::111122223333:user/deploy\n'),),
        ('13: cluster.access.ci.principalArn: arn:aws:iam::111122223333:user/deploy is already the principal of project.deployer; EKS makes it an administrator of the cluster without an entry; remove this one',),
    ),
    "access: a system group": (
        (('endpoint: {public: false}\n', 'endpoint: {public: false}\n    access:\n      ci: {groups: ["system:masters"]}\n'),),
        ("12: cluster.access.ci.groups[0]: 'system:masters' is not a Kubernetes group that EKS accepts; write at most 253 characters without spaces, not beginning with system:, eks:, aws:, amazon: or iam:",),
    ),
    "access: a group of EKS": (
        (('endpoint: {public: false}\n', 'endpoint: {public: false}\n    access:\n      ci: {groups: ["eks:admins"]}\n'),),
        ("12: cluster.access.ci.groups[0]: 'eks:admins' is not a Kubernetes group that EKS accepts; write at most 253 characters without spaces, not beginning with system:, eks:, aws:, amazon: or iam:",),
    ),
    "deployer: a role that the stack creates": (
        (('    region: us-west-2\n', '    region: us-west-2\n    deployer: arn:aws:iam::111122223333:role/shop-access-admin\n'), ('endpoint: {public: false}\n', 'endpoint: {public: false}\n    access:\n      admin: {}\n'),),
        ('6: project.deployer: arn:aws:iam::111122223333:role/shop-access-admin is already the principal of cluster.access.admin; a stack cannot be deployed by a role that it creates; set another one',),
    ),
    "deployer: a tenant": (
        (('    region: us-west-2\n', '    region: us-west-2\n    deployer: arn:aws:iam::111122223333:role/one\n'), ('', '  ai-platform:tenants:\n    quota: {cpu: \'1\', memory: 1Gi}\n    members: {\'01\': {principalArn: "arn:aws:iam::111122223333:role/one"}}\n'),),
        ('30: tenants.members.01.principalArn: arn:aws:iam::111122223333:role/one is already the principal of project.deployer; EKS makes it an administrator of the cluster without an entry; remove this one',),
    ),
    "deployer: another account": (
        (('    region: us-west-2\n', '    region: us-west-2\n    accountId: "111122223333"\n    deployer: arn:aws:iam::444455556666:role/deploy\n'),),
        ("7: project.deployer: is of the account 444455556666, and the platform's is 111122223333; set an IAM role or user of that account",),
    ),
    "deployer: a session": (
        (('    region: us-west-2\n', '    region: us-west-2\n    deployer: arn:aws:sts::111122223333:assumed-role/deploy/me\n'),),
        ("6: project.deployer: is the ARN of a session; set that of its role, arn:aws:iam::111122223333:role/deploy (with the role's path)",),
    ),
    "deployer: assumed without a role": (
        (('    region: us-west-2\n', '    region: us-west-2\n    assumeDeployer: true\n'),),
        ('6: project.assumeDeployer: requires project.deployer; set the ARN of the role, or remove it',),
    ),
    "deployer: a user who is assumed": (
        (('    region: us-west-2\n', '    region: us-west-2\n    deployer: arn:aws:iam::111122223333:user/deploy\n    assumeDeployer: true\n'),),
        ('7: project.assumeDeployer: arn:aws:iam::111122223333:user/deploy is not a role; set a role, or remove it',),
    ),
    "profile: with a space": (
        (('    region: us-west-2\n', '    region: us-west-2\n    profile: my profile\n'),),
        ("6: project.profile: 'my profile' is not a profile name; write at most 128 letters, digits and _.@:+-",),
    ),
    "arn: a bucket's key in another region": (
        (('    artifacts: {}\n', '    artifacts: {encryption: "aws:kms", kmsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/a"}\n'),),
        ('22: buckets.artifacts.kmsKeyArn: is in us-east-1; set a KMS key in us-west-2, the region of the platform',),
    ),
    "arn: a bucket's alias of a key": (
        (('    artifacts: {}\n', '    artifacts: {encryption: "aws:kms", kmsKeyArn: "arn:aws:kms:us-west-2:111122223333:alias/a"}\n'),),
        ("22: buckets.artifacts.kmsKeyArn: 'alias/a' is not a KMS key; write it like arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",),
    ),
    "warning: a bucket's key of another account": (
        (('    region: us-west-2\n', '    region: us-west-2\n    accountId: "111122223333"\n'), ('    artifacts: {}\n', '    artifacts: {encryption: "aws:kms", kmsKeyArn: "arn:aws:kms:us-west-2:444455556666:key/a"}\n'),),
        ("23: buckets.artifacts.kmsKeyArn: is of the account 444455556666, and the platform's is 111122223333; its key policy must allow this account",),
    ),
    "arn: a database's key in another region": (
        (('      databaseName: mlflow\n', '      databaseName: mlflow\n      storage: {kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/a"}\n'),),
        ('21: databases.runs.storage.kmsKeyArn: is in eu-west-1; set a KMS key in us-west-2, the region of the platform',),
    ),
    "arn: a database's key of another partition": (
        (('      databaseName: mlflow\n', '      databaseName: mlflow\n      storage: {kmsKeyArn: "arn:aws-cn:kms:cn-north-1:111122223333:key/a"}\n'),),
        ('21: databases.runs.storage.kmsKeyArn: is in the partition aws-cn; set an ARN of the partition aws',),
    ),
    "arn: a file system's key of another service": (
        (('', '  ai-platform:fileSystems: {models: {accessPoints: {models: {path: /m, uid: 1, gid: 1}}, kmsKeyArn: "arn:aws:iam::111122223333:role/a"}}\n'),),
        ('27: fileSystems.models.kmsKeyArn: is the ARN of a resource of iam; set the ARN of a KMS key, like arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',),
    ),
    "arn: a cache's key in another region": (
        (('', '  ai-platform:caches: {shared: {engine: valkey, engineVersion: "8.1", nodeType: cache.t4g.small, kmsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/a"}}\n'),),
        ('27: caches.shared.kmsKeyArn: is in us-east-1; set a KMS key in us-west-2, the region of the platform',),
    ),
    "arn: an Aurora key in another region": (
        (('', '  ai-platform:auroraClusters: {shared: {engineVersion: "17", databaseName: shop, kmsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/a"}}\n'),),
        ('27: auroraClusters.shared.kmsKeyArn: is in us-east-1; set a KMS key in us-west-2, the region of the platform',),
    ),
    "arn: a repository's key in another region": (
        (('', '  ai-platform:repositories: {api: {kmsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/a"}}\n'),),
        ('27: repositories.api.kmsKeyArn: is in us-east-1; set a KMS key in us-west-2, the region of the platform',),
    ),
    "warning: a snapshot of another account": (
        (('    region: us-west-2\n', '    region: us-west-2\n    accountId: "111122223333"\n'), ('      databaseName: mlflow\n', '      databaseName: mlflow\n      snapshot: arn:aws:rds:us-west-2:444455556666:snapshot:moved\n'),),
        ("22: databases.runs.snapshot: is of the account 444455556666, and the platform's is 111122223333; it must be shared with this account",),
    ),
    "arn: a snapshot of a volume": (
        (('      databaseName: mlflow\n', '      databaseName: mlflow\n      snapshot: arn:aws:ec2:us-west-2:111122223333:snapshot/snap-1\n'),),
        ('21: databases.runs.snapshot: is the ARN of a resource of ec2; set the ARN of a DB snapshot, like arn:aws:rds:us-west-2:111122223333:snapshot:before-the-move',),
    ),
    "arn: a certificate of another account": (
        (('    region: us-west-2\n', '    region: us-west-2\n    accountId: "111122223333"\n'), ('', '  ai-platform:ingress: {domain: shop.dev, zone: {lookup: true}, inboundCidrs: [52.1.2.0/24], certificateArn: "arn:aws:acm:us-west-2:444455556666:certificate/a"}\n'),),
        ("28: ingress.certificateArn: is of the account 444455556666, and the platform's is 111122223333; set an ACM certificate of that account",),
    ),
    "arn: a private CA": (
        (('', '  ai-platform:ingress: {domain: shop.dev, zone: {lookup: true}, inboundCidrs: [52.1.2.0/24], certificateArn: "arn:aws:acm-pca:us-west-2:111122223333:certificate-authority/a"}\n'),),
        ('27: ingress.certificateArn: is the ARN of a resource of acm-pca; set the ARN of an ACM certificate, like arn:aws:acm:us-west-2:111122223333:certificate/12345678-1234-1234-1234-123456789012',),
    ),
    "unused: zones beside subnets": (
        (('    zones: [us-west-2a, us-west-2b]\n', '    zones: [us-west-2a, us-west-2c]\n    subnets:\n      public: [{cidr: 10.0.1.0/24, zone: us-west-2a}, {cidr: 10.0.2.0/24, zone: us-west-2b}]\n      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.0.5.0/24, zone: us-west-2b}]\n'),),
        ('8: network.zones: differs from the zones of network.subnets.private, us-west-2a, us-west-2b, and has no effect; remove it',),
    ),
    "unused: data subnets beside subnets": (
        (('    zones: [us-west-2a, us-west-2b]\n', '    dataSubnets: true\n    subnets:\n      public: [{cidr: 10.0.1.0/24, zone: us-west-2a}, {cidr: 10.0.2.0/24, zone: us-west-2b}]\n      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.0.5.0/24, zone: us-west-2b}]\n      data: [{cidr: 10.0.6.0/24, zone: us-west-2a}, {cidr: 10.0.7.0/24, zone: us-west-2b}]\n'),),
        ('8: network.dataSubnets: has no effect with network.subnets, which define the tiers; remove it',),
    ),
    "unused: control plane subnets beside subnets": (
        (('    zones: [us-west-2a, us-west-2b]\n', '    controlPlaneSubnets: true\n    subnets:\n      public: [{cidr: 10.0.1.0/24, zone: us-west-2a}, {cidr: 10.0.2.0/24, zone: us-west-2b}]\n      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.0.5.0/24, zone: us-west-2b}]\n      controlPlane: [{cidr: 10.0.6.0/28, zone: us-west-2a}, {cidr: 10.0.7.0/28, zone: us-west-2b}]\n'),),
        ('8: network.controlPlaneSubnets: has no effect with network.subnets, which define the tiers; remove it',),
    ),
    "unused: ports of all protocols": (
        (('    zones: [us-west-2a, us-west-2b]\n', '    zones: [us-west-2a, us-west-2b]\n    networkAcls: {private: {ingress: [{number: 100, action: allow, protocol: all, cidr: 0.0.0.0/0, fromPort: 1, toPort: 2}], egress: [{number: 100, action: allow, protocol: all, cidr: 0.0.0.0/0}]}}\n'),),
        ('9: network.networkAcls.private.ingress[0].fromPort: has no effect with protocol: all; remove it, or set tcp or udp', '9: network.networkAcls.private.ingress[0].toPort: has no effect with protocol: all; remove it, or set tcp or udp',),
    ),
}  # fmt: skip
