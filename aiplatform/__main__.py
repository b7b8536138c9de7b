"""Entry point of `python -m aiplatform` and of the console script."""

from aiplatform.interrupts import end_at_signals


def main() -> None:
    """Run the command line; an interrupt ends it from its first import on."""
    end_at_signals()
    from aiplatform.cli.main import main as run  # noqa: PLC0415, the imports take time, in which a user can interrupt

    run()


if __name__ == "__main__":
    main()
