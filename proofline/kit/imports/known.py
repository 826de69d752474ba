"""Known values that a column refers to: the names of accounts, products, colleagues."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from proofline.kit.text import Matcher, fold

if TYPE_CHECKING:
    from collections.abc import Iterable


class Known:
    """A list of known names, each with the id of its record. `codes` are other words that lead to a record: ids, e-mails."""

    def __init__(self, names: Iterable[tuple[str, int]], *, codes: Iterable[tuple[str, int]] = ()) -> None:
        self.names = dict[str, str]()
        self.ids = dict[str, int]()
        self.twice = Counter[str]()
        self._matcher: Matcher | None = None
        for code, pk in codes:
            self.ids[fold(code)] = pk
        for name, pk in names:
            self.add(name, pk)

    def add(self, name: str, pk: int) -> None:
        """Make a name known."""
        key = fold(name)
        if key in self.names and self.ids[key] != pk:
            self.twice[key] += 1
        self.names[key] = name
        self.ids[key] = pk
        self._matcher = None

    def find(self, name: str) -> int | None:
        """Return the id of the record of that name, whatever its case and spacing; None where there is none."""
        return self.ids.get(fold(name))

    def is_ambiguous(self, name: str) -> bool:
        """Tell whether several records have that name."""
        return self.twice[fold(name)] > 0

    def suggest(self, name: str) -> str | None:
        """Return the known name that was probably meant."""
        if self._matcher is None:
            self._matcher = Matcher(self.names.values())
        return self._matcher.nearest(name)
