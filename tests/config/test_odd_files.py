"""Malformed files: refused with the line, or read as YAML specifies."""
# ruff: noqa: E501, RUF001, the expected lines stand here whole, and some mistakes are odd letters

from pathlib import Path
from time import process_time

import pytest

from tests.config.base import BASE, edited, load, mistakes
from tests.each import each


def alias_bomb() -> str:
    """A list of nine aliases of a list of nine aliases, eight times: 43 million values in 400 bytes."""
    levels = (
        f"  a:{new}: &{new} [{', '.join(['*' + old] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    return "config:\n  a:x: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(levels)


def merge_bomb() -> str:
    """The same with maps that merge each other."""
    levels = (
        f"  a:{new}: &{new} {{<<: [{', '.join(['*' + old] * 9)}]}}\n"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    return "config:\n  a:x: &a {k: 1}\n" + "".join(levels)


# fmt: off, one row an oddity
ODDITIES: dict[str, tuple[str | bytes, tuple[str, ...]]] = {
    "an empty file": ("", ("1: is empty; begin with `config:` and below it `ai-platform:project:`",)),
    "comments alone": (
        "# nothing yet\n",
        ("1: is empty; begin with `config:` and below it `ai-platform:project:`",),
    ),
    "an empty document": (
        "---\n",
        ("1: is empty; begin with `config:` and below it `ai-platform:project:`",),
    ),
    "a single word": ("hello\n", ("1: is not a stack file; it must begin with `config:`",)),
    "a list": ("- a\n", ("1: is not a stack file; it must begin with `config:`",)),
    "no config": ("secretsprovider: passphrase\n", ("1: config: is missing",)),
    "config without a value": ("\n\nconfig:\n", ("3: config: is not a map; add the sections below it",)),
    "config as a list": ("config: [a]\n", ("1: config: is not a map; add the sections below it",)),
    "no YAML: a bracket that never closes": (
        "config: [\n",
        ("2: invalid YAML: while parsing a flow node expected the node content, but found '<stream end>'",),
    ),
    "no YAML: two documents": (
        BASE + "---\n" + BASE,
        ("27: invalid YAML: expected a single document in the stream but found another document",),
    ),
    "no YAML: a tab": (
        edited(("    name: shop", "\tname: shop")),
        ("3: invalid YAML: while scanning for the next token found character '\\t' that cannot start any token",),
    ),
    "no YAML: an alias to nothing": (
        edited(("artifacts: {}", "artifacts: *nowhere")),
        ("22: invalid YAML: found undefined alias 'nowhere'",),
    ),
    "no YAML: a control character": (BASE + "\x01", ("27: invalid YAML: it contains the character U+0001",)),
    "no YAML: a version to come": (
        "%YAML 3.0\n---\n" + BASE,
        ("1: invalid YAML: found incompatible YAML document (version 1.* is required)",),
    ),
    "no YAML: nested beyond the parser": (
        edited(("artifacts: {}", "artifacts: " + "[" * 5000 + "]" * 5000)),
        ("1: invalid YAML: nested too deep",),
    ),
    "no UTF-8": (BASE.encode() + b"# caf\xe9\n", ("27: is not UTF-8 text, at byte 608",)),
    "UTF-16": (BASE.encode("utf-16"), ("1: is not UTF-8 text, at byte 0",)),
    "an encrypted value": (
        edited(("cidr: 10.0.0.0/16", "cidr: {secure: v1:abc}")),
        (
            "7: network.cidr: is encrypted and cannot be read without the stack's key; store the value in Secrets Manager and add it to the section secrets",
        ),
    ),
    "an encrypted section": (
        BASE + "  ai-platform:secrets: {secure: v1:abc}\n",
        (
            "27: secrets: is encrypted and cannot be read without the stack's key; store the value in Secrets Manager and add it to the section secrets",
        ),
    ),
    "an encrypted value of a provider": (
        BASE + "  aws:secretKey: {secure: v1:abc}\n",
        (
            "27: aws:secretKey: is encrypted and cannot be read without the stack's key; store the value in Secrets Manager and add it to the section secrets",
        ),
    ),
    "an encrypted value below an unknown key": (
        BASE + "  ai-platform:netwrk: {a: {secure: v1:abc}}\n",
        (
            "27: netwrk.a: is encrypted and cannot be read without the stack's key; store the value in Secrets Manager and add it to the section secrets",
            "27: netwrk: unknown key; did you mean network?",
        ),
    ),
    "a key three times": (
        edited(("    name: shop\n", "    name: shop\n    name: a\n    name: b\n")),
        (
            "4: project: duplicate key name, first in line 3; remove one",
            "5: project: duplicate key name, first in line 3; remove one",
        ),
    ),
    "a section twice": (
        BASE + "  ai-platform:buckets: {}\n",
        ("27: duplicate key ai-platform:buckets, first in line 21; remove one",),
    ),
    "config twice": (BASE + "config: {}\n", ("27: duplicate key config, first in line 1; remove one",)),
    "a key twice does not hide other mistakes": (
        edited(("    zones", "    cidr: 10.1.0.0/16\n    zones"), ("us-west-2b", "us-east-1b")),
        (
            "8: network: duplicate key cidr, first in line 7; remove one",
            "9: network.zones[1]: us-east-1b is not a zone of us-west-2; use us-west-2b, or change project.region",
        ),
    ),
    "nesting without end": (
        edited(("artifacts: {}", "artifacts: " + "{a: " * 60 + "1" + "}" * 60)),
        (
            "22: buckets.artifacts.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a: is nested more than 40 levels deep",
            "22: buckets.artifacts.a: unknown key; choose existing, name, versioning, encryption, kmsKeyArn, lifecycle, replicateTo, replicaName or keepObjects",
        ),
    ),
    "a list that contains itself": (
        edited(("artifacts: {}", "artifacts: &a {x: [*a, *a]}")),
        (
            "22: buckets.artifacts.x: unknown key; choose existing, name, versioning, encryption, kmsKeyArn, lifecycle, replicateTo, replicaName or keepObjects",
            "22: buckets.artifacts.x[0]: contains itself; remove the alias",
            "22: buckets.artifacts.x[1]: contains itself; remove the alias",
        ),
    ),
    "a map that merges itself": (
        edited(("artifacts: {}", "artifacts: &a {<<: *a}")),
        ("22: buckets.artifacts: merges a value that is not a map; correct the <<",),
    ),
    "merging what is no map": (
        edited(("artifacts: {}", "artifacts: {<<: 5}")),
        ("22: buckets.artifacts: merges a value that is not a map; correct the <<",),
    ),
    "an alias bomb": (alias_bomb(), ("1: has more than 20000 values with aliases expanded; remove aliases",)),
    "a merge bomb": (merge_bomb(), ("1: has more than 20000 values with aliases expanded; remove aliases",)),
    "an integer of 5,000 digits": (
        edited(("min: 1", "min: " + "9" * 5000)),
        ("14: nodeGroups.cpu.scaling.min: '999999999999999999999999999999...' cannot be read as int",),
    ),
    "a hexadecimal integer of 9,000 digits": (
        edited(("min: 1", "min: 0x" + "F" * 9000)),
        (
            "14: nodeGroups.cpu.scaling.min: 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFF... exceeds 64 bits; use a smaller number, or a string in quotes",
        ),
    ),
    "an integer beyond 64 bits": (
        edited(("min: 1", "min: 9223372036854775808")),
        (
            "14: nodeGroups.cpu.scaling.min: 9223372036854775808 exceeds 64 bits; use a smaller number, or a string in quotes",
        ),
    ),
    "not a number": (
        edited(("min: 1", "min: .nan")),
        ("14: nodeGroups.cpu.scaling.min: .nan is not a finite number; use a number, or a string in quotes",),
    ),
    "infinity": (
        edited(("min: 1", "min: -.inf")),
        ("14: nodeGroups.cpu.scaling.min: -.inf is not a finite number; use a number, or a string in quotes",),
    ),
    "a float beyond all": (
        edited(("min: 1", "min: 1.0e+999")),
        ("14: nodeGroups.cpu.scaling.min: 1.0e+999 is not a finite number; use a number, or a string in quotes",),
    ),
    "a tag that does not fit": (
        edited(("min: 1", "min: !!int one")),
        ("14: nodeGroups.cpu.scaling.min: 'one' cannot be read as int",),
    ),
    "a tag without a value": (
        edited(("min: 1", "min: !!int ''")),
        ("14: nodeGroups.cpu.scaling.min: '' cannot be read as int",),
    ),
    "a leading zero": (
        edited(("min: 1", "min: 010")),
        (
            "14: nodeGroups.cpu.scaling.min: 010 begins with a zero and is octal in YAML 1.1; write 10, or '010' for a string",
        ),
    ),
    "a leading zero of an account id": (
        edited(("    region", "    accountId: 012345678901\n    region")),
        (
            "5: project.accountId: 012345678901 begins with a zero and is octal in YAML 1.1; write 12345678901, or '012345678901' for a string",
        ),
    ),
    "yes for true": (
        edited(("public: false", "public: yes")),
        ("10: cluster.endpoint.public: 'yes' is a string; write true or false",),
    ),
    "on for true": (
        edited(("public: false", "public: on")),
        ("10: cluster.endpoint.public: 'on' is a string; write true or false",),
    ),
    "a date for a name": (
        edited(("environment: test", "environment: 2026-11-21")),
        (
            "4: project.environment: '2026-11-21' is not an environment name; write 1-20 lower-case letters, digits and hyphens, like production",
        ),
    ),
    "a key that is a number": (BASE + "  1: x\n", ("27: 1: has no namespace; write it as ai-platform:1",)),
    "a key that is a list": (BASE + "  ? [a, b]\n  : c\n", ("27: has a key that is not a string; use a string",)),
    "an empty key": (BASE + "  '': x\n", ("27: has no namespace; write it as ai-platform:",)),
    "a section without a name": (
        BASE + "  'ai-platform:': x\n",
        (
            "27: unknown key; choose project, network, cluster, nodeGroups, nodePools, addons, charts, images, schedules, scheduler, databases, auroraClusters, caches, fileSystems, buckets, repositories, secrets, instances, tls, ingress, accessLogs, priorityClasses, applications, environments, kubeflow, tenants, monitoring, alarms, gitops, backups, workloads, costs or findings",
        ),
    ),
    "a line break in a key": (BASE + '  "a\\nb": c\n', ("27: a\\nb: has no namespace; write it as ai-platform:a\\nb",)),
    "a line break in a value": (
        edited(("cidr: 10.0.0.0/16", 'cidr: "a\\n/b"')),
        ("7: network.cidr: 'a\\n/b' is not a network; write address/prefix, like 10.0.4.0/24",),
    ),
    "half of a surrogate pair": (
        edited(("name: shop", 'name: "\\ud800"')),
        ("3: project.name: has half of a surrogate pair, which is not a valid character; write the character itself",),
    ),
    "half of a surrogate pair in a key": (
        BASE + '  "\\ud800": c\n',
        ("27: has a key that is not a string; use a string",),
    ),
    "digits of another script": (
        edited(("    region", "    accountId: '１２３４５６７８９０１２'\n    region")),
        ("5: project.accountId: '１２３４５６７８９０１２' is not an AWS account ID; write 12 digits in quotes",),
    ),
    "a version of a thousand digits": (
        edited(('"17"', '"17.' + "9" * 5000 + '"')),
        (
            "18: databases.runs.engineVersion: '17.9999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999...' is not an engine version; write it in quotes like '17' or '8.4'",
        ),
    ),
    "a netmask": (
        edited(("10.0.0.0/16", "10.0.0.0/255.255.0.0")),
        ("7: network.cidr: '10.0.0.0/255.255.0.0' is not a network; write address/prefix, like 10.0.4.0/24",),
    ),
    "null for an ingress": (
        BASE + "  ai-platform:ingress: null\n",
        ("27: ingress: is empty; write a map, one `key: value` per line",),
    ),
    "null for a section of names": (
        BASE + "  ai-platform:secrets: ~\n",
        ("27: secrets: is empty; write a map, one `key: value` per line",),
    ),
    "null for a required section": (
        edited(("  ai-platform:cluster:\n    endpoint: {public: false}\n", "  ai-platform:cluster:\n")),
        ("9: cluster: is empty; write a map, one `key: value` per line",),
    ),
}
# fmt: on


@each("oddity", ODDITIES)
def test_malformed_file_is_refused_with_its_line_in_bounded_time(oddity: str, tmp_path: Path) -> None:
    text, expected = ODDITIES[oddity]
    start = process_time()
    assert mistakes(tmp_path, text) == expected
    assert process_time() - start < 5


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("\ufeff" + BASE, id="a byte order mark"),
        pytest.param(BASE.replace("\n", "\r\n"), id="line ends of Windows"),
        pytest.param("\n\n# a comment\n---\n" + BASE + "...\n", id="comments and document marks"),
        pytest.param("secretsprovider: passphrase\nencryptionsalt: v1:abc\n" + BASE, id="what the Pulumi CLI adds"),
        pytest.param("%YAML 1.1\n---\n" + BASE, id="an older version of YAML"),
        pytest.param(
            BASE.replace("name: shop", "name: &n shop").replace("name: &n shop", "name: &n 'shop'"), id="an anchor"
        ),
    ],
)
def test_additions_of_editors_and_tools_change_nothing(content: str, tmp_path: Path) -> None:
    assert load(tmp_path, content) == load(tmp_path, BASE)


def test_windows_line_endings_do_not_move_lines(tmp_path: Path) -> None:
    text = edited(("min: 1", "min: one")).replace("\n", "\r\n")
    assert mistakes(tmp_path, text) == (
        "14: nodeGroups.cpu.scaling.min: 'one' is a string; write an integer without quotes",
    )


def test_anchors_aliases_and_merge_keys_follow_the_yaml_specification(tmp_path: Path) -> None:
    text = edited(
        ("    runs:\n", "    runs: &runs\n"),
        (
            "  ai-platform:buckets",
            "    two: {databaseName: two, <<: *runs}\n    three: {<<: [{databaseName: three}, *runs]}\n  ai-platform:buckets",
        ),
    )
    databases = load(tmp_path, text).settings.databases
    assert {name: (database.engine, database.database_name) for name, database in databases.items()} == {
        "runs": ("postgres", "mlflow"),
        "two": ("postgres", "two"),
        "three": ("postgres", "three"),
    }


def test_error_in_an_anchor_is_located_at_its_definition(tmp_path: Path) -> None:
    text = edited(
        ("min: 1", "min: one"),
        ("scaling: {", "scaling: &s {"),
        ("  ai-platform:databases", "    more: {instanceTypes: [t3.large], scaling: *s}\n  ai-platform:databases"),
    )
    assert [line.split(": ")[:2] for line in mistakes(tmp_path, text)] == [
        ["14", "nodeGroups.cpu.scaling.min"],
        ["14", "nodeGroups.more.scaling.min"],
    ]


@pytest.mark.parametrize("written", ["2026-11-21", "12:30", "0x1g", "1.2.3", "yes", "off", "1e", "=", "n"])
def test_ambiguous_text_stays_text(written: str, tmp_path: Path) -> None:
    text = edited(("    region", f"    tags: {{Note: {written}}}\n    region"))
    assert load(tmp_path, text).settings.project.tags == {"Note": written}
