"""Words and drawings that are the same each time in a language: made once, as pages are read more often than figures change."""

from __future__ import annotations

from functools import lru_cache, wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from django.utils.translation import get_language

if TYPE_CHECKING:
    from collections.abc import Callable

Given = ParamSpec("Given")
Made = TypeVar("Made")


def spoken_once(*, most: int) -> Callable[[Callable[Given, Made]], Callable[Given, Made]]:
    """Keep the last `most` answers of a function in each language. It depends on nothing but what it is given, all of it hashable."""

    def decorate(make: Callable[Given, Made]) -> Callable[Given, Made]:
        kept = lru_cache(maxsize=most)(lambda _language, *given, **named: make(*given, **named))

        @wraps(make)
        def spoken(*given: Given.args, **named: Given.kwargs) -> Made:
            return kept(get_language(), *given, **named)  # type: ignore[arg-type]  # all of it hashable, as told

        return spoken

    return decorate
