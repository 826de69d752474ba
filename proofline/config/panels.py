"""Which room's panel stands on which page: one readable table. See `kit/WEB.md` for the slots."""

from __future__ import annotations


def register_all() -> None:
    """Put every room's panels into their slots."""
