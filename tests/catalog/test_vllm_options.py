"""The table of vLLM's options, against its own parser."""

import json
from collections import Counter
from pathlib import Path

import pytest

from catalog.versions import VLLM_IMAGE
from catalog.vllm_options import FIGURES, FLAGS, KNOWN, TAKEN, VALUES, VERSION, longer, spelled

PARSER = json.loads((Path(__file__).parents[1] / "components" / "vllm-options.json").read_text(encoding="utf-8"))


def test_table_is_that_of_the_pinned_version() -> None:
    assert PARSER["version"] == VERSION
    assert VLLM_IMAGE.endswith(f":v{VERSION}")


def test_every_option_is_in_exactly_one_table() -> None:
    found = Counter([*(option for taken in TAKEN for option in taken.options), *FIGURES, *VALUES, *FLAGS])
    assert [option for option, number in found.items() if number > 1] == []
    assert set(found) == set(PARSER["options"]) == KNOWN


def test_flags_take_no_value_and_values_take_one() -> None:
    assert [option for option in FLAGS if PARSER["options"][option]] == []
    assert [option for option in VALUES if not PARSER["options"][option]] == []


@pytest.mark.parametrize(
    ("argument", "option"),
    [
        ("--max-model-len=1", "max-model-len"),
        ("--max_model_len=1", "max-model-len"),
        ("--speculative-config.model=a/b_c", "speculative-config"),
        ("--no-enable-lora", "disable-lora"),
        ("--no_disable_hybrid_kv_cache_manager", "enable-hybrid-kv-cache-manager"),
        ("--no-enforce-eager", "no-enforce-eager"),
    ],
)
def test_option_is_spelled_as_the_parser_reads_it(argument: str, option: str) -> None:
    assert spelled(argument) == option
    assert option in KNOWN


def test_abbreviation_of_an_option_is_found() -> None:
    assert longer("max-lora-r") == ("max-lora-rank",)
    assert longer("max-loras") == ()
    assert longer("nothing") == ()
