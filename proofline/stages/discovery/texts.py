"""What is wrong with a text that somebody typed where no form of Django's checks it."""

from django.utils.translation import gettext as _


def fault_of(text: str, *, most: int) -> str:
    """Return why a text of at most so many characters can't be kept, "" where it can: PostgreSQL keeps no NUL."""
    if "\0" in text:
        return _("This text has characters that can't be kept.")
    return _("At most %(count)s characters.") % {"count": most} if len(text) > most else ""
