"""The search index: what can be found, the words that occur in it, and which kinds have been taken in whole."""

from __future__ import annotations

from django.db import models


class SearchEntry(models.Model):
    """A record as search knows it. `words` holds the marked tokens of `kit.search.entries`, who may see it among them.

    Beside the columns each store has its own index over `words`, made by hand in the migration: on SQLite the table `kit_searchwords`
    (FTS5, kept in step by triggers), on PostgreSQL a column `tokens` (tsvector) with a GIN index.
    """

    kind = models.CharField(max_length=32)
    record = models.BigIntegerField()
    title = models.CharField(max_length=250)
    note = models.CharField(max_length=250, blank=True)
    text = models.TextField(blank=True)
    place = models.BigIntegerField()
    variant = models.CharField(max_length=32, blank=True)
    words = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "record"], name="search_entry_once")]

    def __str__(self) -> str:
        return self.title


class SearchTerm(models.Model):
    """A word that occurs, for finding what a mistyped one meant; `back` is the word from its end.

    Not unique: two transactions that meet a new word at once must not wait for each other. A word may come twice; it does no harm.
    """

    word = models.CharField(max_length=40, db_index=True)
    back = models.CharField(max_length=40, db_index=True)

    def __str__(self) -> str:
        return self.word


class SearchFill(models.Model):
    """That all records of a kind, as it was declared then (`declared`), are in the index."""

    kind = models.CharField(max_length=32, primary_key=True)
    declared = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.kind
