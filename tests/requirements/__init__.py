"""The requirements of the source documents, traced to the tests that assert them.

`facts/` lists them as data: 000 is the stack mlflow, 001 nemo, 002 lab, 003 pingvas, 004 openwebui. A fact has an id,
an area, the fact in plain words, the section of the document it comes from, a kind and sometimes a note:

- `must`: the stack shows exactly this, as far as the note does not say otherwise.
- `option`: a setting turns it on.
- `future`: the design leaves room for it.
- `contradiction`: the document disagrees with itself, is out of date or cannot work; the note says what is built.

A test names the facts it asserts: `@pytest.mark.requirement("000-net-01")`. What is not infrastructure stands in
`waivers.yaml` with a reason, what waits for an issue in `pending.yaml`. `make requirements` prints where each stands,
and `test_coverage.py` fails when one of them stands nowhere.
"""
