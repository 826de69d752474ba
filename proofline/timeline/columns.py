"""How SQL names what an event says. A property is a typed column of its own inside `properties`, nested ones have dotted names."""

from __future__ import annotations

import re

PLACES = ("properties", "context")
BOUND = re.compile(r"\{\w+:(Identifier|String)\}")
PLAIN = re.compile(r"[\w .-]+")
"""Names that the store takes as an identifier; others are looked for by their text."""


def bound(name: str, *, parameter: str) -> str:
    """Return how a property's name, whatever it is, is bound for the functions below: `{parameter:Identifier}`, or `{parameter:String}`."""
    return f"{{{parameter}:{'Identifier' if PLAIN.fullmatch(name) else 'String'}}}"


def text(name: str, *, place: str = "properties") -> str:
    """Return the SQL of a property as text, whatever its type; '' where it is missing. `{by:Identifier}` binds the name."""
    return f"toString({column(name, place=place)})"


def word(name: str, *, place: str = "properties") -> str:
    """Return the SQL of a property that came as text, '' where it is missing or something else; the quickest way to read one."""
    return f"ifNull({typed(name, 'String', place=place)}, '')"


def number(name: str, *, place: str = "properties") -> str:
    """Return the SQL of a property that came as a number or a boolean, NULL where it is missing or something else."""
    whole = ", ".join(f"toFloat64({typed(name, kind, place=place)})" for kind in ("Int64", "UInt64", "Bool"))
    return f"coalesce({typed(name, 'Float64', place=place)}, {whole})"


def typed(name: str, kind: str, *, place: str = "properties") -> str:
    """Return the SQL of a property that came as a String, Int64, UInt64, Float64 or Bool, NULL where it is missing or something else."""
    found = column(name, place=place)
    return f"dynamicElement({found}, '{kind}')" if found.startswith("getSubcolumn") else f"{found}.:{kind}"


def column(name: str, *, place: str = "properties") -> str:
    """Return the SQL of a property's column: of one that we name ourselves, or of a bound one (see `bound`).

    Raises:
        ValueError: the name is neither, so it could be anything that somebody sent.
    """
    if place not in PLACES:
        raise ValueError(f"Events have no place {place!r}")
    found = BOUND.fullmatch(name)
    if found and found[1] == "String":
        return f"getSubcolumn({place}, {name})"
    if not found and not all(part.isidentifier() and part.isascii() for part in name.split(".")):
        raise ValueError(f"{name!r} has to be bound: {{name:Identifier}}")
    return f"{place}.{name}"
