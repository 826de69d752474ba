"""Search over all kinds of records: see the README of this room."""

from proofline.kit.search.asking import Found, Group, Hit, Whose, find, look_up
from proofline.kit.search.entries import add, dropping, keep, keep_around, keep_owned, together
from proofline.kit.search.kinds import Kind, named, register, registered
from proofline.kit.search.tokens import tokens

__all__ = [
    "Found",
    "Group",
    "Hit",
    "Kind",
    "Whose",
    "add",
    "dropping",
    "find",
    "keep",
    "keep_around",
    "keep_owned",
    "look_up",
    "named",
    "register",
    "registered",
    "together",
    "tokens",
]
