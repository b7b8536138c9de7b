"""`python -m aiplatform`."""

from aiplatform.cli import main

if __name__ == "__main__":
    main()
