"""What a filter, an order or a choice of fields is refused with."""

from __future__ import annotations


class FilterError(ValueError):
    """A condition can't be read. `at` says where it stands, such as `all[1].value`."""

    def __init__(self, message: str, *, at: str = "") -> None:
        super().__init__(message)
        self.at = at
