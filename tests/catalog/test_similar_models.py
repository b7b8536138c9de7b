"""A mistyped model suggests one of its family, and never another family."""

from catalog.models import similar_model
from tests.each import each


@each(
    ("name", "similar"),
    [
        ("Qwen/Qwen3-9B", "Qwen/Qwen3-8B"),
        ("Qwen/Qwne3-8B", "Qwen/Qwen3-8B"),
        ("Qwen/Qwen2.5-7B-Instuct", "Qwen/Qwen2.5-7B-Instruct"),
        ("meta-llama/Llama-3-8B-Instruct", "meta-llama/Meta-Llama-3-8B-Instruct"),
        ("mistralai/Mixtral-8x7B-v0.2", "mistralai/Mixtral-8x7B-v0.1"),
        ("google/gemma-3-8b", "google/gemma-3-4b-it"),
        ("meta-lama/Llama-3.1-8B", "meta-llama/Llama-3.1-8B"),
        # Other versions and families, whose figures are others.
        ("Qwen/Qwen3.5-7B", None),
        ("Qwen/Qwen2-7B-Instruct", None),
        ("meta-llama/Llama-2-7b-hf", None),
        ("meta-llama/Llama-4-8B", None),
        ("google/gemma-4-4b", None),
        ("microsoft/phi-3-8b", None),
        ("", None),
    ],
)
def test_suggested_model_is_of_the_same_family_and_version(name: str, similar: str | None) -> None:
    assert similar_model(name) == similar
