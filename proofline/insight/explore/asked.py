"""The question as it stands in the address: `?q=` holds it whole, as JSON, so that a link, a reload and Back tell the truth."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlencode

from django.urls import reverse

from proofline.insight.explore.kinds import BACKWARD, KINDS, Kind
from proofline.timeline.query.refusing import QuestionError

if TYPE_CHECKING:
    from django.http import HttpRequest

LONGEST_PK = 18
NUL = "\\u0000"
"""As JSON writes it; no store keeps it."""


@dataclass(frozen=True)
class Asked:
    """A question of one kind, and the saved question that it came from, if any."""

    kind: Kind
    question: dict[str, Any]
    saved: int | None = None

    @property
    def events(self) -> list[dict[str, Any]]:
        """Its events, as far as they can be read."""
        found = self.question.get("events")
        return [event for event in found if isinstance(event, dict)] if isinstance(found, list) else []

    @property
    def is_begun(self) -> bool:
        """Whether as many events are chosen as the kind needs at least."""
        return len(self.events) >= self.kind.least

    @property
    def is_backward(self) -> bool:
        """Whether paths are asked for that lead to an event."""
        return self.kind.key == "paths" and len(self.events) == BACKWARD

    @property
    def whole(self) -> dict[str, Any]:
        """The question with its kind, as the API takes it."""
        return {**self.question, "kind": self.kind.key}

    @property
    def text(self) -> str:
        """The question as the address holds it."""
        return json.dumps(self.question, ensure_ascii=False, separators=(",", ":"))

    @property
    def parameters(self) -> dict[str, str]:
        """What the address carries."""
        carried = {"q": self.text}
        return carried | {"saved": str(self.saved)} if self.saved else carried

    @property
    def path(self) -> str:
        """The address of its page without the question."""
        return reverse(f"insight:page_{self.kind.key}")

    @property
    def csv(self) -> str:
        """The address of its answer as a file."""
        return self.url_of("csv")

    @property
    def save(self) -> str:
        """The address where it is given a name."""
        return f"{reverse('insight:saved_new')}?{urlencode({'kind': self.kind.key, 'q': self.text})}"

    @property
    def url(self) -> str:
        """The address of its page."""
        return self.url_of("page")

    def url_of(self, page: str, **extra: str) -> str:
        """Return the address of one of its pages: "page", "people" or "csv"."""
        name = f"insight:{page}_{self.kind.key}"
        return f"{reverse(name)}?{urlencode(self.parameters | extra)}"

    def pick(self, what: str, **where: Any) -> str:
        """Return the address where the choices for a part of it are offered."""
        return f"{reverse('insight:choices')}?{urlencode({'kind': self.kind.key, 'what': what, **where})}"

    def with_(self, **changes: Any) -> Asked:
        """Return the question with fields set; None takes a field away."""
        merged = self.question | changes
        return replace(self, question={name: value for name, value in merged.items() if value is not None})

    def as_(self, kind: Kind) -> Asked:
        """Return the same events, filters and time asked in another way."""
        kept: dict[str, Any] = {
            name: self.question[name] for name in ("where", "from", "to", "per") if name in self.question
        }
        events = self.events[: 1 if "direction" in kind.choices else kind.most]
        while kind.start and len(events) < kind.least:
            events.append({"event": None})
        chosen = {name: self.question[name] for name in kind.choices & set(self.question)}
        if chosen.get("interval") not in (None, *kind.intervals):
            del chosen["interval"]
        return Asked(kind, {**kind.start, **kept, **chosen, "events": events})


def asked_of(request: HttpRequest, kind: str) -> Asked:
    """Return what the address asks; without `?q=` what the page opens with.

    Raises:
        QuestionError: `q` holds no question.
    """
    saved = request.GET.get("saved", "")
    pk = int(saved) if saved.isascii() and saved.isdigit() and len(saved) <= LONGEST_PK else None
    return Asked(KINDS[kind], read(request.GET.get("q", ""), kind=KINDS[kind]), pk)


def read(text: str, *, kind: Kind) -> dict[str, Any]:
    """Return the question that a text holds.

    Raises:
        QuestionError: it is no JSON object.
    """
    if not text:
        return {"events": [], **kind.start}
    try:
        found = json.loads(text, parse_constant=_refuse)
        json.dumps(found, ensure_ascii=False).encode()  # half a surrogate pair can't be written
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or NUL in text:
        raise QuestionError("q", "object")
    found.pop("kind", None)
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
