"""What is known of a person by which they can be found in what was kept: their keys, and the ids of all who became them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec
from django.db.models import Q

from proofline.timeline import identity
from proofline.timeline.models import Person, PersonKey
from proofline.timeline.recognising import OWNERS
from proofline.timeline.segment import Message, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    Key = tuple[str, str]

Kind = PersonKey.Kind
DEVICE_FIELDS = ("anonymousId", "previousId")
FIELDS = ("userId", *DEVICE_FIELDS)
UNMISTAKABLE = 8
"""An id of so many characters means nobody else when it stands alone; a shorter one, such as "7", may be any word or number."""
DIGITS = 10
"""So many digits mean nobody else within a text either, nor does an unmistakable id that has digits besides other signs."""
ERASED = "erased"
ENCODED = r"(?i:(?<=%[0-9a-f]{2})(?<!%2[bde])(?<!%5f)(?<!%25))"
"""Behind a sign as addresses write it, but for those of which e-mails and ids are made."""
UNRESERVED = "!'()*~"
"""What stands in an address as it is, besides letters, digits and "_.-"."""
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True)
class Traces:
    """What a person left."""

    people: frozenset[int]
    keys: frozenset[Key]

    @classmethod
    def of(cls, person: int) -> Traces:
        """Return the traces of a person and of all who became them."""
        people = Person.objects.standing_for([person])
        keys = PersonKey.objects.filter(person__in=people).values_list("kind", "key")
        return cls(frozenset(people), frozenset(keys))

    def of_kind(self, kind: str) -> list[str]:
        """Return the keys of a kind."""
        return sorted(key for known, key in self.keys if known == kind)

    @cached_property
    def needles(self) -> list[str]:
        """What stands somewhere in the JSON of whatever speaks of the person, in small letters."""
        keys = (_encode(one).decode()[1:-1].lower() for _kind, key in self.keys for one in _spellings(key))
        return sorted({*keys, *(f'"person":{person}' for person in self.people)}, key=len)

    def may_stand_in(self, *fields: str) -> Q:
        """Return what finds the rows of which one of these texts may speak of the person; the others certainly do not."""
        found = Q(pk__in=[])
        for field in fields:
            for needle in self.needles:
                found |= Q(**{f"{field}__icontains": needle})
        return found

    def may_be_in(self, raw: bytes) -> bool:
        """Tell whether JSON may speak of the person; False is certain."""
        try:
            plain = raw if b"\\" not in raw else _encode(_decode(raw))
            text = plain.decode().replace("\\u0000", "").lower()
        except (msgspec.MsgspecError, RecursionError, UnicodeError):
            return True
        return any(needle in text for needle in self.needles)

    def is_spelt_in(self, raw: bytes) -> bool:
        """Tell whether one of their keys stands in something that nobody can read: a short one in quotation marks."""
        text = raw.decode("utf-8", "replace").lower()
        keys = (_encode(one).decode().lower() for _kind, key in self.keys for one in _spellings(key))
        return any(key in text or (len(key) > UNMISTAKABLE + 1 and key[1:-1] in text) for key in keys)

    def own(self, message: Message) -> bool:
        """Tell whether the person did it: by the key that decides whose a message is."""
        anonymous, user, email = message.keys
        given = identity.normal(anonymous=text_of(anonymous), user=text_of(user), email=email)
        first = next((kind for kind in OWNERS if kind in given), None)
        return first is not None and (first, given[first]) in self.keys

    def names(self, fields: dict[str, Any]) -> bool:
        """Tell whether something that is no proper message says that the person did it."""
        ids = {(text_of(fields.get(name)) or "").strip() for name in FIELDS}
        return not ids.isdisjoint({*self.of_kind(Kind.USER), *self.of_kind(Kind.ANONYMOUS)})

    def without_devices(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Return a message of somebody else without the devices that were the person's."""
        devices = set(self.of_kind(Kind.ANONYMOUS))
        return {
            name: value
            for name, value in fields.items()
            if not (name in DEVICE_FIELDS and (text_of(value) or "").strip() in devices)
        }

    def name_in(self, text: str) -> bool:
        """Tell whether words of ours, such as what went wrong, quote what names the person."""
        return self.is_spelt_in(text.encode("utf-8", "surrogatepass")) or self.redacted(text) != text

    def redacted(self, value: Any) -> Any:
        """Return a value in which nothing names the person: no e-mail in any text, no unmistakable id."""
        if isinstance(value, str):
            if value.strip() in self._ids:
                return ERASED
            return self._pattern.sub(ERASED, value) if self._pattern is not None else value
        if isinstance(value, dict):
            return {self.redacted(name): self.redacted(inner) for name, inner in value.items()}
        if type(value) is int:
            return ERASED if str(value) in self._ids else value
        return [self.redacted(inner) for inner in value] if isinstance(value, list) else value

    @cached_property
    def _ids(self) -> set[str]:
        return {key for kind, key in self.keys if kind != Kind.EMAIL and len(key) >= UNMISTAKABLE}

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        """What names the person within a text, but not within a longer e-mail or id."""
        emails = [one for email in self.of_kind(Kind.EMAIL) for one in _spellings(email)]
        ids = [one for key in sorted(filter(_is_no_word, self._ids)) for one in _spellings(key)]
        found = [rf"(?:(?<![\w.+%-])|{ENCODED})(?i:{_any_of(emails)})(?![\w-]|\.\w)"] if emails else []
        found += [rf"(?:(?<![\w-])|{ENCODED})(?:{_any_of(ids)})(?![\w@-])"] if ids else []
        return re.compile("|".join(found)) if found else None


def _is_no_word(key: str) -> bool:
    digits = sum(character.isdigit() for character in key)
    return 0 < digits < len(key) or digits >= DIGITS


def _spellings(key: str) -> list[str]:
    """Return how a key is written, and how addresses write it where that differs."""
    return list(dict.fromkeys([key, quote(key, safe=UNRESERVED)]))


def _any_of(keys: Iterable[str]) -> str:
    return "|".join(map(re.escape, keys))
