"""The form in which texts, e-mails, phone numbers and domains compare."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from proofline.kit.text import HAN as CHARACTERS
from proofline.kit.text import fold

HAN = re.compile(f"[{CHARACTERS}]")
FREE = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.uk ymail.com icloud.com me.com mac.com aol.com"
    " proton.me protonmail.com gmx.de gmx.net web.de t-online.de mail.ru yandex.ru orange.fr free.fr laposte.net libero.it naver.com"
    " qq.com foxmail.com vip.qq.com 163.com 126.com yeah.net vip.163.com sina.com sina.cn sohu.com 139.com 189.cn aliyun.com 21cn.com"
    " tom.com wo.cn zoho.com fastmail.com hey.com mail.com".split()
)
"""Mail services: that two people have one says nothing of where they work."""
REGIONS = ("CN", "US", "GB", "DE")
"""Where a number without a country may be from, in this order; it is taken for the first in which it is valid."""


def wordwise(one: str, other: str) -> float:
    """Return how alike two texts of as many words are, each word with its nearest; the worst counts as much as all together.

    So that Mary Jones and Mark Jones are less alike than their letters are. Texts of unlike length go by their letters.
    """
    ours, theirs = one.split(), other.split()
    if len(ours) != len(theirs) or not ours:
        return fuzz.ratio(one, other) / 100
    found = []
    for word in sorted(ours, key=len, reverse=True):
        nearest = max(theirs, key=lambda their, word=word: fuzz.ratio(word, their))  # type: ignore[misc]
        theirs.remove(nearest)
        found.append(fuzz.ratio(word, nearest) / 100)
    return (sum(found) / len(found) + min(found)) / 2


def email(text: str) -> str:
    """Return an e-mail as it compares: in lower case, without a +tag; "" for what is none."""
    local, at, host = fold(text).removeprefix("mailto:").rpartition("@")
    host = domain(host)
    local = local.partition("+")[0]
    if host in {"gmail.com", "googlemail.com"}:  # they are one, and dots don't count there
        local, host = local.replace(".", ""), "gmail.com"
    return f"{local}@{host}" if at and local and host else ""


def domain(text: str) -> str:
    """Return the bare domain of a website or address: https://www.Example.com/about is example.com; "" for what is none."""
    host = fold(text).rpartition("//")[2]
    host = re.split(r"[/?#:]", host, maxsplit=1)[0].rpartition("@")[2].strip(".")
    host = re.sub(r"^www\d?\.", "", host)
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            return ""
    return host if "." in host and " " not in host else ""


def own_domain(address: str) -> str:
    """Return the domain of an e-mail, "" when it is a mail service's."""
    host = domain(address.rpartition("@")[2]) if "@" in address else ""
    return "" if host in FREE else host


@lru_cache(maxsize=20_000)
def phone(text: str) -> str:
    """Return a phone number as +8613800138000; one that is valid nowhere by its digits; "" for fewer than six."""
    import phonenumbers  # noqa: PLC0415 - a big table, which only matching and imports need

    digits = "".join(filter(str.isdecimal, fold(text)))
    if len(digits) < 6:  # noqa: PLR2004 - an extension within a house
        return ""
    for region in (None,) if fold(text).startswith("+") else REGIONS:
        try:
            found = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(found):
            return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
    return digits
