"""Entry point of `python -m aiplatform`."""

from aiplatform.cli.main import main

if __name__ == "__main__":
    main()
