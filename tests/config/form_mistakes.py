"""Invalid values of file format, keys and types: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "an unknown key gets the nearest one": (
        (("    zones: [us-west-2a, us-west-2b]\n", "    zones: [us-west-2a, us-west-2b]\n    natt: single\n"),),
        ("9: network.natt: unknown key; did you mean nat?",),
    ),
    "an unknown key unlike any gets the choices": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false, colour: red}\n"),),
        ("10: cluster.endpoint.colour: unknown key; choose public, private, publicCidrs or privateCidrs",),
    ),
    "an unknown section gets the nearest one": (
        (("", "  ai-platform:bucket: {}\n"),),
        ("27: bucket: unknown key; did you mean buckets?",),
    ),
    "snake case is no key of a stack file": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    service_cidr: 172.20.0.0/16\n"),),
        ("11: cluster.service_cidr: unknown key; did you mean serviceCidr?",),
    ),
    "a key without the namespace": (
        (("", "  network: {}\n"),),
        ("27: network: has no namespace; write it as ai-platform:network",),
    ),
    "a section beside config": (
        (("", "network: {}\n"),),
        (
            "27: network: unknown key of a stack file; choose config, environment, secretsprovider, encryptedkey or encryptionsalt",
        ),
    ),
    "a missing value": (
        (("    region: us-west-2\n", ""),),
        ("2: project.region: is missing; write it like region: us-west-2",),
    ),
    "a missing section": (
        (("  ai-platform:cluster:\n    endpoint: {public: false}\n", ""),),
        ("2: cluster: is missing; write it with endpoint",),
    ),
    "an empty section": (
        (("  ai-platform:cluster:\n    endpoint: {public: false}\n", "  ai-platform:cluster:\n"),),
        ("9: cluster: is empty; write a map, one `key: value` per line",),
    ),
    "text for a number": (
        (("min: 1", "min: '1'"),),
        ("14: nodeGroups.cpu.scaling.min: '1' is a string; write an integer without quotes",),
    ),
    "a number for text": (
        (('"17"', "17"),),
        ("18: databases.runs.engineVersion: 17 is not a string; write it in quotes: '17'",),
    ),
    "a number for text keeps its zeros": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    version: 1.30\n"),),
        ("11: cluster.version: 1.30 is not a string; write it in quotes: '1.30'",),
    ),
    "a fraction for a whole number": (
        (("min: 1", "min: 1.5"),),
        ("14: nodeGroups.cpu.scaling.min: 1.5 is not an integer; write an integer",),
    ),
    "text for a truth value": (
        (("public: false", "public: no"),),
        ("10: cluster.endpoint.public: 'no' is a string; write true or false",),
    ),
    "a truth value for text": (
        (("environment: test", "environment: true"),),
        ("4: project.environment: true is not a string; write it in quotes: 'true'",),
    ),
    "text for a map": (
        (("    endpoint: {public: false}\n", "    endpoint: private\n"),),
        ("10: cluster.endpoint: 'private' is a string; write a map, one `key: value` per line",),
    ),
    "text for a list": (
        (("[t3.large]", "t3.large"),),
        ("13: nodeGroups.cpu.instanceTypes: 't3.large' is a string; write a list, each item after a hyphen",),
    ),
    "a map for a list": (
        (("[t3.large]", "{a: b}"),),
        ("13: nodeGroups.cpu.instanceTypes: is a map; write a list, each item after a hyphen",),
    ),
    "an empty list": ((("[t3.large]", "[]"),), ("13: nodeGroups.cpu.instanceTypes: has 0 items; the minimum is 1",)),
    "too many items": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b, us-west-2c, us-west-2d, us-west-2e]\n",
            ),
        ),
        ("8: network.zones: has more than 4 items; remove some",),
    ),
    "a number below the least": (
        (("min: 1", "min: -1"),),
        ("14: nodeGroups.cpu.scaling.min: -1 is too small; the minimum is 0",),
    ),
    "a number above the most": (
        (("max: 3", "max: 451"),),
        ("14: nodeGroups.cpu.scaling.max: 451 is too large; the maximum is 450",),
    ),
    "no choice of a list": (
        (("    zones: [us-west-2a, us-west-2b]\n", "    zones: [us-west-2a, us-west-2b]\n    nat: perzone\n"),),
        ("9: network.nat: 'perzone' is not one of perZone, single, none; did you mean perZone?",),
    ),
    "no choice of a list of numbers": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    flowLogs: {aggregationSeconds: 61}\n",
            ),
        ),
        ("9: network.flowLogs.aggregationSeconds: 61 is not one of 60, 600",),
    ),
    "a retention that CloudWatch lacks": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    logging: {retentionDays: 31}\n"),),
        (
            "11: cluster.logging.retentionDays: 31 days is not a retention of CloudWatch Logs; choose 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653",
        ),
    ),
    "an empty text": (
        (("", "  ai-platform:secrets: {token: {description: ''}}\n"),),
        ("27: secrets.token.description: is empty; set a value",),
    ),
    "a name with capitals": (
        (
            ("    artifacts: {}", "    Artifacts: {}"),
            ("bucket: artifacts", "bucket: Artifacts"),
        ),
        (
            "22: buckets.Artifacts: 'Artifacts' is not a valid name; write 1-40 lower-case letters, digits and hyphens, beginning with a letter",
            "26: workloads.mlflow.bucket: 'Artifacts' is not a valid name; write 1-40 lower-case letters, digits and hyphens, beginning with a letter",
        ),
    ),
    "a duplicate name": (
        (("    artifacts: {}", "    artifacts: {}\n    artifacts: {}"),),
        ("23: buckets: duplicate key artifacts, first in line 22; remove one",),
    ),
}
# fmt: on
