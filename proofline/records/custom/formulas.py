"""Formulas over a record's own fields, such as `round(amount / employees, 2)` or `if(days(signed_on, today()) > 90, "late", "")`.

A formula is read as a Python expression, of which only what stands here is let through; nothing is ever run. It becomes an
expression of the record store, so that lists filter and sort by it like by any other field.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from proofline.kit.columns import MOST_DIGITS
from proofline.records import kinds
from proofline.records.custom import sql
from proofline.records.custom.folding import folded
from proofline.records.custom.sql import Piece

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from proofline.records.models import CustomField

    Typed = tuple[str, Any]

LONGEST = 500
MOST = 10**13
MOST_RESULT = 10**MOST_DIGITS
"""A result is below this, or empty: what no column of ours could keep is no answer, and no page could be sure of its digits."""
NOT_OFFERED = frozenset({"id", "unmatched", "source_key", "external_id"})
ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "({} + {})",
    ast.Sub: "({} - {})",
    ast.Mult: "({} * {})",
    ast.Div: "({} / NULLIF({}, 0))",
}
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "({} = {})",
    ast.NotEq: "({} <> {})",
    ast.Lt: "({} < {})",
    ast.LtE: "({} <= {})",
    ast.Gt: "({} > {})",
    ast.GtE: "({} >= {})",
}
FROM_CUSTOM = {"number": "number", "money": "number", "date": "date", "text": "text", "choice": "text"}
SPREADSHEET = re.compile(r""""[^"]*"|'[^']*'|\bif\b(?=\s*\()|(?<![<>=!])=(?!=)|<>""")
AS_PYTHON = {"if": "if_", "=": "==", "<>": "!="}


def names(kind: str, fields: Iterable[CustomField]) -> dict[str, tuple[str, Callable[[], Any]]]:
    """Return what a formula of a kind of record can name: {name: (type, its expression)}; a custom field by its key goes before."""
    found: dict[str, tuple[str, Callable[[], Any]]] = {}
    known = kinds.named(kind)
    for item in known.model._meta.concrete_fields if known else ():  # noqa: SLF001 - Django's documented model API
        if item.name not in NOT_OFFERED and (own := _own(item)):
            found[item.name] = own
    for field in fields:
        if field.type in FROM_CUSTOM:
            found[field.key] = (FROM_CUSTOM[field.type], lambda field=field: field.expression)  # type: ignore[misc]
    return found


def _own(item: Any) -> tuple[str, Callable[[], Any]] | None:
    if item.is_relation or isinstance(item, models.BooleanField | models.JSONField | models.BigAutoField):
        return None
    if isinstance(item, models.DateTimeField):
        return "date", lambda: TruncDate(item.name, tzinfo=timezone.get_current_timezone())
    if isinstance(item, models.DateField):
        return "date", lambda: F(item.name)
    if isinstance(item, models.IntegerField | models.DecimalField | models.FloatField):
        return "number", lambda: F(item.name)
    return ("text", lambda: F(item.name)) if isinstance(item, models.CharField | models.TextField) else None


def check(formula: str, *, of: CustomField) -> str:
    """Return the type of a formula's result: "number", "text" or "date".

    Raises:
        ValidationError: it can't be read, names a field that is not there, or mixes types; it says what and where.
    """
    from proofline.records.models.custom import CustomField  # noqa: PLC0415 - it checks its formula here

    others = CustomField.objects.of(of.kind).in_use().exclude(pk=of.pk)
    try:
        known = names(of.kind, others)
        kind = build(formula, known=known, today=timezone.localdate())[0]
        if kind == "number" and abs(folded(_tree(formula).body) or 0) >= MOST_RESULT:
            raise FormulaError(_("The result is too large: at most %(count)s digits.") % {"count": MOST_DIGITS})  # noqa: TRY301 - told like any other trouble of a formula
    except FormulaError as error:
        raise ValidationError({"formula": str(error)}) from None
    return kind


class FormulaError(ValueError):
    """A formula can't be read."""


def build(formula: str, *, known: dict[str, tuple[str, Callable[[], Any]]], today: date) -> Typed:
    """Return the type of a formula's result, and the expression for the record store.

    Raises:
        FormulaError: as above.
    """
    tree = _tree(formula)
    kind, expression = _Builder(known, today).build(tree.body)
    if kind == "truth":
        raise FormulaError(
            _("A formula gives a number, a text or a day; write: %(example)s") % {"example": 'if(…, "yes", "no")'}
        )
    return kind, sql.below(MOST_RESULT, sql.number(expression)) if kind == "number" else expression


def _tree(formula: str) -> ast.Expression:
    written = SPREADSHEET.sub(
        lambda found: AS_PYTHON.get(found[0], found[0]), formula.strip().removeprefix("=").strip()
    )
    if not written or len(formula) > LONGEST:
        raise FormulaError(_("Write a formula, such as: %(example)s") % {"example": "round(revenue / employees, 2)"})
    try:
        return ast.parse(written, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        place = getattr(error, "offset", None) or 1
        raise FormulaError(_("This can't be read, near character %(place)s.") % {"place": place}) from None


class _Builder:
    """Turns one formula into an expression."""

    def __init__(self, known: dict[str, tuple[str, Callable[[], Any]]], today: date) -> None:
        self.known = known
        self.today = today

    def build(self, node: ast.AST) -> Typed:
        match node:
            case ast.Constant(value=given):
                return self.constant(given)
            case ast.Name(id=name):
                return self.name(name)
            case ast.UnaryOp(op=ast.USub(), operand=part):
                return "number", Piece("(-{})", "", self.of("number", part), kind="number")
            case ast.BinOp():
                return self.arithmetic(node)
            case ast.Call(func=ast.Name(id=name), args=parts, keywords=[]):
                return self.call(name, parts)
        return self.truth(node)

    def truth(self, node: ast.AST) -> Typed:
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=part):
                return "truth", Piece("(NOT {})", "", self.of("truth", part), kind="truth")
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARISONS:
                kind, first = self.build(left)
                return "truth", Piece(COMPARISONS[type(op)], "", first, self.of(kind, right), kind="truth")
            case ast.BoolOp(op=op, values=parts):
                word = " AND " if isinstance(op, ast.And) else " OR "
                wanted: list[Any] = [self.of("truth", part) for part in parts]
                return "truth", Piece(f"({word.join('{}' for _part in wanted)})", "", *wanted, kind="truth")
        raise FormulaError(
            _("A formula has fields, numbers, texts, + - * /, comparisons and functions, and nothing else.")
        )

    def constant(self, given: Any) -> Typed:
        if isinstance(given, str):
            return "text", sql.text(Value(given, output_field=models.CharField()), "text")
        if isinstance(given, bool) or not isinstance(given, int | float) or not abs(given) < MOST:
            raise FormulaError(_("“%(value)s” is no number that a formula can have.") % {"value": str(given)[:40]})
        written = format(given, "f") if isinstance(given, float) else str(given)
        return "number", sql.number(Value(written, output_field=models.CharField()))

    def call(self, name: str, parts: list[ast.expr]) -> Typed:
        make = FUNCTIONS.get(name)
        if make is None:
            functions = ", ".join(one.rstrip("_") for one in FUNCTIONS)
            raise FormulaError(
                _("There is no function “%(name)s”; there are: %(known)s.") % {"name": name, "known": functions}
            )
        return make(self, parts)

    def of(self, wanted: str, node: ast.AST) -> Any:
        kind, expression = self.build(node)
        if kind != wanted:
            raise FormulaError(
                _("“%(part)s” is of the type %(kind)s; here a %(wanted)s is needed.")
                % {"part": ast.unparse(node)[:60], "kind": words(kind), "wanted": words(wanted)}
            )
        return expression

    def name(self, name: str) -> Typed:
        if name not in self.known:
            raise FormulaError(
                _("There is no field “%(name)s”; there are: %(known)s.")
                % {"name": name, "known": ", ".join(sorted(self.known))}
            )
        kind, make = self.known[name]
        wrap: dict[str, Callable[[Any], Piece]] = {
            "number": sql.number,
            "date": sql.day,
            "text": lambda part: sql.text(part, "text"),
        }
        made: Piece = wrap[kind](make())
        return kind, made

    def arithmetic(self, node: ast.BinOp) -> Typed:
        if type(node.op) not in ARITHMETIC:
            raise FormulaError(_("A formula calculates with + - * / only."))
        kind, left = self.build(node.left)
        if kind == "date" and isinstance(node.op, ast.Sub):
            return "number", sql.days(self.of("date", node.right), left)
        if kind != "number":
            left = self.of("number", node.left)  # says what it is instead
        return "number", Piece(ARITHMETIC[type(node.op)], "", left, self.of("number", node.right), kind="number")

    def if_(self, parts: list[ast.expr]) -> Typed:
        self.count("if", parts, 3)
        kind, then = self.build(parts[1])
        made = Piece(
            "CASE WHEN {} THEN {} ELSE {} END",
            "",
            self.of("truth", parts[0]),
            then,
            self.of(kind, parts[2]),
            kind=kind,
        )
        return kind, made

    def round_(self, parts: list[ast.expr]) -> Typed:
        if len(parts) == 1:
            parts = [*parts, ast.Constant(0)]
        self.count("round", parts, 2)
        match parts[1]:
            case ast.Constant(value=int() as places) if not isinstance(places, bool) and 0 <= places <= 6:  # noqa: PLR2004
                return "number", Piece(f"ROUND({{}}, {places})", "", self.of("number", parts[0]), kind="number")
        raise FormulaError(_("round() takes a number, and how many places to keep, from 0 to 6."))

    def concat(self, parts: list[ast.expr]) -> Typed:
        if not parts:
            self.count("concat", parts, 2)
        made = [sql.text(expression, kind) for kind, expression in map(self.build, parts) if kind != "truth"]
        if len(made) < len(parts):
            raise FormulaError(_("concat() takes texts, numbers and days."))
        return "text", Piece(f"({' || '.join('{}' for _part in made)})", "", *made, kind="text")

    def days(self, parts: list[ast.expr]) -> Typed:
        self.count("days", parts, 2)
        return "number", sql.days(self.of("date", parts[0]), self.of("date", parts[1]))

    def now(self, parts: list[ast.expr]) -> Typed:
        self.count("today", parts, 0)
        return "date", sql.day(Value(self.today.isoformat(), output_field=models.CharField()))

    def count(self, name: str, parts: list[ast.expr], wanted: int) -> None:
        if len(parts) != wanted:
            raise FormulaError(_("%(name)s() takes %(wanted)s values.") % {"name": name, "wanted": wanted})


FUNCTIONS: dict[str, Callable[[_Builder, list[ast.expr]], Typed]] = {
    "if_": _Builder.if_,
    "round": _Builder.round_,
    "concat": _Builder.concat,
    "days": _Builder.days,
    "today": _Builder.now,
}


def words(kind: str) -> str:
    """Return a type in words."""
    known = {
        "number": pgettext("formula", "number"),
        "text": pgettext("formula", "text"),
        "date": pgettext("formula", "day"),
        "truth": pgettext("formula", "comparison"),
    }
    return known[kind]
