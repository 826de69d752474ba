"""The websites that may show a calculator, as browsers name them: `https://www.example.com`."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST = 20
ORIGIN = re.compile(
    r"^https?://(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:[0-9]{1,5})?$"
)
USUAL_PORTS = {"https": ":443", "http": ":80"}


def read(text: str) -> list[str]:
    """Read websites, one a line; an address of a page stands for its website.

    Raises:
        ValidationError: a line is none, or there are too many.
    """
    found = list(dict.fromkeys(_origin(line) for line in text.split() if line))
    if len(found) > MOST:
        raise ValidationError({"origins": _("At most %(most)s websites.") % {"most": MOST}})
    return found


def _origin(text: str) -> str:
    scheme, mark, rest = text.strip().lower().partition("://")
    if not mark:
        scheme, rest = "https", scheme
    host = re.split(r"[/?#]", rest, maxsplit=1)[0].removesuffix(USUAL_PORTS.get(scheme, "\0"))
    try:
        name, colon, port = host.partition(":")
        host = name.encode("idna").decode() + colon + port if name else host
    except UnicodeError:
        host = ""
    origin = f"{scheme}://{host}"
    if not ORIGIN.match(origin):
        message = _("“%(text)s” is no website. Write it like https://www.example.com.")
        raise ValidationError({"origins": message % {"text": text[:80]}})
    return origin
