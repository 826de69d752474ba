"""The append-only event stream; see README.md."""


def rebuild() -> int:
    """Recreate the columnar store from archive and inbox; see `rebuilding.rebuild`."""
    from proofline.timeline import rebuilding  # noqa: PLC0415 - needs Django's models

    return rebuilding.rebuild()
