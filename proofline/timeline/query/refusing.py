"""What is wrong with a question: which field, what, and what would be possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from collections.abc import Iterable

PROBLEMS: dict[str, Any] = {
    "missing": gettext_lazy("is missing"),
    "unknown": gettext_lazy("is nothing that a question has"),
    "object": gettext_lazy("has to be an object"),
    "list": gettext_lazy("has to be a list"),
    "text": gettext_lazy("has to be a text"),
    "whole": gettext_lazy("has to be a whole number"),
    "value": gettext_lazy("has to be a text, a number, true or false"),
    "choice": gettext_lazy("can't be that"),
    "long": gettext_lazy("is too long"),
    "range": gettext_lazy("is out of range"),
    "time": gettext_lazy("is no time"),
    "duration": gettext_lazy("is no length of time"),
    "ends": gettext_lazy("ends before it begins"),
    "future": gettext_lazy("lies in the future"),
    "fine": gettext_lazy("is too short for such a long time"),
    "few": gettext_lazy("needs more events"),
    "many": gettext_lazy("takes fewer events"),
    "compared": gettext_lazy("can't be compared by size"),
    "field": gettext_lazy("is no field that can be asked for"),
    "cell": gettext_lazy("is no part of the answer"),
}


class QuestionError(ValueError):
    """A question that can't be asked: `field` is where, as in `events[0].where[1].op`; `possible` what could stand there."""

    def __init__(self, field: str, problem: str, *, possible: Iterable[object] = (), given: object = None) -> None:
        self.field = field
        self.problem = str(PROBLEMS[problem])
        self.possible = [str(one) for one in possible]
        self.given = None if given is None else str(given)[:100]
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        parts = {"field": self.field, "problem": self.problem, "given": self.given}
        said = _("%(field)s %(problem)s") if self.given is None else _("%(field)s %(problem)s: “%(given)s”")
        said %= parts
        if self.possible:
            return _("%(said)s. Possible: %(possible)s.") % {"said": said, "possible": ", ".join(self.possible)}
        return f"{said}."
