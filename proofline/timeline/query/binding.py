"""Values of a question become bound parameters; no text of anybody's is ever part of the SQL."""

from __future__ import annotations

from typing import Any


class Binder:
    """The parameters of one query."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def bind(self, value: Any, kind: str) -> str:
        """Keep a value; return how the SQL names it, `{p7:UInt64}`."""
        name = f"p{len(self._values)}"
        self._values[name] = value
        return f"{{{name}:{kind}}}"

    def name(self, name: str, value: Any) -> None:
        """Keep a value under a name that the SQL uses."""
        self._values[name] = value

    def used(self, sql: str) -> dict[str, Any]:
        """Return the parameters that stand in the SQL."""
        return {name: value for name, value in self._values.items() if f"{{{name}:" in sql}
