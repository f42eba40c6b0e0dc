"""What a paper says in its fields, with who says so; a field on which its witnesses don't agree stays open."""

from workers.classify.extract.evidence import Code, Evidence
from workers.classify.extract.extract import Extraction, extract
from workers.classify.extract.field import Doubt, Field, Reason, Source

__all__ = ["Code", "Doubt", "Evidence", "Extraction", "Field", "Reason", "Source", "extract"]
