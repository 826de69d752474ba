"""Find the smallest offer that covers needs, from a JSON file of modules and rules.

The file holds {"needs": ["n1"], "modules": [{"id", "covers": ["n1"], "price": "10.00"}], "rules": [...]}, where a rule is one of
{"requires": ["a", "b"]} (a only together with all others), {"only_with": ["a", "b", "c"]} (a only with one of the others),
{"excludes": ["a", "b"]} (one of them at most), {"at_least": [1, ["a", "b"]]} and {"at_most": [2, ["a", "b"]]}.
The answer is the cheapest set, of these the one with fewest modules; or what can't hold together. Both exit with 0.
"""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proofline.config.cli.given import a_list, an_object, read
from proofline.config.cli.trouble import InputError

if TYPE_CHECKING:
    import argparse

    from proofline.stages.discovery.configuring import Module, Rule
    from proofline.stages.discovery.configuring.rules import Part

MOST_PLACES, MOST_PRICE = 4, Decimal(10) ** 9


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("file", metavar="FILE", type=Path, help="needs, modules and rules, as JSON")
    parser.add_argument("--json", action="store_true", help='print {"modules", "price", "why"} or {"conflict"}')


def run(options: argparse.Namespace) -> int:
    """Configure what the file asks for and print the result."""
    shown = found(options.file.read_bytes())
    if options.json:
        print(json.dumps(shown, ensure_ascii=False))
    elif "conflict" in shown:
        print("Nothing can be offered. These can't hold together:")
        for part in shown["conflict"]:
            print(f"  {_words(part)}")
    else:
        print(f"Price:  {shown['price']}")
        for module in shown["modules"]:
            print(f"  {module}: {'; '.join(map(_words, shown['why'][module]))}")
    return 0


def found(content: bytes) -> dict[str, Any]:
    """Return what can be offered for a file's needs, or what speaks against it.

    Raises:
        InputError: the file can't be read; says what is wrong and where.
    """
    from proofline.stages.discovery.configuring import Configuration, configure  # noqa: PLC0415 - Django is loaded by now

    given = read(content)
    modules = [_module(one, at) for at, one in enumerate(a_list(given.get("modules"), "modules"))]
    known = [module.id for module in modules]
    if twice := next((one for one in known if known.count(one) > 1), None):
        message = f"modules: there are two with the id {twice!r}."
        raise InputError(message)
    needs = [_text(one, f"needs[{at}]") for at, one in enumerate(a_list(given.get("needs", []), "needs"))]
    rules = [_rule(one, at, set(known)) for at, one in enumerate(a_list(given.get("rules", []), "rules"))]
    answer = configure(needs, modules, rules)
    if isinstance(answer, Configuration):
        return {
            "modules": [module.id for module in answer.modules],
            "price": f"{answer.price:.2f}" if answer.price == round(answer.price, 2) else str(answer.price),
            "why": {module: [_told(part) for part in parts] for module, parts in answer.why.items()},
        }
    told: dict[str, Any] = {"conflict": [_told(part) for part in answer.parts]}
    return told if answer.is_smallest else {**told, "smallest": False}


def _told(part: Part) -> Any:
    """Return a need as its id, a rule as the file writes it."""
    from proofline.stages.discovery.configuring.rules import COUNTED, Rule  # noqa: PLC0415 - Django is loaded by now

    if not isinstance(part, Rule):
        return part.id
    modules = list(part.modules)
    return {part.kind: [part.number, modules] if part.kind in COUNTED else modules}


def _words(told: Any) -> str:
    return f"needs {told}" if isinstance(told, str) else json.dumps(told, ensure_ascii=False)


def _module(row: Any, at: int) -> Module:
    from proofline.stages.discovery.configuring import Module  # noqa: PLC0415 - Django is loaded by now

    where = f"modules[{at}]"
    row = an_object(row, where)
    covers = a_list(row.get("covers", []), f"{where}.covers")
    return Module(
        _text(row.get("id"), f"{where}.id"),
        frozenset(_text(one, f"{where}.covers") for one in covers),
        _price(row.get("price", 0), f"{where}.price"),
    )


def _rule(row: Any, at: int, known: set[str]) -> Rule:
    from proofline.stages.discovery.configuring import Rule  # noqa: PLC0415 - Django is loaded by now
    from proofline.stages.discovery.configuring.rules import COUNTED, KINDS  # noqa: PLC0415 - as above

    where = f"rules[{at}]"
    if not isinstance(row, dict) or len(row) != 1 or not row.keys() <= set(KINDS):
        message = f"{where}: an object with one of {', '.join(KINDS)} is needed."
        raise InputError(message)
    ((kind, value),) = row.items()
    where, number = f"{where}.{kind}", 0
    if kind in COUNTED:
        if not (isinstance(value, list) and len(value) == 2 and type(value[0]) is int and value[0] >= 0):  # noqa: PLR2004 - a pair
            message = f'{where}: a whole number and a list of modules are needed, such as [1, ["a", "b"]].'
            raise InputError(message)
        number, value = value
    modules = tuple(dict.fromkeys(_text(one, where) for one in a_list(value, where)))
    if kind not in COUNTED and len(modules) < 2:  # noqa: PLR2004 - a rule is between two
        message = f"{where}: at least two different modules are needed."
        raise InputError(message)
    if unknown := next((one for one in modules if one not in known), None):
        message = f"{where}: there is no module {unknown!r}."
        raise InputError(message)
    return Rule(kind, modules, number)


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value:
        message = f"{where}: a text is needed."
        raise InputError(message)
    return value


def _price(value: Any, where: str) -> Decimal:
    try:
        price = Decimal(str(value)) if isinstance(value, str | int | Decimal) and not isinstance(value, bool) else None
    except InvalidOperation:
        price = None
    if price is None or not price.is_finite():
        message = f'{where}: an amount is needed, such as "10.00".'
        raise InputError(message)
    if price < 0 or price > MOST_PRICE or price != round(price, MOST_PLACES):
        message = f"{where}: {price} is out of range: from 0 to {MOST_PRICE:,f}, with at most {MOST_PLACES} decimals."
        raise InputError(message)
    return price
