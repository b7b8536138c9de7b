"""The requirements of the source documents, traced to the tests that assert them.

`facts/` lists them as data: 000 is the stack mlflow, 001 nemo, 002 lab, 003 pingvas, 004 openwebui. A fact has an id,
an area, the fact in plain words, the section of the document it comes from, a kind and sometimes a note:

- `must`: the stack shows exactly this, as far as the note does not say otherwise.
- `option`: a setting turns it on.
- `future`: the design leaves room for it.
- `contradiction`: the document disagrees with itself, is out of date or cannot work; the note says what is built.

A test names the facts it asserts: `@pytest.mark.requirement("000-net-01")`. A fact that the stack does not show as its
document states it is recorded in `deviations.yaml` with the reason and the settings that give the document's value; a
test with `@pytest.mark.deviates("001-sto-07")` and the fixture `documented` applies them and asserts the value in the
plan. Where no setting gives it, the record says why, and a test with the mark asserts what the stack has instead. What
is not infrastructure is in `waivers.yaml` with a reason, what waits for an issue in `pending.yaml`. Each fact has one
status. `make requirements` prints them, and `test_coverage.py` fails when a fact has none, or more than one.
"""
