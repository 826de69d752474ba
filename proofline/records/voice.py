"""The company's voice in what customers read: the words of a record's texts that we avoid, replaced by the record's own verb.

`config/voice.py` lists the records; `{% voice record %}` shows the hints, and `views.voice.rewording` replaces. Where the texts stand in a form,
`forms.voice` does it with what was typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from proofline.records.models import Wording
from proofline.records.models.wordings import replaced

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model

    from proofline.records.models.wordings import Hint

PLACES = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})", re.DOTALL)
"""What is filled in when a text is sent, such as {{ contact }}: no words of ours."""
HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Spoken:
    """Records with texts that customers read."""

    model: type[Model]
    fields: tuple[str, ...]
    address: str
    """The name of the address that replaces a word in them."""
    change: Callable[..., object]
    """The verb: takes the record, `by`, `now` and the texts by field."""
    may_change: Callable[[Any], bool] = bool
    """Whether a record's texts may still change."""
    refusals: tuple[type[Exception], ...] = ()
    """What the verb raises beside ValidationError when it does not change them."""

    def hints(self, record: Any) -> list[Hint]:
        """Return the words that we avoid, each once; none where the texts stand for good."""
        if not self.may_change(record):
            return []
        return hints_in("\n".join(getattr(record, name) for name in self.fields), language=record.language)

    def reworded(self, record: Any, *, found: str) -> dict[str, str]:
        """Return the texts, by field, in which a word gave way to what we write instead; none where we do not avoid it."""
        hint = next((one for one in self.hints(record) if one.found == found), None)
        if hint is None:
            return {}
        texts = {name: reworded(getattr(record, name), hint) for name in self.fields}
        return {name: text for name, text in texts.items() if text != getattr(record, name)}


def hints_in(text: str, *, language: str = "") -> list[Hint]:
    """Return the words of a text that we avoid, each once; it is in Chinese if it has Chinese characters, where its language is not told."""
    said = PLACES.sub(" ", text)
    return Wording.objects.hints(said, language=language or ("zh-hans" if HAN.search(said) else "en"))


def reworded(text: str, hint: Hint) -> str:
    """Return a text that says what we write instead, outside the places that are filled in."""
    parts = PLACES.split(text)
    return "".join(part if place % 2 else replaced(part, hint) for place, part in enumerate(parts))


_spoken: dict[type[Model], Spoken] = {}


def register(spoken: Spoken) -> None:
    """Make records with texts for customers known."""
    _spoken[spoken.model] = spoken


def of(model: type[Model]) -> Spoken:
    """Return what customers read of the model's records."""
    return _spoken[model]
