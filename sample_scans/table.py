"""The table of ``sample_scans/README.md``, made from the same data as the files."""

from __future__ import annotations

from pathlib import Path

from sample_scans.dossiers import DOSSIERS, Paper, SetFile

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- table: written by make samples -->", "<!-- end of table -->"


def table() -> str:
    """Markdown; one row a file, in the order of the dossiers."""
    rows = ["| file | dossier | papers | wear | dpi | what it is for |", "|---|---|---|---|---|---|"]
    for dossier in DOSSIERS:
        rows += [f"| `{file.name}` | {dossier.title} | {_cells(file)} | {file.about} |" for file in dossier.files]
    return "\n".join(rows)


def _cells(file: SetFile) -> str:
    def once(values: list[str]) -> str:
        return ", ".join(dict.fromkeys(values))

    papers, wears = [_name(paper) for paper in file.papers], [paper.wear for paper in file.papers]
    return f"{once(papers)} | {once(wears)} | {once([f'{paper.dpi:g}' for paper in file.papers])}"


def _name(paper: Paper) -> str:
    return paper.kind


def with_table(text: str) -> str:
    """The README's text with its table renewed. ``ValueError`` when the marks are gone."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"
