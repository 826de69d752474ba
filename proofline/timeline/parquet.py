"""Parquet files: written beside their place and moved there when they are whole and on the disk, read a piece at a time."""

from __future__ import annotations

import contextlib
import hashlib
import os
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

BYTES_A_GROUP = 16 * 1024 * 1024
ROWS_A_GROUP = 2_000
LEVEL = 9
"""Of zstandard: files are written once, in the background."""
PART = ".part"


class Row(NamedTuple):
    """A batch as the archive holds it, in the order of the file's columns; the body is JSON as it came."""

    id: int
    kind: str
    source: int | None
    received_at: datetime
    events: int
    body: bytes


@contextlib.contextmanager
def writing(path: Path, *, schema: Any, sparing: Sequence[str] = ()) -> Iterator[Any]:
    """Write a file, with pyarrow's writer; it is there, whole, once the block is left, or not at all.

    Args:
        path: where it will be.
        schema: pyarrow's.
        sparing: columns of text that have few different values.
    """
    from pyarrow import parquet  # noqa: PLC0415 - takes a moment, and most processes never need it

    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(path.name + PART)
    try:
        with parquet.ParquetWriter(
            part, schema, compression="zstd", compression_level=LEVEL, use_dictionary=list(sparing)
        ) as writer:
            yield writer
        sync(part)
        part.replace(path)
        sync(path.parent)
    finally:
        part.unlink(missing_ok=True)


def write_batches(path: Path, rows: Iterable[Row]) -> None:
    """Write a file of batches."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    schema = _schema()
    with writing(path, schema=schema, sparing=("kind",)) as writer:
        for group in _groups(rows):
            columns = [list(column) for column in zip(*group, strict=True)]
            writer.write_table(pa.table(columns, schema=schema))


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    size = 0
    for row in rows:
        group.append(row)
        size += len(row.body)
        if size >= BYTES_A_GROUP or len(group) >= ROWS_A_GROUP:
            yield group
            group, size = [], 0
    if group:
        yield group


def batches(path: Path, *, after: int = 0) -> Iterator[Row]:
    """Yield the batches of a file behind the one with that id, reading one row group at a time.

    Raises:
        OSError: the file is missing or is no Parquet.
    """
    from pyarrow import ArrowInvalid, parquet  # noqa: PLC0415 - as above

    try:
        with parquet.ParquetFile(path) as file:
            for place in range(file.num_row_groups):
                ids = file.metadata.row_group(place).column(0).statistics
                if ids is not None and ids.has_min_max and ids.max <= after:
                    continue
                columns = file.read_row_group(place).to_pydict().values()
                yield from (row for row in map(Row._make, zip(*columns, strict=True)) if row.id > after)
    except ArrowInvalid as error:
        raise OSError(str(error)) from error


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Return when what is known of a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _schema() -> Any:
    import pyarrow as pa  # noqa: PLC0415 - as above

    fields = {
        "id": pa.int64(),
        "kind": pa.string(),
        "source": pa.int64(),
        "received_at": pa.timestamp("us", tz="UTC"),
        "count": pa.int32(),
        "body": pa.binary(),
    }
    return pa.schema([pa.field(name, kind, nullable=name == "source") for name, kind in fields.items()])
