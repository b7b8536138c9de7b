"""Invalid values of the network: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole, and some mistakes are odd letters

from tests.config.base import SUBNETS, shared

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "zones: none": (
        (("    zones: [us-west-2a, us-west-2b]\n", ""),),
        ("6: network.zones: is missing; set two to four zones, or network.subnets",),
    ),
    "zones: one": (
        (("    zones: [us-west-2a, us-west-2b]\n", "    zones: [us-west-2a]\n"),),
        ("8: network.zones: has one zone; EKS and RDS require two",),
    ),
    "zones: one twice": (
        (("    zones: [us-west-2a, us-west-2b]\n", "    zones: [us-west-2a, us-west-2a]\n"),),
        ("8: network.zones: duplicate zone us-west-2a",),
    ),
    "zones: of another region": (
        (("    zones: [us-west-2a, us-west-2b]\n", "    zones: [us-west-2a, eu-west-1b]\n"),),
        ("8: network.zones[1]: eu-west-1b is not a zone of us-west-2; use us-west-2b, or change project.region",),
    ),
    "zones: no zone": (
        (("    zones: [us-west-2a, us-west-2b]\n", "    zones: [us-west-2a, us-west-2]\n"),),
        ("8: network.zones[1]: 'us-west-2' is not an availability zone; write it like us-west-2a",),
    ),
    "subnets: zone of another region": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    subnets:\n      public: [{cidr: 10.0.1.0/24, zone: us-west-2a}, {cidr: 10.0.2.0/24, zone: us-west-2b}]\n      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.0.5.0/24, zone: us-east-1b}]\n",
            ),
        ),
        (
            "10: network.subnets.private[1].zone: us-east-1b is not a zone of us-west-2; use us-west-2b, or change project.region",
        ),
    ),
    "subnets: private in one zone": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    subnets:\n      public: [{cidr: 10.0.1.0/24, zone: us-west-2a}, {cidr: 10.0.2.0/24, zone: us-west-2b}]\n      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.0.5.0/24, zone: us-west-2a}]\n",
            ),
        ),
        ("10: network.subnets.private: covers only us-west-2a; EKS and RDS require two zones",),
    ),
    "subnets: outside the VPC": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    subnets:\n      public: [{cidr: 10.0.1.0/24, zone: us-west-2a}, {cidr: 10.0.2.0/24, zone: us-west-2b}]\n      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.1.5.0/24, zone: us-west-2b}]\n",
            ),
        ),
        (
            "10: network.subnets.private[1].cidr: 10.1.5.0/24 is outside the VPC's 10.0.0.0/16; choose a network inside it",
        ),
    ),
    "subnets: too small": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    subnets:\n      public: [{cidr: 10.0.1.0/24, zone: us-west-2a}, {cidr: 10.0.2.0/24, zone: us-west-2b}]\n      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.0.5.0/29, zone: us-west-2b}]\n",
            ),
        ),
        ("10: network.subnets.private[1].cidr: 10.0.5.0/29 is too small for a subnet; use a /28 or larger",),
    ),
    "subnets: overlap across tiers": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    subnets:\n      public: [{cidr: 10.0.1.0/24, zone: us-west-2a}, {cidr: 10.0.2.0/24, zone: us-west-2b}]\n      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.0.1.128/25, zone: us-west-2b}]\n",
            ),
        ),
        (
            "10: network.subnets.private[1].cidr: 10.0.1.128/25 overlaps 10.0.1.0/24 of public[0]; choose a free network",
        ),
    ),
    "subnets: overlap in a tier": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    subnets:\n      public: [{cidr: 10.0.1.0/24, zone: us-west-2a}, {cidr: 10.0.2.0/24, zone: us-west-2b}]\n      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.0.4.0/24, zone: us-west-2b}]\n",
            ),
        ),
        ("10: network.subnets.private[1].cidr: 10.0.4.0/24 overlaps 10.0.4.0/24 of private[0]; choose a free network",),
    ),
    "data subnets: in one zone": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                SUBNETS
                + "      data: [{cidr: 10.0.6.0/24, zone: us-west-2a}, {cidr: 10.0.7.0/24, zone: us-west-2a}]\n",
            ),
        ),
        ("11: network.subnets.data: covers only us-west-2a; databases require two zones",),
    ),
    "data subnets: zone of another region": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                SUBNETS
                + "      data: [{cidr: 10.0.6.0/24, zone: us-west-2a}, {cidr: 10.0.7.0/24, zone: us-east-1b}]\n",
            ),
        ),
        (
            "11: network.subnets.data[1].zone: us-east-1b is not a zone of us-west-2; use us-west-2b, or change project.region",
        ),
    ),
    "data subnets: overlap with a private one": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                SUBNETS
                + "      data: [{cidr: 10.0.6.0/24, zone: us-west-2a}, {cidr: 10.0.5.0/28, zone: us-west-2b}]\n",
            ),
        ),
        ("11: network.subnets.data[1].cidr: 10.0.5.0/28 overlaps 10.0.5.0/24 of private[1]; choose a free network",),
    ),
    "data subnets: outside the VPC": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                SUBNETS
                + "      data: [{cidr: 10.0.6.0/24, zone: us-west-2a}, {cidr: 10.1.7.0/24, zone: us-west-2b}]\n",
            ),
        ),
        ("11: network.subnets.data[1].cidr: 10.1.7.0/24 is outside the VPC's 10.0.0.0/16; choose a network inside it",),
    ),
    "data subnets: asked for beside subnets that have none": (
        (("    zones: [us-west-2a, us-west-2b]\n", SUBNETS + "    dataSubnets: true\n"),),
        ("11: network.dataSubnets: has no effect with network.subnets; set network.subnets.data, or remove it",),
    ),
    "data subnets: a VPC too small for them": (
        (
            ("    cidr: 10.0.0.0/16\n", "    cidr: 10.0.0.0/25\n"),
            ("    zones: [us-west-2a, us-west-2b]\n", "    zones: [us-west-2a, us-west-2b]\n    dataSubnets: true\n"),
        ),
        ("7: network.cidr: 10.0.0.0/25 is too small to be divided; use a /24 or larger, or set network.subnets",),
    ),
    "data subnets: nodes in a zone where no file system is reached": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                SUBNETS.replace("10.0.5.0/24, zone: us-west-2b}]", "10.0.5.0/24, zone: us-west-2c}]")
                + "      data: [{cidr: 10.0.6.0/24, zone: us-west-2a}, {cidr: 10.0.7.0/24, zone: us-west-2b}]\n",
            ),
            ("", "  ai-platform:fileSystems:\n    models: {accessPoints: {models: {path: /models}}}\n"),
        ),
        (
            "11: network.subnets.data: has no subnet in us-west-2c, where nodes mount file systems; add one for each zone of the private tier",
        ),
    ),
    "data subnets: a network ACL for none": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    networkAcls: {data: {}}\n",
            ),
        ),
        (
            "9: network.networkAcls.data: requires data subnets; set network.dataSubnets or network.subnets.data, or remove it",
        ),
    ),
    "data subnets: a number twice in their network ACL": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    dataSubnets: true\n    networkAcls: {data: {ingress: [{number: 5, cidr: 10.0.0.0/16}, {number: 5, cidr: 10.0.0.0/16}]}}\n",
            ),
        ),
        ("10: network.networkAcls.data.ingress[1].number: 5 is already the number of rule [0]; choose another",),
    ),
    "subnets of the control plane: asked for beside subnets that have none": (
        (("    zones: [us-west-2a, us-west-2b]\n", SUBNETS + "    controlPlaneSubnets: true\n"),),
        (
            "11: network.controlPlaneSubnets: has no effect with network.subnets; set network.subnets.controlPlane, or remove it",
        ),
    ),
    "subnets of the control plane: in one zone": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                SUBNETS + "      controlPlane: [{cidr: 10.0.6.0/28, zone: us-west-2a}]\n",
            ),
        ),
        ("11: network.subnets.controlPlane: covers only us-west-2a; EKS requires two zones",),
    ),
    "subnets of the control plane: a VPC too small for them": (
        (
            ("    cidr: 10.0.0.0/16\n", "    cidr: 10.0.0.0/24\n"),
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    controlPlaneSubnets: true\n",
            ),
        ),
        ("7: network.cidr: 10.0.0.0/24 is too small to be divided; use a /23 or larger, or set network.subnets",),
    ),
    "endpoints: gateway twice": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    endpoints: {gateway: [s3, s3]}\n",
            ),
        ),
        ("9: network.endpoints.gateway: duplicate endpoint s3",),
    ),
    "endpoints: interface twice": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    endpoints: {interface: [sts, sts]}\n",
            ),
        ),
        ("9: network.endpoints.interface: duplicate endpoint sts",),
    ),
    "network ACL: a number twice": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    networkAcls: {private: {ingress: [{number: 100, cidr: 10.0.0.0/16}, {number: 100, cidr: 10.0.0.0/8}]}}\n",
            ),
        ),
        ("9: network.networkAcls.private.ingress[1].number: 100 is already the number of rule [0]; choose another",),
    ),
    "warning: network ACL: the answers from the internet are dropped": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    networkAcls: {private: {ingress: [{number: 100, protocol: all, cidr: 10.0.0.0/16}], egress: [{number: 100, protocol: all, cidr: 0.0.0.0/0}]}}\n",
            ),
        ),
        (
            "9: network.networkAcls.private.ingress: drops UDP responses from the internet: allow udp 1024-65535 from 0.0.0.0/0",
            "9: network.networkAcls.private.ingress: drops responses from the internet, those of AWS and image registries included: allow tcp 1024-65535 from 0.0.0.0/0",
        ),
    ),
    "warning: network ACL: web and shell alone come in": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    networkAcls: {public: {ingress: [{number: 1, cidr: 0.0.0.0/0, fromPort: 80, toPort: 443}, {number: 2, protocol: udp, cidr: 0.0.0.0/0}, {number: 3, cidr: 0.0.0.0/0, fromPort: 1024, toPort: 9999}], egress: [{number: 1, protocol: all, cidr: 0.0.0.0/0}]}}\n",
            ),
        ),
        (
            "9: network.networkAcls.public.ingress: drops responses from the internet, those of AWS and image registries included: allow tcp 10000-65535 from 0.0.0.0/0",
            "9: network.networkAcls.public.ingress: drops traffic between the VPC's subnets: allow tcp 0-79 from 10.0.0.0/16",
        ),
    ),
    "warning: network ACL: a rule before denies": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    networkAcls: {private: {ingress: [{number: 1, action: deny, cidr: 0.0.0.0/0, fromPort: 5000, toPort: 5001}, {number: 2, protocol: all, cidr: 0.0.0.0/0}], egress: [{number: 1, protocol: all, cidr: 0.0.0.0/0}]}}\n",
            ),
        ),
        (
            "9: network.networkAcls.private.ingress: drops responses from the internet, those of AWS and image registries included: allow tcp 5000-5001 from 0.0.0.0/0",
            "9: network.networkAcls.private.ingress: drops traffic between the VPC's subnets: allow tcp 5000-5001 from 10.0.0.0/16",
        ),
    ),
    "network ACL: ports the wrong way round": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    networkAcls: {private: {ingress: [{number: 100, cidr: 10.0.0.0/16}, {number: 110, cidr: 10.0.0.0/8, fromPort: 443, toPort: 80}]}}\n",
            ),
        ),
        ("9: network.networkAcls.private.ingress[1].fromPort: 443 is above toPort, 80; swap them",),
    ),
    "endpoint: none": (
        (("public: false", "public: false, private: false"),),
        ("10: cluster.endpoint: is neither public nor private; enable one of them",),
    ),
    "endpoint: public to nobody": (
        (("public: false", "public: true"),),
        ("10: cluster.endpoint.publicCidrs: is missing; set the networks of your users and your CI, or public: false",),
    ),
    "endpoint: limits without one": (
        (("public: false", "public: false, publicCidrs: [203.0.113.0/24]"),),
        ("10: cluster.endpoint.publicCidrs: has no effect with public: false; remove it, or set public: true",),
    ),
    "endpoint: open to the world": (
        (("public: false", "publicCidrs: [203.0.113.0/24, 0.0.0.0/0]"),),
        (
            "10: cluster.endpoint.publicCidrs[1]: 0.0.0.0/0 opens the Kubernetes API to the internet; set the networks that need it",
        ),
    ),
    "service CIDR: public": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    serviceCidr: 203.0.113.0/24\n"),),
        (
            "11: cluster.serviceCidr: 203.0.113.0/24 is not a valid Service network; use a /12 to /24 of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
        ),
    ),
    "service CIDR: too small": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    serviceCidr: 172.20.0.0/25\n"),),
        (
            "11: cluster.serviceCidr: 172.20.0.0/25 is not a valid Service network; use a /12 to /24 of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
        ),
    ),
    "service CIDR: in the VPC": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    serviceCidr: 10.0.0.0/20\n"),),
        ("11: cluster.serviceCidr: 10.0.0.0/20 overlaps the VPC's 10.0.0.0/16; choose another network",),
    ),
    "ingress: two zones": (
        (("", "  ai-platform:ingress: {domain: example.com, public: false, zone: {create: true, lookup: true}}\n"),),
        ("27: ingress.zone: sets create and lookup; set one of create: true, lookup: true or id: Z...",),
    ),
    "ingress: no zone": (
        (("", "  ai-platform:ingress: {domain: example.com, public: false, zone: {}}\n"),),
        ("27: ingress.zone: is missing; set one of create: true, lookup: true or id: Z...",),
    ),
    "ingress: a zone without a domain": (
        (("", "  ai-platform:ingress: {zone: {create: true}}\n"),),
        ("27: ingress.zone: requires ingress.domain; set it, or remove the zone",),
    ),
    "ingress: faces the internet, open to nobody": (
        (("", "  ai-platform:ingress: {domain: example.com}\n"),),
        (
            "27: ingress.inboundCidrs: is missing for an internet-facing load balancer; set your networks, 0.0.0.0/0 for the internet, or public: false",
        ),
    ),
    "ingress: needs two public subnets": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    subnets:\n      public: [{cidr: 10.0.1.0/24, zone: us-west-2a}]\n      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.0.5.0/24, zone: us-west-2b}]\n",
            ),
            ("", "  ai-platform:ingress: {domain: example.com, inboundCidrs: [0.0.0.0/0]}\n"),
        ),
        (
            "29: ingress.public: requires public subnets in two zones; add one to network.subnets.public, or set public: false",
        ),
    ),
    "ingress: a certificate without a domain": (
        (("", "  ai-platform:ingress: {certificateArn: 'arn:aws:acm:us-west-2:111122223333:certificate/a'}\n"),),
        ("27: ingress.certificateArn: requires ingress.domain; set it, or remove the certificate",),
    ),
    "ingress: a certificate of another service": (
        (
            (
                "",
                "  ai-platform:ingress: {domain: example.com, public: false, certificateArn: 'arn:aws:iam::111122223333:server-certificate/a'}\n",
            ),
        ),
        (
            "27: ingress.certificateArn: is the ARN of a resource of iam; set the ARN of an ACM certificate, like arn:aws:acm:us-west-2:111122223333:certificate/12345678-1234-1234-1234-123456789012",
        ),
    ),
    "ingress: a certificate of another region": (
        (
            (
                "",
                "  ai-platform:ingress: {domain: example.com, public: false, certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/a'}\n",
            ),
        ),
        (
            "27: ingress.certificateArn: is in us-east-1; set an ACM certificate in us-west-2, the region of the platform",
        ),
    ),
    "ingress: a DNS name that is none": (
        (("", "  ai-platform:ingress: {domain: Example_1.com, public: false}\n"),),
        ("27: ingress.domain: 'Example_1.com' is not a DNS name; write it like mlflow.example.com",),
    ),
    "ingress: a TLS policy of yesterday": (
        (("", "  ai-platform:ingress: {tlsPolicy: ELBSecurityPolicy-2016-08}\n"),),
        (
            "27: ingress.tlsPolicy: 'ELBSecurityPolicy-2016-08' is not a current TLS policy; use ELBSecurityPolicy-TLS13-1-2-... or ELBSecurityPolicy-TLS13-1-3-...",
        ),
    ),
    "hosts: of a service, elsewhere": (
        shared(("api.shop.dev", "api.shop.org")),
        (
            "52: environments.prod.services.api.host: api.shop.org is not in ingress.domain, shop.dev; use a name below it",
        ),
    ),
    "hosts: of Grafana, elsewhere": (
        shared(("defaultReceiver: chat", "defaultReceiver: chat\n    host: grafana.shop.org")),
        ("56: monitoring.host: grafana.shop.org is not in ingress.domain, shop.dev; use a name below it",),
    ),
    "hosts: of Argo CD without a domain": (
        shared(
            ("  ai-platform:ingress: {domain: shop.dev, public: false}\n", ""),
            ("{api: {host: api.shop.dev}}", "{api: {}}"),
            ("/shop/releases", "/shop/releases\n    host: argocd.shop.dev"),
        ),
        ("57: gitops.host: requires ingress.domain; set it, or remove the host",),
    ),
    "hosts: one for two services": (
        shared(("{api: {}}", "{api: {host: api.shop.dev}}")),
        (
            "52: environments.prod.services.api.host: api.shop.dev is already the address of environments.dev.services.api; choose another host or path",
        ),
    ),
    "hosts: a service where Grafana is": (
        shared(("defaultReceiver: chat", "defaultReceiver: chat\n    host: api.shop.dev")),
        (
            "52: environments.prod.services.api.host: api.shop.dev is already the address of monitoring; choose another host or path",
        ),
    ),
    "hosts: the domain itself and a controller's load balancer": (
        (
            *shared(("public: false}", "public: false, owner: controller}"), ("api.shop.dev", "shop.dev")),
            ("bucket: artifacts", "bucket: artifacts\n      host: mlflow.shop.dev"),
        ),
        (
            "53: environments.prod.services.api.host: shop.dev is the domain itself, which cannot be an alias of a controller's load balancer; use a name below it, or set ingress.owner: pulumi",
        ),
    ),
}
