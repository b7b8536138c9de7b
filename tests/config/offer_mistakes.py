"""Invalid values of instance offers and key pairs of nodes: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

DUBLIN = (("region: us-west-2", "region: eu-west-1"), ("us-west-2a, us-west-2b", "eu-west-1a, eu-west-1b"))
SEOUL = (
    ("region: us-west-2", "region: ap-northeast-2"),
    ("us-west-2a, us-west-2b", "ap-northeast-2a, ap-northeast-2b"),
)
GROUP = "  ai-platform:databases:\n"
ASK = "aws ec2 describe-instance-type-offerings --location-type availability-zone"

# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "offers: a node group of a type that the region lacks": (
        (*DUBLIN, (GROUP, "    gpu: {instanceTypes: [g6.xlarge], scaling: {min: 0, desired: 0, max: 1}}\n" + GROUP)),
        (
            "15: nodeGroups.gpu.instanceTypes[0]: g6.xlarge is not offered in eu-west-1, as of 2026-11; use g5.xlarge or g4dn.xlarge",
        ),
    ),
    "offers: a node pool of a type that the region lacks": (
        (
            *DUBLIN,
            (
                "",
                "  ai-platform:nodePools:\n    gpu: {instanceTypes: [g5.xlarge, g6e.xlarge], limits: {cpu: '16', memory: 64Gi, gpus: 2}}\n",
            ),
        ),
        (
            "28: nodePools.gpu.instanceTypes[1]: g6e.xlarge is not offered in eu-west-1, as of 2026-11; use g5.xlarge or g4dn.xlarge",
        ),
    ),
    "offers: an instance of a type that no other replaces": (
        (("", "  ai-platform:instances:\n    one: {instanceType: hpc7a.48xlarge, zones: [us-west-2a]}\n"),),
        (
            "28: instances.one.instanceType: hpc7a.48xlarge is not offered in us-west-2, as of 2026-11; choose another type, or another region",
        ),
    ),
    "warning: offers: an instance in a zone that lacks its type": (
        (
            *SEOUL,
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: g5.xlarge, zones: [ap-northeast-2a, ap-northeast-2b]}\n",
            ),
        ),
        (
            f"28: instances.one.zones[1]: ap-northeast-2b does not offer g5.xlarge, as of 2026-11 (offered in ap-northeast-2a, ap-northeast-2c, ap-northeast-2d); zone names can differ between accounts, so check with `{ASK}` before you deploy",
        ),
    ),
    "warning: offers: a node group in a zone that lacks all of its types": (
        (
            *SEOUL,
            (
                GROUP,
                "    gpu: {instanceTypes: [g5.xlarge, g6.xlarge], scaling: {min: 0, desired: 0, max: 1}, zones: [ap-northeast-2b]}\n"
                + GROUP,
            ),
        ),
        (
            f"15: nodeGroups.gpu.zones[0]: ap-northeast-2b does not offer g5.xlarge or g6.xlarge, as of 2026-11 (offered in ap-northeast-2a, ap-northeast-2c, ap-northeast-2d); zone names can differ between accounts, so check with `{ASK}` before you deploy",
        ),
    ),
    "nodes: a name that EKS refuses": (
        (("    cpu:\n", "    cpu nodes:\n"),),
        (
            "12: nodeGroups.cpu nodes: 'cpu nodes' is not a node group name; write 1-40 lower-case letters, digits, hyphens and underscores, beginning with a letter",
        ),
    ),
    "nodes: a key that opens nothing": (
        (("max: 3}", "max: 3}\n      keyPair: masters"),),
        (
            "15: nodeGroups.cpu.keyPair: no instance has nodesSsh: true; set it for the bastion, or remove the key pair and use Session Manager",
        ),
    ),
}
