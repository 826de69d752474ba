"""What stands in a JSON file that a command is given."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from proofline.config.cli.trouble import InputError


def read(content: bytes) -> dict[str, Any]:
    """Return the object that a file holds, its fractions exact.

    Raises:
        InputError: the file is not JSON, or holds something else.
    """
    try:
        given = json.loads(content, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        message = f"The file is not JSON: {error}"
        raise InputError(message) from error
    return an_object(given, "The file")


def an_object(value: Any, where: str) -> dict[str, Any]:
    """Return a value that has to be an object.

    Raises:
        InputError: it is none; says where.
    """
    if not isinstance(value, dict):
        message = f"{where}: an object is needed."
        raise InputError(message)
    return value


def a_list(value: Any, where: str) -> list[Any]:
    """Return a value that has to be a list.

    Raises:
        InputError: it is none; says where.
    """
    if not isinstance(value, list):
        message = f"{where}: a list is needed."
        raise InputError(message)
    return value
