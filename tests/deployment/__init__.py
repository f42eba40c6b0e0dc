"""The files that put a province together: checked by the tools that read them, and by what they must never say."""
