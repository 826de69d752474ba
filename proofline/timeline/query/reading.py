"""Reads the parts of a question out of JSON, and says exactly what is wrong with them."""

from __future__ import annotations

import math
import re
from datetime import timedelta
from typing import Any

from proofline.timeline.query.refusing import QuestionError

PLACES = ("property", "context", "event", "person", "account", "source", "kind")
NAMED = ("property", "context", "person", "account")
"""Places that hold several things, so that a name says which."""
OPERATORS: dict[str, tuple[int, int]] = {
    "is": (1, 1),
    "is_not": (1, 1),
    "contains": (1, 1),
    "contains_not": (1, 1),
    "more": (1, 1),
    "less": (1, 1),
    "at_least": (1, 1),
    "at_most": (1, 1),
    "set": (0, 0),
    "not_set": (0, 0),
    "in": (0, 10_000),
}
"""What a filter can ask, and how many values it takes, at least and at most."""
LONGEST = 2_000
DURATION = re.compile(r"(\d{1,9})([smhdw])")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
LONGEST_WINDOW = timedelta(days=3660)


class Reader:
    """One object of a question; `at` is where it stands."""

    def __init__(self, said: Any, at: str = "") -> None:
        """Begin to read.

        Raises:
            QuestionError: it is no object.
        """
        if not isinstance(said, dict):
            raise QuestionError(at or "question", "object")
        self.said: dict[str, Any] = said
        self._at = at
        self._read: set[str] = set()

    def place(self, name: str) -> str:
        """Return where a field stands, from the top."""
        return f"{self._at}.{name}" if self._at else name

    def end(self) -> None:
        """Say that all has been read.

        Raises:
            QuestionError: there is more.
        """
        for name in self.said:
            if name not in self._read:
                raise QuestionError(self.place(str(name)[:100]), "unknown", possible=sorted(self._read))

    def text(self, name: str, *, usual: str = "") -> str:
        """Return a text; what is usual where it is missing or null."""
        found = self._get(name)
        if found is None:
            return usual
        if not isinstance(found, str):
            raise QuestionError(self.place(name), "text")
        return self._short(name, found)

    def one_of(self, name: str, possible: tuple[str, ...], *, usual: str | None = None) -> str:
        """Return one of the possible words."""
        found = self._get(name)
        if found is None and usual is not None:
            return usual
        if not isinstance(found, str) or found not in possible:
            raise QuestionError(
                self.place(name), "missing" if found is None else "choice", possible=possible, given=found
            )
        return found

    def measure(self, name: str, possible: tuple[str, ...]) -> str:
        """Return what to count, or "sum:" or "mean:" with a property's name."""
        found = self.text(name, usual="events")
        how, _colon, of = found.partition(":")
        if found not in possible[:3] and not (how in ("sum", "mean") and of and of != "PROPERTY"):
            raise QuestionError(self.place(name), "choice", possible=possible, given=found)
        return found

    def whole(self, name: str, *, usual: int, least: int, most: int) -> int:
        """Return a whole number."""
        found = self._get(name)
        if found is None:
            return usual
        if isinstance(found, bool) or not isinstance(found, int):
            raise QuestionError(self.place(name), "whole")
        if not least <= found <= most:
            raise QuestionError(self.place(name), "range", possible=[f"{least} … {most}"], given=found)
        return found

    def duration(self, name: str, *, usual: timedelta) -> timedelta:
        """Return a length of time: "30m", "12h", "7d"."""
        found = self.text(name)
        return duration(found, field=self.place(name)) if found else usual

    def part(self, name: str) -> Reader | None:
        """Return an object inside; None where it is missing or null."""
        found = self._get(name)
        return None if found is None else Reader(found, self.place(name))

    def parts(self, name: str, *, most: int) -> list[Reader]:
        """Return the objects of a list."""
        return [Reader(one, f"{self.place(name)}[{place}]") for place, one in enumerate(self._list(name, most=most))]

    def values(self, name: str, op: str) -> tuple[str | int | float | bool, ...]:
        """Return what a filter compares with: as many values as its operator takes."""
        least, most = OPERATORS[op]
        if most == 0:
            self._get(name)
            return ()
        if most > 1 and isinstance(self.said.get(name), list):
            found = self._list(name, most=most)
        else:
            one = self._get(name)
            found = [] if one is None else [one]
            if not found:
                raise QuestionError(self.place(name), "missing")
        for one in found:
            if not isinstance(one, str | int | float) or (isinstance(one, float) and not math.isfinite(one)):
                raise QuestionError(self.place(name), "value")
            self._short(name, str(one) if abs_fits(one) else "9" * (LONGEST + 1))
        if len(found) < least or (op in {"contains", "contains_not"} and found == [""]):
            raise QuestionError(self.place(name), "missing")
        return tuple(found)

    def _get(self, name: str) -> Any:
        self._read.add(name)
        return self.said.get(name)

    def _list(self, name: str, *, most: int) -> list[Any]:
        found = self._get(name)
        if found is None:
            return []
        if not isinstance(found, list):
            raise QuestionError(self.place(name), "list")
        if len(found) > most:
            raise QuestionError(self.place(name), "long", possible=[f"≤ {most}"], given=len(found))
        return found

    def _short(self, name: str, text: str) -> str:
        if len(text) > LONGEST:
            raise QuestionError(self.place(name), "long")
        try:
            text.encode()
        except UnicodeEncodeError:  # half of a surrogate pair
            raise QuestionError(self.place(name), "text") from None
        return text


def abs_fits(value: str | float) -> bool:
    """Tell whether a number can be written as text without much ado."""
    return isinstance(value, str | float) or value.bit_length() <= 1024  # noqa: PLR2004 - as many as a float holds


def duration(text: str, *, field: str = "window") -> timedelta:
    """Return the length of time that a text such as "7d" says; units s, m, h, d, w.

    Raises:
        QuestionError: it says none, or one over ten years.
    """
    found = DURATION.fullmatch(text)
    if not found or not found[1].isascii():
        raise QuestionError(field, "duration", possible=["30m", "12h", "7d", "4w"], given=text)
    length = timedelta(seconds=int(found[1]) * SECONDS[found[2]])
    if not timedelta() < length <= LONGEST_WINDOW:
        raise QuestionError(field, "range", possible=[f"1s … {LONGEST_WINDOW.days}d"], given=text)
    return length
