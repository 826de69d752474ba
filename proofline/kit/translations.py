"""The catalogues of Chinese text, one per room, made and checked without GNU gettext.

    python -m proofline.kit.translations update [ROOM_DIR…]    take new texts in, drop those no longer used
    python -m proofline.kit.translations check  [ROOM_DIR…]    fail on missing, untranslated, fuzzy or broken texts
    python -m proofline.kit.translations compile [ROOM_DIR…]   write the .mo files that Django reads

A room is the folder of one Django app; without ROOM_DIR all rooms are meant.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from babel.messages.extract import _Keyword

    Key = tuple[str | None, str]

PACKAGE = Path(__file__).resolve().parents[1]
LOCALE = "zh_Hans"
SKIPPED_FOLDERS = {"tests", "migrations", "locale", "static", "__pycache__"}
TEMPLATE_SUFFIXES = {".html", ".txt"}
HEADER = f"""msgid ""
msgstr ""
"Language: {LOCALE}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
PLURAL = (1, 2)
CONTEXT = ((1, "c"), 2)
CONTEXT_PLURAL = ((1, "c"), 2, 3)
KEYWORDS: dict[str, _Keyword | None] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), CONTEXT_PLURAL),
}
PLACEHOLDER = re.compile(r"%\([^)]+\)[sd]|%[sd]|\{[a-z_][a-z_0-9.]*(?::[^}]*)?\}")


def rooms() -> list[Path]:
    """Return the folders of all rooms, in the order of their paths."""
    return sorted(path.parent for path in PACKAGE.rglob("apps.py"))


def catalogue_path(room: Path) -> Path:
    """Return where a room keeps its Chinese texts."""
    return room / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


def sources(room: Path) -> Iterator[Path]:
    """Yield the files of a room that can hold text for people, in a fixed order."""
    for path in sorted(room.rglob("*")):
        inside = path.relative_to(room)
        if SKIPPED_FOLDERS.isdisjoint(inside.parts[:-1]) and path.suffix in {".py", *TEMPLATE_SUFFIXES}:
            yield path


def python_of(path: Path) -> str:
    """Return a file as Python that calls gettext; a template's other text is blanked out."""
    text = path.read_text(encoding="utf-8")
    if path.suffix not in TEMPLATE_SUFFIXES:
        return text
    return "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines()) + "\n"


def extract(room: Path) -> Catalog:
    """Return the texts that a room's Python and templates ask to be translated."""
    found = Catalog(locale=LOCALE)
    for path in sources(room):
        file = io.BytesIO(python_of(path).encode())
        for _line, function, texts, comments in extract_python(file, KEYWORDS, ["Translators:"], {}):
            add(found, function=str(function), texts=texts, comments=list(comments or ()))
    return found


def add(catalogue: Catalog, *, function: str, texts: object, comments: Sequence[str]) -> None:
    """Add one gettext call's text; a call without literal text is left out."""
    given = texts if isinstance(texts, tuple) else (texts,)
    context = given[0] if "pgettext" in function else None
    ids = [text for text in (given[1:] if "pgettext" in function else given) if isinstance(text, str)]
    plural = "ngettext" in function or "npgettext" in function
    if not ids or not ids[0] or (plural and len(ids) < 2):  # noqa: PLR2004 - singular and plural
        return
    catalogue.add((ids[0], ids[1]) if plural else ids[0], context=context, auto_comments=comments)


def read(room: Path) -> Catalog:
    """Return a room's stored catalogue, an empty one when it has none yet."""
    path = catalogue_path(room)
    if not path.exists():
        return Catalog(locale=LOCALE)
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE, ignore_obsolete=True, abort_invalid=True)


def messages(catalogue: Catalog) -> dict[Key, Message]:
    """Return a catalogue's messages by context and text, without its header."""
    return {(message.context, first(message.id)): message for message in catalogue if message.id}


def first(text: str | Sequence[str]) -> str:
    """Return the singular of a text that may have a plural."""
    return text if isinstance(text, str) else text[0]


def translations(message: Message) -> list[str]:
    """Return what a message is translated to: one text, or one for each plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ("",))


def update(room: Path) -> int:
    """Bring a room's catalogue in line with its sources, keep what is translated; return what is still to do."""
    stored, wanted = messages(read(room)), extract(room)
    for key, message in messages(wanted).items():
        if known := stored.get(key):
            texts = translations(known)
            message.string = tuple(texts[:1]) if message.pluralizable else texts[0]
            message.flags |= known.flags & {"fuzzy"}
            message.user_comments = known.user_comments
    path = catalogue_path(room)
    if not messages(wanted):
        path.unlink(missing_ok=True)
        return 0
    file = io.BytesIO()
    write_po(file, wanted, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + file.getvalue().decode().strip() + "\n", encoding="utf-8")
    return sum(not all(translations(message)) for message in messages(wanted).values())


def compile_room(room: Path) -> None:
    """Write the .mo file of a room, at once and whole, so that a reader never meets half of it."""
    path = catalogue_path(room)
    compiled = path.with_suffix(".mo")
    if not path.exists():
        compiled.unlink(missing_ok=True)
        return
    part = path.with_suffix(".mo.part")
    with part.open("wb") as file:
        write_mo(file, read(room))
    part.replace(compiled)


def problems(room: Path) -> Iterator[str]:
    """Yield what is wrong with a room's translations, one line each."""
    stored, wanted = messages(read(room)), messages(extract(room))
    where = catalogue_path(room).relative_to(PACKAGE.parent) if room.is_relative_to(PACKAGE) else room.name
    for key in sorted(wanted, key=str):
        if key not in stored:
            yield f"{where}: missing (run update): {key[1]!r}"
            continue
        message = stored[key]
        if message.fuzzy:
            yield f"{where}: fuzzy: {key[1]!r}"
        if not all(translations(message)):
            yield f"{where}: untranslated: {key[1]!r}"
        elif wrong := misplaced(message):
            yield f"{where}: placeholders {wrong}: {key[1]!r}"
    for key in sorted(stored.keys() - wanted.keys(), key=str):
        yield f"{where}: no longer used (run update): {key[1]!r}"


def misplaced(message: Message) -> str:
    """Return the placeholders that a translation lost or invented, as a sentence's end; empty when none."""
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    known = {name for text in ids for name in PLACEHOLDER.findall(text)}
    needed = set.intersection(*(set(PLACEHOLDER.findall(text)) for text in ids))
    used = {name for text in translations(message) for name in PLACEHOLDER.findall(text)}
    lost, invented = needed - used, used - known
    return ", ".join([*(f"{name} lost" for name in sorted(lost)), *(f"{name} unknown" for name in sorted(invented))])


def disagreements(folders: Sequence[Path]) -> Iterator[str]:
    """Yield the texts that two rooms translate differently: Django merges catalogues, so only one would be seen."""
    seen: dict[Key, tuple[Path, list[str]]] = {}
    for room in folders:
        for key, message in messages(read(room)).items():
            texts = translations(message)
            if not all(texts):
                continue
            other, known = seen.setdefault(key, (room, texts))
            if known[:1] != texts[:1]:
                yield f"{other.name} and {room.name} translate {key[1]!r} as {known[0]!r} and {texts[0]!r}"


def check(folders: Sequence[Path]) -> list[str]:
    """Return all that is wrong with the translations of the rooms, and between them and the others."""
    return [*(line for room in folders for line in problems(room)), *disagreements(rooms())]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when all is well, 1 when something is to be done, 2 for bad usage."""
    parser = argparse.ArgumentParser(prog="python -m proofline.kit.translations", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("command", choices=["update", "check", "compile"])
    parser.add_argument("room", nargs="*", type=Path, metavar="ROOM_DIR")
    given = parser.parse_args(arguments)
    folders = [room.resolve() for room in given.room] or rooms()
    if missing := [str(room) for room in folders if not (room / "apps.py").exists()]:
        parser.error(f"not the folder of a Django app: {', '.join(missing)}")
    if given.command == "compile":
        for room in folders:
            compile_room(room)
        return 0
    if given.command == "update":
        for room in folders:
            print(f"{room.name}: {update(room)} to translate")
        return 0
    found = check(folders)
    print("\n".join(found) or "Every text is translated.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
