"""The company's voice: how we write a term in each language, and what we write instead of words that we avoid."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Hint:
    """A word that a text should avoid, as it stands there, and what we write instead."""

    found: str
    instead: str

    @property
    def either(self) -> str:
        """The regular expression of both, for any case, in Python and in browsers; the longer first."""
        found, instead = pattern(self.found).pattern, re.escape(self.instead)
        return "|".join((found, instead) if len(self.found) > len(self.instead) else (instead, found))


class WordingQuerySet(models.QuerySet["Wording"]):
    """The glossary of the company's voice."""

    def add(self, **fields: Any) -> Wording:
        """Add a term.

        Raises:
            ValidationError: it is written in no language, stands there already, or contradicts another.
        """
        wording = Wording(**fields)
        wording.full_clean()
        wording.save()
        return wording

    def hints(self, text: str, *, language: str) -> list[Hint]:
        """Return the words of a text that we avoid, each once, with what we write instead in that language."""
        chinese = language.startswith("zh")
        found: dict[str, Hint] = {}
        for wording in self.order_by("pk"):
            instead = wording.chinese if chinese else wording.english
            for hint in _hints(text, wording.avoided, instead=instead):
                found.setdefault(hint.found, hint)
        return list(found.values())


def _hints(text: str, avoided: Iterable[str], *, instead: str) -> Iterable[Hint]:
    if not instead:
        return
    right = [match.span() for match in re.finditer(re.escape(instead), text, re.IGNORECASE)]
    for word in avoided:
        for match in pattern(word).finditer(text):
            if not any(begin <= match.start() and match.end() <= end for begin, end in right):
                yield Hint(match[0], instead)


def pattern(word: str) -> re.Pattern[str]:
    """Return what finds a word: as a whole where it is written in letters, anywhere where it is Chinese."""
    begin = r"(?<![A-Za-z0-9])" if word[:1].isascii() else ""
    end = r"(?![A-Za-z0-9])" if word[-1:].isascii() else ""
    return re.compile(begin + re.escape(word) + end, re.IGNORECASE)


def replaced(text: str, hint: Hint) -> str:
    """Return a text that says what we write instead; where it does so already, it stays."""
    either = re.compile(hint.either, re.IGNORECASE)
    return either.sub(lambda match: match[0] if match[0].casefold() == hint.instead.casefold() else hint.instead, text)


class Wording(models.Model):
    """A term of the glossary."""

    write_area = "settings"

    english = models.CharField(_("in English"), max_length=120, blank=True)
    chinese = models.CharField(_("in Chinese"), max_length=120, blank=True)
    avoid = models.TextField(
        _("words to avoid"), blank=True, max_length=2000, help_text=_("One a line, in any language.")
    )

    objects = WordingQuerySet.as_manager()

    def __str__(self) -> str:
        return " · ".join(part for part in (self.english, self.chinese) if part)

    def clean(self) -> None:
        """A term is written in one language at least, stands once, and no term is avoided: hints would go in a circle."""
        if not (self.english.strip() or self.chinese.strip()):
            raise ValidationError({"english": gettext("Write the term in English, in Chinese, or both.")})
        others = list(Wording.objects.exclude(pk=self.pk))
        terms = {term for other in others for term in other.terms}
        avoided = {word.casefold() for other in others for word in other.avoided}
        for name in ("english", "chinese"):
            written = str(getattr(self, name)).strip()
            if written and written.casefold() in terms:
                raise ValidationError({name: gettext("“%(term)s” is in the glossary already.") % {"term": written}})
            if written and written.casefold() in avoided:
                raise ValidationError({name: gettext("Another term avoids “%(term)s”.") % {"term": written}})
        for word in self.avoided:
            if word.casefold() in terms | self.terms:
                raise ValidationError(
                    {"avoid": gettext("“%(term)s” is a term of the glossary itself.") % {"term": word}}
                )

    @property
    def terms(self) -> set[str]:
        """How it is written, in any case."""
        return {term.strip().casefold() for term in (self.english, self.chinese) if term.strip()}

    @property
    def avoided(self) -> list[str]:
        """The words to avoid."""
        return [line.strip() for line in self.avoid.splitlines() if line.strip()]

    def change(self, **values: Any) -> None:
        """Change it.

        Raises:
            ValidationError: it is written in no language, stands there already, or contradicts another.
        """
        for name, value in values.items():
            setattr(self, name, value)
        self.full_clean()
        self.save()

    def remove(self) -> None:
        """Take it out of the glossary."""
        self.delete()
