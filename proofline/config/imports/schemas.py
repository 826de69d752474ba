"""What the API of imports takes and gives."""

from __future__ import annotations

from datetime import datetime

from ninja import Field, Schema

from proofline.kit.imports.ways import Missing, Mode
from proofline.kit.rest import Given


class Suggestion(Schema):
    column: str
    value: str
    suggestion: str
    rows: int


class ProblemRow(Schema):
    row: int
    column: str
    text: str


class Change(Schema):
    field: str
    before: str
    after: str


class Sample(Schema):
    row: int
    outcome: str = Field(description="created or updated")
    id: int | None = Field(None, description="null for what a check would create")
    name: str
    changes: list[Change]


class Kept(Schema):
    row: int
    id: int
    kind: str
    name: str
    why: str


class UndoOut(Schema):
    state: str = Field(description="undoing, undone or failed")
    asked_at: datetime
    removed: int = 0
    restored: int = 0
    gone: int = Field(0, description="records that somebody had removed already")
    kept: int = 0
    kept_records: list[Kept] = Field([], description="the first 200 of them, with why")


class ImportOut(Schema):
    id: int
    kind: str
    file: str
    rows: int
    state: str = Field(description="columns, checking, checked, running, cancelled, done, failed, undoing or undone")
    done: int = Field(0, description="Rows done so far, or records taken back, while it works.")
    created_at: datetime
    about: dict[str, str | int] = Field(description="How the file is read: form, encoding, delimiter, sheet, header.")
    program: str = Field(description="Google Contacts, HubSpot, Salesforce, or empty")
    columns: list[str]
    mapping: dict[str, str] = Field(description="Column to field; “-” is left out, “+” kept as a note.")
    mode: str = Field(description="both, create or update")
    key: str = Field(description="By what records are found; empty: the surest that a row gives.")
    empty: str = Field(description="keep or clear")
    missing: str = Field(description="reject or add")
    created: int | None = None
    updated: int | None = None
    unchanged: int | None = None
    skipped: int | None = None
    added: int | None = Field(None, description="accounts added because rows named them")
    rejected: int | None = None
    suggestions: list[Suggestion] = []
    problems: list[ProblemRow] = []
    samples: list[Sample] = []
    error: str = ""
    undo: UndoOut | None = None


class WayIn(Schema):
    mapping: str = Field("", description="JSON: column of the file to our field; “-” leaves a column out")
    mode: Mode = Field(Mode.BOTH, description="Add and update, only create, or only update.")
    key: str = Field("", description="By what records are found; empty: the surest that a row gives.")
    empty: str = Field("keep", pattern="^(keep|clear)$", description="What an empty cell does to its field.")
    missing: Missing = Field(Missing.REJECT, description="An account that is not known: reject the row, or add it.")


class ImportIn(WayIn):
    kind: str = Field(description="One of the names that /import-kinds lists.")
    accept_suggestions: bool = Field(False, description="Take near misses with known values.")
    dry_run: bool = Field(False, description="Only check; nothing is changed until /run.")


class MappingIn(Given):
    mapping: dict[str, str] = Field({}, description="Column of the file to our field; “-” leaves a column out")
    mode: Mode = Mode.BOTH
    key: str = ""
    empty: str = Field("keep", pattern="^(keep|clear)$")
    missing: Missing = Missing.REJECT
    save_as: str = Field("", max_length=120, description="Keep it for the next file with the same columns.")
    shared: bool = Field(False, description="The team may use it too.")


class RunIn(Given):
    accept_suggestions: bool = False


class ImportFieldOut(Schema):
    name: str
    label: str
    required: bool
    aliases: list[str]


class ImportKindOut(Schema):
    name: str
    label: str
    keys: list[str] = Field(description="By what records may be found, the surest first.")
    fields: list[ImportFieldOut]


class KindsOut(Schema):
    items: list[ImportKindOut]
    next: str | None = None
