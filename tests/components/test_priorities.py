"""Priorities of listener rules do not depend on other rules."""

from hypothesis import given
from hypothesis import strategies as st

from components.ingress.priorities import LAST, listener_priority

NAMES = st.lists(st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=30), unique=True, max_size=30)
PATHS = st.sampled_from(["/", "/api", "/api/v1", "/api/v1/users", "/a/b/c/d/e/f/g/h/i/j/k"])


def _place(name: str, path: str, *taken: int) -> int:
    return listener_priority(name, "api.example.com", path, taken)


def test_priority_depends_on_the_name_only() -> None:
    # A new route must not move another.
    assert _place("prod-user-service", "/") == _place("prod-user-service", "/", 1, 2, 3)


def test_priority_of_deeper_paths_is_higher() -> None:
    # The root path would match first.
    places = [_place("same", path) for path in ("/a/b/c", "/a/b", "/a", "/")]
    assert places == sorted(places)
    assert len(set(places)) == 4


def test_priority_collision_is_resolved() -> None:
    first = _place("mlflow", "/")
    assert _place("mlflow", "/", first) != first


def test_priority_of_rules_without_a_host_is_lowest() -> None:
    assert listener_priority("any", None, "/a/b/c/d/e", set()) > _place("named", "/")


@given(NAMES, PATHS)
def test_priority_is_unique_and_within_the_range_of_aws(names: list[str], path: str) -> None:
    taken: set[int] = set()
    for name in names:
        place = listener_priority(name, "api.example.com", path, taken)
        assert 1 <= place <= LAST
        assert place not in taken
        taken.add(place)
