"""What the sources of a batch hold now, as documents: which files belong together, which are complete, which can't be taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from models.batches.entities import BatchSource, Duplex, SourceKind
from models.batches.store import Policies, key_of
from models.errors import DigitizeError, NotFound, UnevenSides
from workers.feeding import archive, manifest
from workers.feeding.files import BACK, FRONT, Document, Key, Side, SourceFile, shown, side_of
from workers.feeding.folder import Stability, files_below, one_file

PAIRS = frozenset({Duplex.PAIRS, Duplex.PAIRS_BACK})
HALVES = frozenset({Duplex.HALVES, Duplex.HALVES_BACK})


@dataclass(slots=True)
class Looked:
    """``waiting``: files that are not complete, or whose other side has not come. ``error``: the source as a whole can't be read."""

    documents: list[Document] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    error: DigitizeError | None = None


@dataclass(frozen=True, slots=True)
class Looker:
    """``final``: nothing more will come, so a side without its other is told as an error and not waited for."""

    policies: Policies
    stability: Stability
    max_bytes: int
    final: bool = True

    def look(self, source: BatchSource) -> Looked:
        """The source as it is now. ``OSError`` when it can't be reached."""
        looked, path = Looked(), Path(source.path)
        match SourceKind(source.kind):
            case SourceKind.MANIFEST:
                self._manifest(looked, path)
            case SourceKind.FOLDER:
                if not path.is_dir():
                    raise FileNotFoundError(f"{shown(source.path)}: not there, or no folder")
                self._files(looked, files_below(path))
            case SourceKind.ZIP | SourceKind.FILE:
                file = one_file(path)
                if file is None:
                    raise FileNotFoundError(f"{shown(source.path)}: not there")
                self._files(looked, [file])
        return looked

    def _files(self, looked: Looked, files: Iterable[SourceFile]) -> None:
        complete, waiting = self.stability.part(files)
        looked.waiting += [file.path for file in waiting]
        zips = [file for file in complete if file.error is None and file.name.lower().endswith(".zip")]
        looked.documents += self._documents([file for file in complete if file not in zips], looked)
        for file in zips:
            try:
                inside = list(archive.members(_real(file), max_bytes=self.max_bytes))
            except DigitizeError as error:
                looked.documents.append(Document(file.path, [Side(file)], error=error))
            else:
                looked.documents += self._documents(inside, looked)

    def _documents(self, files: Sequence[SourceFile], looked: Looked) -> Iterator[Document]:
        if self.policies.duplex not in PAIRS:
            for file in files:
                yield self._alone(file)
            return
        groups: dict[str, dict[str, SourceFile]] = {}
        for file in files:
            stem, side = side_of(PurePosixPath(file.name).stem)
            if not side or file.error is not None:
                yield self._alone(file)
                continue
            sides = groups.setdefault(f"{file.path[: -len(file.name)]}{stem}".lower(), {})
            if side in sides:
                yield Document(file.path, [Side(file, side)], error=UnevenSides("two files for the same side"))
            else:
                sides[side] = file
        for sides in groups.values():
            yield from self._pair(sides, looked)

    def _pair(self, sides: dict[str, SourceFile], looked: Looked) -> Iterator[Document]:
        first = next(iter(sides.values()))
        if len(sides) < 2 and not self.final:
            looked.waiting.append(first.path)
            return
        front = sides.get(FRONT, first)
        error = None if len(sides) == 2 else UnevenSides("the other side is missing")
        order = [Side(sides[side], side) for side in (FRONT, BACK) if side in sides]
        yield Document(front.path, order, self._key(side_of(_stem(front))[0]), joined=True, error=error)

    def _alone(self, file: SourceFile) -> Document:
        joined = self.policies.duplex in HALVES
        return Document(file.path, [Side(file)], self._key(_stem(file)), joined=joined, error=file.error)

    def _key(self, stem: str) -> Key:
        text = key_of(stem, self.policies.key_pattern)
        return Key(text, "name" if text else None, told=bool(self.policies.key_pattern))

    def _manifest(self, looked: Looked, path: Path) -> None:
        itself = one_file(path)
        if itself is None:
            raise FileNotFoundError(f"{shown(str(path))}: not there")
        complete, waiting = self.stability.part([itself])
        if waiting:
            looked.waiting.append(itself.path)
            return
        try:
            rows = list(manifest.rows(path))
        except DigitizeError as error:
            looked.error = error
            return
        groups: dict[str, list[tuple[manifest.Row, SourceFile]]] = defaultdict(list)
        for row in rows:
            file = one_file(row.path) if row.error is None else None
            if file is None and row.error is None and not self.final:
                looked.waiting.append(shown(str(row.path)))
            elif file is None:
                looked.documents.append(_bad_row(complete[0], row))
            else:
                groups[row.document or f"\0{row.number}"].append((row, file))
        for group in groups.values():
            _, unstable = self.stability.part([file for _, file in group])
            if unstable:
                looked.waiting += [file.path for file in unstable]
            else:
                looked.documents.append(self._of_rows(group))

    def _of_rows(self, group: Sequence[tuple[manifest.Row, SourceFile]]) -> Document:
        ordered = sorted(group, key=lambda pair: (pair[0].side == BACK, pair[0].order, pair[0].number))
        told = next((row.key for row, _ in ordered if row.key), None)
        sides = [Side(file, row.side) for row, file in ordered]
        faulty = next((file.error for _, file in ordered if file.error), None)
        joined = len(sides) > 1 or self.policies.duplex in HALVES
        key = Key(told, "manifest", told=True) if told else self._key(side_of(_stem(sides[0].file))[0])
        return Document(sides[0].file.path, sides, key, joined=joined, error=faulty)


def _stem(file: SourceFile) -> str:
    return PurePosixPath(file.name).stem


def _real(file: SourceFile) -> Path:
    return file.real or Path(file.path)


def _bad_row(sheet: SourceFile, row: manifest.Row) -> Document:
    """Told like a file: one that is not there under its own path, so that it takes its place when it comes; else by the sheet and its row."""
    path = f"{sheet.path}#{row.number}" if row.error else shown(str(row.path))
    error = row.error or NotFound(f"row {row.number}: there is no such file")
    file = SourceFile(path, shown(row.path.name), 0, f"row-{sheet.stamp}", sheet.open, error=error)
    return Document(path, [Side(file)], Key(row.key, "manifest" if row.key else None), error=error)
