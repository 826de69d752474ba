"""Who is behind an event now: the person as merged, the contact and account as tied, also for what happened before."""

# ruff: noqa: S608 - the SQL is put together from our own texts; values are bound

from __future__ import annotations

from functools import cached_property

from proofline.timeline import absorbing

CANONICAL = "(SELECT person, canonical FROM people FINAL WHERE canonical != person)"


class Identity:
    """The SQL of who is behind the rows of a table; who is asked for decides what is joined."""

    def __init__(self, table: str = "events", *, of: str = "") -> None:
        """Take rows of a table; `of` is a condition for the people who can be behind them, when not all can."""
        self.table = table
        self._whole = f"(SELECT person, canonical, contact, account FROM people FINAL{f' WHERE {of}' if of else ''})"
        self._joined = ""

    @property
    def person(self) -> str:
        """The canonical person, 0 for nobody."""
        self._joined = self._joined or CANONICAL
        return f"if(known.canonical > 0, known.canonical, {self.table}.person)"

    @property
    def account(self) -> str:
        """The account of the event, else that of its person now, 0 for none."""
        self._joined = self._whole
        return f"if({self.table}.account > 0, {self._written_account}, known.account)"

    @property
    def contact(self) -> str:
        """The contact whom the person is now, else the event's, 0 for none."""
        self._joined = self._whole
        return f"if(known.contact > 0, known.contact, {self._written_contact})"

    @cached_property
    def _written_account(self) -> str:
        """The account of the event; of one that merged into another, that one."""
        return absorbing.renamed("account", f"{self.table}.account")

    @cached_property
    def _written_contact(self) -> str:
        return absorbing.renamed("contact", f"{self.table}.contact")

    @property
    def subject(self) -> str:
        """A number for the record that the event is about, 0 for none; records of different kinds have different ones."""
        return (
            f"if({self.table}.subject = 0, 0, greatest(1, sipHash64({self.table}.subject_kind, {self.table}.subject)))"
        )

    def belongs(self, ids: str) -> str:
        """Return the SQL of whether an event is one of these accounts'; it looks for their people instead of joining all."""
        theirs = f"(SELECT person FROM people FINAL WHERE account IN {ids})"
        return f"({self.table}.account IN {ids} OR ({self.table}.account = 0 AND {self.table}.person IN {theirs}))"

    def unit(self, per: str) -> str:
        """Return the SQL of what is counted: "person", "account" or "subject"."""
        return {"person": lambda: self.person, "account": lambda: self.account, "subject": lambda: self.subject}[per]()

    @property
    def source(self) -> str:
        """The table, with who is who as far as it was asked for."""
        return (
            f"{self.table} LEFT ANY JOIN {self._joined} AS known ON {self.table}.person = known.person"
            if self._joined
            else self.table
        )
