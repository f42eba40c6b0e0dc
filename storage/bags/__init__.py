"""BagIt 1.0 (RFC 8493) as one ZIP: written while it is sent, read without trusting it. Knows nothing of what is inside.

Of our own, since the library that others use (``bagit``) works on folders: it needs every file on disk beside its copy.
"""

from __future__ import annotations

from storage.bags.paths import BagProblem, Fault
from storage.bags.reader import Bag, BagFile, Bounds, open_bag
from storage.bags.writer import BagWriter

__all__ = ["Bag", "BagFile", "BagProblem", "BagWriter", "Bounds", "Fault", "open_bag"]
