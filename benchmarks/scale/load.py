"""COPY into tables whose keys and indexes are taken away meanwhile; putting them back proves every reference and every uniqueness."""

from __future__ import annotations

import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psycopg

AT_ONCE: Final = 3000
"""Papers of one round of COPY."""


def line(*values: object) -> str:
    """A row in COPY's text format. Texts must hold neither tab nor backslash; newlines are escaped here."""
    cells = ["\\N" if value is None else value if type(value) is str else str(value) for value in values]
    return "\t".join(cells) + "\n"


class Copier:
    """Rows by table, written by a thread while the next ones are made."""

    def __init__(self, conninfo: str, columns: dict[str, Sequence[str]]) -> None:
        self.rows: defaultdict[str, list[str]] = defaultdict(list)
        self.counts: defaultdict[str, int] = defaultdict(int)
        self._columns, self._conninfo = columns, conninfo
        self._rounds: queue.Queue[dict[str, list[str]] | None] = queue.Queue(maxsize=2)
        self._failed: list[BaseException] = []
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def round(self) -> None:
        """Hand over what there is."""
        if self._failed:
            raise self._failed[0]
        self._rounds.put(dict(self.rows))
        for table, rows in self.rows.items():
            self.counts[table] += len(rows)
        self.rows = defaultdict(list)

    def close(self) -> None:
        self.round()
        self._rounds.put(None)
        self._thread.join()
        if self._failed:
            raise self._failed[0]

    def _write(self) -> None:
        try:
            with psycopg.connect(self._conninfo) as connection:
                while (rows := self._rounds.get()) is not None:
                    for table, lines in rows.items():
                        names = ", ".join(f'"{name}"' for name in self._columns[table])
                        with connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN".encode()) as copy:
                            copy.write("".join(lines))
                    connection.commit()
        except BaseException as error:  # noqa: BLE001 - told to the thread that makes the rows
            self._failed.append(error)
            while self._rounds.get() is not None:
                pass


@contextmanager
def without_keys(conninfo: str, tables: Sequence[str], told: Callable[[str], None]) -> Iterator[None]:
    """Keys, references and indexes of the tables are gone within, and back, checked, behind."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        constraints: list[tuple[Any, ...]] = connection.execute(
            "SELECT conrelid::regclass::text, conname, contype, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype IN ('p', 'u', 'f') AND (conrelid::regclass::text = ANY(%s) OR confrelid::regclass::text = ANY(%s))"
            " ORDER BY contype <> 'f'",
            (list(tables), list(tables)),
        ).fetchall()
        for table, name, _, _ in constraints:
            connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'.encode())
        indexes = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY(%s)",
            (list(tables),),
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f'DROP INDEX "{name}"'.encode())
    yield
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for _, definition in indexes:
            started = time.perf_counter()
            connection.execute(str(definition).encode())
            told(f"{time.perf_counter() - started:6.1f} s  {definition}")
        for table, name, _, definition in reversed(constraints):
            started = time.perf_counter()
            connection.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}'.encode())
            told(f"{time.perf_counter() - started:6.1f} s  {table} {definition}")
