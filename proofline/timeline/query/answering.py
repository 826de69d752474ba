"""What an answer is: rows for a table and a file, series for a chart."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proofline.timeline.query.question import Question

Cell = str | int | float | None
Table = tuple[list[str], list[list[Any]]]


@dataclass(frozen=True)
class Line:
    """One series of a chart: a name, and a value for each x. `at` leads to the people behind its points."""

    name: str
    points: list[tuple[Any, float | None]]
    at: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer(ABC):
    """The answer to a question. `unit` is what its numbers count: "events", "people", "accounts", "subjects", "seconds" or a property's name."""

    question: Question
    unit: str

    @abstractmethod
    def table(self) -> Table:
        """Return the names of the columns and the rows."""

    def lines(self) -> list[Line]:
        """Return what a chart draws."""
        return []

    def as_json(self) -> dict[str, Any]:
        """Return the answer as the API gives it."""
        names, rows = self.table()
        series = [
            {"name": line.name, "points": [[plain(x), y] for x, y in line.points], "at": line.at}
            for line in self.lines()
        ]
        return {
            "kind": self.question.kind,
            "unit": self.unit,
            "columns": names,
            "rows": [[plain(value) for value in row] for row in rows],
            "series": series,
        }


UNITS = {"person": "people", "account": "accounts", "subject": "subjects"}


def unit_of(question: Question) -> str:
    """Return what an answer counts that counts what the question is asked `per`."""
    return UNITS[question.per]


def plain(value: Any) -> Cell:
    """Return a value of a table as JSON has it."""
    return value.isoformat() if isinstance(value, date | datetime) else value
