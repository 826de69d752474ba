"""What comes of the numbers that stand in a formula, without any record."""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDING: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def folded(node: ast.AST) -> float | None:
    """Return what comes of numbers alone; None where the answer is a record's, or there is none."""
    match node:
        case ast.Constant(value=int() | float() as given):
            return float(given)
        case ast.UnaryOp(op=ast.USub(), operand=part):
            found = folded(part)
            return None if found is None else -found
        case ast.Call(func=ast.Name(id="round"), args=[part, *_places]):
            return folded(part)
        case ast.BinOp(left=first, op=op, right=last):
            one, other = folded(first), folded(last)
            if one is None or other is None or (isinstance(op, ast.Div) and not other):
                return None
            return FOLDING[type(op)](one, other)
    return None
