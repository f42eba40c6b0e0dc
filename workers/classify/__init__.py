"""Which paper is this, and which fields does it carry. Filled by the rules work; the pipeline calls it already."""
