"""Tables of options of programs, and the forms of their values."""

from catalog.options import DATA, Form, options
from catalog.vllm_options import VALUES
from tests.each import each

TABLES = sorted(file.stem.removeprefix("options-") for file in DATA.glob("options-*.txt"))
KINDS = {"text", "flag", "json", "bytes", "integer", "number", "one", "any", "some"}
VALID = {
    Form("integer", "1..100"): ("1", "100", "+7"),
    Form("number", "..1"): ("0.5", "-3", "1e-3"),
    Form("one", "yes|no"): ("yes",),
    Form("any", "true|false"): ("True", "FALSE"),
    Form("some", "compact|delete"): ("compact", "compact, delete"),
    Form("json"): ('{"a": 1}', "[]", "1"),
    Form("bytes"): ("64mb", "1G", "100", "5%"),
    Form("text"): ("anything",),
}
INVALID = {
    Form("integer", "1..100"): ("0", "101", "1.5", "one", ""),
    Form("number", "..1"): ("1.1", "half"),
    Form("one", "yes|no"): ("Yes", "true"),
    Form("any", "true|false"): ("1",),
    Form("some", "compact|delete"): ("compact,remove", ""),
    Form("json"): ("{'a': 1}", "image=2"),
    Form("bytes"): ("64Mi", "much"),
}


@each("table", TABLES)
def test_table_has_a_known_form_for_each_option(table: str) -> None:
    assert options(table)
    assert {form.kind for form in options(table).values()} <= KINDS


def test_arguments_of_vllm_have_forms() -> None:
    assert options("vllm-arguments").keys() == VALUES


@each("form", VALID)
def test_valid_value_has_the_form(form: Form) -> None:
    assert [form.wrong(value) for value in VALID[form]] == [None] * len(VALID[form])


@each("form", INVALID)
def test_invalid_value_has_not_the_form(form: Form) -> None:
    assert all(form.wrong(value) for value in INVALID[form])
