"""The rules that Django can pass under: string foreign keys and reverse accessors between rooms; and that import-linter holds."""

import ast
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Field, Model
from importlinter.cli import lint_imports

PACKAGE = Path(__file__).resolve().parents[1] / "proofline"
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}


def room_of(model: type[Model]) -> str | None:
    """Return the room that a model belongs to, None for one that is not ours."""
    config = apps.get_containing_app_config(model.__module__)
    return config.name if config and config.name.startswith("proofline.") else None


def relations() -> Iterator[tuple[str, bool]]:
    """Yield every foreign key from one room to another, by name, and whether it has a way back."""
    for model in apps.get_models():
        here = room_of(model)
        for field in model._meta.get_fields():
            if here and isinstance(field, Field) and field.remote_field and field.model is model:
                there = room_of(field.related_model)
                if there and there != here:
                    yield str(field), not field.remote_field.hidden


def strings(source: str, *, label: str = "") -> Iterator[str]:
    """Yield what a file's relations name by a string that leads out of the room with the label."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in RELATIONS:
            targets = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "to")]
            for target in targets:
                named = str(target.value) if isinstance(target, ast.Constant) else ""
                if "." in named and not named.startswith(f"{label}."):
                    yield named
                if isinstance(target, ast.Attribute) and target.attr == "AUTH_USER_MODEL":
                    yield "settings.AUTH_USER_MODEL"


def test_a_foreign_key_to_another_room_has_no_way_back():
    assert [name for name, has_way_back in relations() if has_way_back] == []


def test_a_foreign_key_to_another_room_imports_the_class():
    found = {
        str(path.relative_to(PACKAGE)): named
        for app in apps.get_app_configs()
        if app.name.startswith("proofline.")
        for path in Path(app.path).rglob("*.py")
        if "migrations" not in path.parts and (named := list(strings(path.read_text(), label=app.label)))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("models.ForeignKey('records.User', on_delete=CASCADE)", ["records.User"]),
        ("models.ForeignKey(to='records.User', on_delete=CASCADE)", ["records.User"]),
        ("OneToOneField(settings.AUTH_USER_MODEL)", ["settings.AUTH_USER_MODEL"]),
        ("models.ForeignKey('self', on_delete=CASCADE)", []),
        ("models.ForeignKey('closing.Deal', on_delete=CASCADE)", []),
        ("models.ForeignKey(User, on_delete=CASCADE)", []),
    ],
)
def test_strings_are_found(source, named):
    assert list(strings(source, label="closing")) == named


@pytest.fixture
def loggers():
    """Let every logger speak again, for the linter's command silences all that there are."""
    known = [logger for logger in logging.root.manager.loggerDict.values() if isinstance(logger, logging.Logger)]
    yield
    for logger in known:
        logger.disabled = False


@pytest.mark.usefixtures("loggers")
def test_dependencies_point_down_only(capsys):
    broken = lint_imports(no_cache=True)
    assert not broken, capsys.readouterr().out


@pytest.mark.django_db
def test_models_and_migrations_agree(capsys):
    try:
        call_command("makemigrations", check=True, dry_run=True)
    except SystemExit:
        pytest.fail(capsys.readouterr().out, pytrace=False)
