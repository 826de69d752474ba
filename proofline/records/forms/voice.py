"""Forms with texts that customers read: they tell which words we avoid, and replace one in what was typed, without keeping anything yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.forms.utils import ErrorDict

from proofline.kit.bounds import BoundedForm
from proofline.records import voice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

    from proofline.records.models.wordings import Hint

BUTTON = "reword"
"""The name of the buttons that replace; the value says in which language which word."""
LANGUAGES = {"en": "en", "zh": "zh-hans"}
"""The languages by how a field of one language ends, such as `title_en`."""
MOST_NAMES = 60
AROUND = 24
"""Characters on either side of a word, to see where it stands."""


@dataclass(frozen=True)
class TypedHint:
    """A word that we avoid in fields of a form."""

    hint: Hint
    language: str
    """Of the fields; "" where it is the form's."""
    names: tuple[str, ...]
    """Of the fields in that language, as they are posted."""
    text: str = ""
    """What stands in them together."""

    @property
    def around(self) -> str:
        """The words around it where it stands first, so that one sees which text is meant."""
        at = self.text.find(self.hint.found)
        begin, end = max(0, at - AROUND), at + len(self.hint.found) + AROUND
        words = " ".join(self.text[begin:end].split())
        return f"{'…' if begin else ''}{words}{'…' if end < len(self.text) else ''}"

    @property
    def value(self) -> str:
        """What the button posts."""
        return f"{self.language}:{self.hint.found}"


@dataclass
class Typed:
    """What stands in the fields of a form that customers read."""

    language: str = ""
    texts: dict[str, list[str]] = field(default_factory=dict)
    """By the name of the field, which may stand there several times."""

    @classmethod
    def read(cls, data: QueryDict, names: Iterable[str], *, language: str = "") -> Typed:
        """Read what was posted, in a language or the one that was posted with it."""
        return cls(
            language or data.get("language", ""),
            {name: data.getlist(name) for name in [*names][:MOST_NAMES] if name in data},
        )

    def hints(self) -> list[TypedHint]:
        """Return the words that we avoid, each once in a language."""
        found: list[TypedHint] = []
        for language in ("", *LANGUAGES.values()):
            names = tuple(name for name in self.texts if _language_of(name) == language)
            text = "\n".join(one for name in names for one in self.texts[name])
            found += [
                TypedHint(hint, language, names, text)
                for hint in voice.hints_in(text, language=language or self.language)
            ]
        return found

    def reworded(self, button: str) -> dict[str, list[str]]:
        """Return the fields in which a word gave way to what we write instead."""
        hint = next((one for one in self.hints() if one.value == button), None)
        names = hint.names if hint else ()
        return {name: [voice.reworded(text, hint.hint) for text in self.texts[name]] for name in names if hint}


def _language_of(name: str) -> str:
    ending = name.replace("-", "_").rpartition("_")[2]
    return LANGUAGES.get(ending, "")


class VoicedForm(BoundedForm):
    """A form with texts that customers read. In a template `{% voice_of form %}` shows the hints.

    Posted by a hint's button it is not valid, has no errors, and shows what was typed with the word replaced.
    """

    voiced: tuple[str, ...] = ()
    """The names of the fields; in one language each where they end in `_en` or `_zh`."""
    spoken = ""
    """The language of the others, where it is no field of the form."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.is_rewording = data is not None and BUTTON in data
        if self.is_rewording:
            self.data = data.copy()
            for name, texts in Typed.read(data, self.voiced_names, language=self.spoken).reworded(data[BUTTON]).items():
                self.data.setlist(name, texts)  # type: ignore[attr-defined]

    @property
    def voiced_names(self) -> list[str]:
        """The names of the fields as they are posted."""
        return [self.add_prefix(name) for name in self.voiced]

    @property
    def typed(self) -> Typed:
        """What stands in the form."""
        if self.is_bound:
            return Typed.read(self.data, self.voiced_names, language=self.spoken)  # type: ignore[arg-type]
        language = str(self["language"].value() or "") if "language" in self.fields else self.spoken
        return Typed(language, self.first_texts())

    def first_texts(self) -> dict[str, list[str]]:
        """Return the texts that the form begins with, by the names of their fields as they are posted."""
        return {self.add_prefix(name): [str(self[name].value() or "")] for name in self.voiced if name in self.fields}

    def full_clean(self) -> None:
        """Read the fields; nothing is wrong with what is not kept yet."""
        super().full_clean()
        if self.is_rewording:
            self._errors = ErrorDict(renderer=self.renderer)

    def is_valid(self) -> bool:
        """Tell whether it is to be kept."""
        return super().is_valid() and not self.is_rewording
