"""Hosts, domains and endpoints that ACM, load balancers, Route 53 and PrivateLink reject."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.refused.case import Case

# fmt: off, one row a case
CASES: dict[str, Case] = {
    "a domain of 85 characters": Case(
        (
            (
                "",
                "  ai-platform:ingress: {domain: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.dev, zone: {lookup: true}, inboundCidrs: [52.1.2.0/24]}\n",
            ),
        ),
        (
            "27: ingress.domain: has 85 characters, and ACM requires one host of a certificate to have 64 or fewer; shorten it, or set ingress.certificateArn",
        ),
        "https://github.com/aws/aws-cdk/issues/21777",
    ),
    "a host of 66 characters alone": Case(
        (
            ("", "  ai-platform:ingress: {domain: shop.dev, zone: {lookup: true}, inboundCidrs: [52.1.2.0/24]}\n"),
            (
                "      bucket: artifacts\n",
                "      bucket: artifacts\n      host: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbb.shop.dev\n",
            ),
        ),
        (
            "27: workloads.mlflow.host: has 66 characters, and ACM requires one host of a certificate to have 64 or fewer; shorten it, or set ingress.certificateArn",
        ),
        "https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html",
    ),
    "a host of 161 characters": Case(
        (
            ("", "  ai-platform:ingress: {domain: shop.dev, zone: {lookup: true}, inboundCidrs: [52.1.2.0/24]}\n"),
            (
                "      bucket: artifacts\n",
                "      bucket: artifacts\n      host: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.cccccccccccccccccccccccccccccccccccccccccccccccccc.shop.dev\n",
            ),
        ),
        (
            "27: workloads.mlflow.host: has 161 characters, and ACM requires one host of a certificate to have 64 or fewer; shorten it, or set ingress.certificateArn",
            "27: workloads.mlflow.host: has 161 characters, and a load balancer routes hosts of 128; shorten it",
        ),
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html#host-conditions",
    ),
    "a domain in .local": Case(
        (("", "  ai-platform:ingress: {domain: shop.local, public: false}\n"),),
        (
            "27: ingress.domain: .local is not a top-level domain of the internet, and ACM cannot validate a certificate; set a domain of your own, or ingress.certificateArn",
        ),
        "https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html",
    ),
    "a domain in .internal": Case(
        (("", "  ai-platform:ingress: {domain: ai.internal, public: false}\n"),),
        (
            "27: ingress.domain: .internal is not a top-level domain of the internet, and ACM cannot validate a certificate; set a domain of your own, or ingress.certificateArn",
        ),
        "https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html",
    ),
    "a domain of AWS": Case(
        (
            (
                "",
                "  ai-platform:ingress: {domain: shop.us-west-2.elb.amazonaws.com, zone: {lookup: true}, inboundCidrs: [52.1.2.0/24]}\n",
            ),
        ),
        ("27: ingress.domain: shop.us-west-2.elb.amazonaws.com is a domain of AWS; set a domain of your own",),
        "https://docs.aws.amazon.com/acm/latest/userguide/domain-ownership-validation.html",
    ),
    "a private domain of Kubernetes": Case(
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    privateDomain: cluster.local\n",
            ),
        ),
        (
            "9: network.privateDomain: cluster.local would hide names of cluster.local, which Kubernetes or the VPC resolves; choose another domain",
        ),
        "https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html",
    ),
    "a private domain of EC2": Case(
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    privateDomain: us-west-2.compute.internal\n",
            ),
        ),
        (
            "9: network.privateDomain: us-west-2.compute.internal would hide names of compute.internal, which Kubernetes or the VPC resolves; choose another domain",
        ),
        "https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html",
    ),
    "warning: a private domain of mDNS": Case(
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    privateDomain: shop.local\n",
            ),
        ),
        (
            "9: network.privateDomain: shop.local is in .local, which mDNS resolves on many systems (RFC 6762); choose one like shop.internal",
        ),
        "https://www.rfc-editor.org/rfc/rfc6762",
    ),
    "an interface endpoint of S3 beside the gateway": Case(
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    endpoints: {interface: [s3]}\n",
            ),
        ),
        (
            "9: network.endpoints.interface[0]: s3 has a gateway endpoint, which is free, and EC2 gives its interface endpoint no private DNS name; set s3 in gateway, and remove this",
        ),
        "https://github.com/terraform-aws-modules/terraform-aws-vpc/issues/982",
    ),
    "an interface endpoint of S3 alone": Case(
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    endpoints: {gateway: [], interface: [s3]}\n",
            ),
        ),
        (
            "9: network.endpoints.interface[0]: s3 has a gateway endpoint, which is free, and EC2 gives its interface endpoint no private DNS name; set s3 in gateway, and remove this",
        ),
        "https://github.com/terraform-aws-modules/terraform-aws-vpc/issues/982",
    ),
    "an interface endpoint of DynamoDB": Case(
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    endpoints: {interface: [dynamodb]}\n",
            ),
        ),
        (
            "9: network.endpoints.interface[0]: dynamodb has a gateway endpoint, which is free, and EC2 gives its interface endpoint no private DNS name; set dynamodb in gateway, and remove this",
        ),
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/privatelink-interface-endpoints.html",
    ),
    "an interface endpoint of IAM": Case(
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    endpoints: {interface: [iam]}\n",
            ),
        ),
        (
            "9: network.endpoints.interface[0]: iam is not a service of a region: its endpoint com.amazonaws.iam is only in us-east-1; remove it",
        ),
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_interface_vpc_endpoints.html",
    ),
    "an interface endpoint of Route 53": Case(
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    endpoints: {interface: [route53]}\n",
            ),
        ),
        (
            "9: network.endpoints.interface[0]: route53 is not a service of a region: its endpoint com.amazonaws.route53 is only in us-east-1; remove it",
        ),
        "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/vpc-endpoints.html",
    ),
    "a load balancer in other zones than pods": Case(
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    subnets:\n      public: [{cidr: 10.0.1.0/24, zone: us-west-2c}, {cidr: 10.0.2.0/24, zone: us-west-2d}]\n      private: [{cidr: 10.0.4.0/22, zone: us-west-2a}, {cidr: 10.0.8.0/22, zone: us-west-2b}]\n",
            ),
            ("", "  ai-platform:ingress: {domain: shop.dev, zone: {lookup: true}, inboundCidrs: [52.1.2.0/24]}\n"),
        ),
        (
            "9: network.subnets.public: has no subnet in us-west-2a, us-west-2b, where pods can run, and the load balancer does not route to targets there; add one for each zone of the private tier",
        ),
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#availability-zones",
    ),
    "warning: a load balancer in one zone less than pods": Case(
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    subnets:\n      public: [{cidr: 10.0.1.0/24, zone: us-west-2a}, {cidr: 10.0.2.0/24, zone: us-west-2b}]\n      private: [{cidr: 10.0.4.0/22, zone: us-west-2a}, {cidr: 10.0.8.0/22, zone: us-west-2b}, {cidr: 10.0.12.0/22, zone: us-west-2c}]\n",
            ),
            ("", "  ai-platform:ingress: {domain: shop.dev, zone: {lookup: true}, inboundCidrs: [52.1.2.0/24]}\n"),
        ),
        (
            "9: network.subnets.public: has no subnet in us-west-2c, where pods can run, and the load balancer does not route to targets there; add one for each zone of the private tier",
        ),
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#availability-zones",
    ),
    "warning: a network ACL that drops DNS": Case(
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    networkAcls: {private: {ingress: [{number: 1, protocol: all, cidr: 0.0.0.0/0}], egress: [{number: 1, protocol: tcp, cidr: 0.0.0.0/0}]}}\n",
            ),
        ),
        (
            "9: network.networkAcls.private.egress: drops DNS requests of pods to CoreDNS on other nodes: allow udp 53-53 to 10.0.0.0/16",
            "9: network.networkAcls.private.egress: drops DNS responses of CoreDNS: allow udp 1024-65535 to 10.0.0.0/16",
        ),
        "https://github.com/kubernetes/kops/issues/482",
    ),
    "warning: a network ACL that drops DNS responses": Case(
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    networkAcls: {private: {ingress: [{number: 1, protocol: all, cidr: 0.0.0.0/0}], egress: [{number: 1, protocol: tcp, cidr: 0.0.0.0/0}, {number: 2, protocol: udp, cidr: 10.0.0.0/16, fromPort: 53, toPort: 53}]}}\n",
            ),
        ),
        ("9: network.networkAcls.private.egress: drops DNS responses of CoreDNS: allow udp 1024-65535 to 10.0.0.0/16",),
        "https://github.com/kubernetes/kops/issues/482",
    ),
    "warning: a TLS policy that there is none of": Case(
        (
            (
                "",
                "  ai-platform:ingress: {domain: shop.dev, zone: {lookup: true}, inboundCidrs: [52.1.2.0/24], tlsPolicy: ELBSecurityPolicy-TLS13-1-2-Foo}\n",
            ),
        ),
        (
            "27: ingress.tlsPolicy: ELBSecurityPolicy-TLS13-1-2-Foo is not in the table of TLS policies of 2026-11; check with `aws elbv2 describe-ssl-policies`; did you mean ELBSecurityPolicy-TLS13-1-2-2021-06?",
        ),
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
    ),
    "warning: a TLS policy that can be new": Case(
        (
            (
                "",
                "  ai-platform:ingress: {domain: shop.dev, zone: {lookup: true}, inboundCidrs: [52.1.2.0/24], tlsPolicy: ELBSecurityPolicy-TLS13-1-3-2027-01}\n",
            ),
        ),
        (
            "27: ingress.tlsPolicy: ELBSecurityPolicy-TLS13-1-3-2027-01 is not in the table of TLS policies of 2026-11; check with `aws elbv2 describe-ssl-policies`; did you mean ELBSecurityPolicy-TLS13-1-3-2021-06?",
        ),
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
    ),
}
# fmt: on
