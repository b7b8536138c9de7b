"""Prints vllm-options.json, from the parser of the vLLM that is installed: after a change of its version.

Without a GPU, in its image: `docker run --rm -i --entrypoint python3 <image> - < tests/components/vllm_options.py`
"""
# mypy: ignore-errors

import json
import sys
from importlib.metadata import version


def main() -> None:
    """Print the options."""
    from vllm import platforms
    from vllm.platforms.interface import Platform, PlatformEnum

    class Anywhere(Platform):
        _enum, device_name, device_type, dispatch_key = PlatformEnum.CUDA, "cuda", "cuda", "CUDA"

    # Its defaults ask which GPU there is; its options do not depend on it.
    platforms._current_platform = Anywhere()

    from vllm.entrypoints.common.cli_args import make_arg_parser
    from vllm.utils.argparse_utils import FlexibleArgumentParser

    found = {}
    for action in make_arg_parser(FlexibleArgumentParser())._actions:
        for option in action.option_strings:
            if option.startswith("--"):
                found[option.removeprefix("--")] = list(map(str, action.choices or ())) or action.nargs != 0
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(found[name])}" for name in sorted(found))
    source = "what vLLM's own parser takes: each option with whether it has a value, and with its choices"
    sys.stdout.write(
        f'{{\n "version": "{version("vllm")}",\n "source": "{source}",\n "options": {{\n{lines}\n }}\n}}\n'
    )


if __name__ == "__main__":
    main()
