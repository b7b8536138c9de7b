"""Listener rules keep their places whatever comes and goes beside them."""

from hypothesis import given
from hypothesis import strategies as st

from components.ingress.priorities import LAST, listener_priority

NAMES = st.lists(st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=30), unique=True, max_size=30)
PATHS = st.sampled_from(["/", "/api", "/api/v1", "/api/v1/users", "/a/b/c/d/e/f/g/h/i/j/k"])


def _place(name: str, path: str, *taken: int) -> int:
    return listener_priority(name, "api.example.com", path, taken)


def test_the_place_follows_from_the_name_so_that_a_new_route_moves_no_other() -> None:
    assert _place("prod-user-service", "/") == _place("prod-user-service", "/", 1, 2, 3)


def test_deeper_paths_come_first_or_the_root_would_answer_for_them() -> None:
    places = [_place("same", path) for path in ("/a/b/c", "/a/b", "/a", "/")]
    assert places == sorted(places)
    assert len(set(places)) == 4


def test_two_names_that_fall_on_one_place_get_two() -> None:
    first = _place("mlflow", "/")
    assert _place("mlflow", "/", first) != first


def test_what_takes_every_host_comes_after_all_that_names_one() -> None:
    assert listener_priority("any", None, "/a/b/c/d/e", set()) > _place("named", "/")


@given(NAMES, PATHS)
def test_every_place_is_one_that_aws_takes_and_nobody_else_has(names: list[str], path: str) -> None:
    taken: set[int] = set()
    for name in names:
        place = listener_priority(name, "api.example.com", path, taken)
        assert 1 <= place <= LAST
        assert place not in taken
        taken.add(place)
