"""What an operator can set or call is documented in docs/operations.md."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from proofline.config import cli

ROOT = Path(__file__).resolve().parents[1]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
SETTING = re.compile(r"""["']((?:PROOFLINE|SMTP|EVENTS|DATABASE)_[A-Z_]+)["']""")


def settings() -> set[str]:
    """Return the environment settings that the code reads."""
    sources = [path for path in (ROOT / "proofline").rglob("*.py") if "tests" not in path.parts]
    sources += [path for path in (ROOT / "bin").iterdir() if path.is_file()]
    return {name for path in sources for name in SETTING.findall(path.read_text())}


def commands(
    parser: argparse.ArgumentParser, words: str = "proofline"
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield every command with its parser, verbs included."""
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        yield words, parser
    for action in inner:
        for name, sub in action.choices.items():
            yield from commands(sub, f"{words} {name}")


def test_every_setting_is_documented():
    assert settings() >= {"PROOFLINE_DATA", "DATABASE_URL", "EVENTS_URL", "SMTP_HOST"}
    assert sorted(name for name in settings() if f"`{name}`" not in OPERATIONS) == []


def test_every_command_and_its_options_are_documented():
    missing = []
    for words, parser in commands(cli.parser()):
        documented = [line for line in OPERATIONS.splitlines() if f"`{words}" in line]
        missing += [words] * (not documented)
        for option in (word for action in parser._actions for word in action.option_strings if word.startswith("--")):
            if option != "--help" and not any(option in line for line in documented):
                missing.append(f"{words} {option}")
    assert missing == []
