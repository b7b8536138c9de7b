"""Names of tests: `test_<subject>_<rule>[_<condition>]`, as CONTRIBUTING.md requires."""

import ast
import re
from collections import Counter
from functools import cache

from tests.config.base import ROOT

LONGEST = 80

# A name begins with its subject and uses the words of the AWS and Kubernetes documentation. A reason is a comment.
ARTICLES = ("a", "an", "the")
BANNED = (
    *("anybody", "everybody", "nobody", "somebody", "whatever", "whoever", "whom", "person", "people", "thing"),
    *("asks", "hears", "lies", "says", "speaks", "stands", "tells", "told", "sleeps", "asleep", "wakes", "awake"),
    *("because", "so_that", "or_it_would", "at_the_least", "at_the_most", "the_own", "entrance", "doors"),
)


@cache
def names() -> list[tuple[str, str]]:
    """Every test function of the tests, with its file."""
    return [
        (file.relative_to(ROOT).as_posix(), node.name)
        for file in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]


def faults(name: str) -> list[str]:
    """What is wrong with a name, none where it follows the rules."""
    words = f"_{name.removeprefix('test_')}_"
    found = [f"{len(name)} characters"] if len(name) > LONGEST else []
    found += [f"begins with {word!r}" for word in ARTICLES if words.startswith(f"_{word}_")]
    return found + [f"has {word!r}" for word in BANNED if f"_{word}_" in words]


def test_name_faults_are_length_article_and_banned_words() -> None:
    assert faults("test_volume_is_encrypted") == []
    assert faults("test_" + "a" * 76) == ["81 characters"]
    assert faults("test_a_volume_stands_in_a_zone_because_it_is_zonal") == [
        "begins with 'a'",
        "has 'stands'",
        "has 'because'",
    ]
    assert faults("test_understands_units") == [], "words are whole"


def test_names_of_tests_follow_the_rules() -> None:
    assert len(names()) > 1000
    assert {f"{file}: {name}": wrong for file, name in names() if (wrong := faults(name))} == {}


def test_names_of_tests_are_unique_in_their_file() -> None:
    assert [one for one, count in Counter(names()).items() if count > 1] == []
    assert all(re.fullmatch(r"test_[a-z0-9_]+", name) for _, name in names())
