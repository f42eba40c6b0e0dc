"""Reads the catalog's YAML files, keeping the line of every entry so that a mistake can be pointed at.

All plain values arrive as text and the model of the line converts them: a code written without quotes (``1.001193``, ``001``)
stays what was written, and no word turns into a truth value on its own. Only an empty value, ``~`` and ``null`` are null.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

# libyaml parses some ten times faster; the pure reader gives the same where it is missing.
_LOADER: type[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NULL = frozenset({"", "~", "null"})
MAX_BYTES = 8 * 1024 * 1024


class UnreadableFile(Exception):
    """The file is no YAML of ours: ``line`` and what is wrong, in both languages."""

    def __init__(self, line: int, vi: str, en: str) -> None:
        super().__init__(en)
        self.line, self.vi, self.en = line, vi, en


@dataclass(frozen=True)
class Document:
    """A file's content: mappings, sequences, text and None, and the YAML nodes it was built from."""

    data: Any
    root: yaml.Node

    def line_of(self, path: Sequence[str | int]) -> int:
        """The line (from 1) where the entry at ``path`` starts; of its nearest ancestor when there is no such entry."""
        node = self.root
        line = node.start_mark.line + 1
        for step in path:
            found = _child(node, step)
            if found is None:
                break
            node, line = found
        return line


def read_document(path: Path) -> Document:
    """``UnreadableFile`` when it is too large, no UTF-8, no YAML, or names a key twice; ``OSError`` when it can't be opened."""
    raw = path.read_bytes()
    if len(raw) > MAX_BYTES:
        raise UnreadableFile(1, "tệp quá lớn", f"the file is larger than {MAX_BYTES} bytes")
    try:
        root = yaml.compose(raw.decode("utf-8-sig"), Loader=_LOADER)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise UnreadableFile(line, "tệp không phải UTF-8", "the file is not UTF-8") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "not YAML"
        raise UnreadableFile(
            mark.line + 1 if mark else 1, f"sai cú pháp YAML: {what}", f"not valid YAML: {what}"
        ) from error
    if root is None:
        raise UnreadableFile(1, "tệp rỗng", "the file is empty")
    try:
        return Document(_value(root), root)
    except RecursionError as error:
        raise UnreadableFile(1, "một mục chứa chính nó", "an entry stands inside itself") from error


def _value(node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return None if not node.style and node.value in _NULL else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    built: dict[str, Any] = {}
    for key, value in node.value:
        name = key.value
        if not isinstance(key, yaml.ScalarNode) or name in built:
            raise UnreadableFile(
                key.start_mark.line + 1, f"khóa trùng hoặc sai: {name}", f"a key twice, or no word: {name}"
            )
        built[name] = _value(value)
    return built


def _child(node: yaml.Node, step: str | int) -> tuple[yaml.Node, int] | None:
    """The node under ``step`` and its line: of a mapping's entry, the line of its key."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return value, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        item = node.value[step]
        return item, item.start_mark.line + 1
    return None
