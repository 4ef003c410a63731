"""Builds the page as one HTML file: `python -m sim.serve.one_file.build PYODIDE_FOLDER [FILE]`."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final

from sim.experiment.errors import ExperimentError
from sim.experiment.results.files import write_document
from sim.serve.one_file.parts import LOCK, SPARE, core_files, site_archive

__all__ = ["POLICY", "build", "bundle", "main"]

POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; worker-src blob:; "
    "style-src 'unsafe-inline'; img-src data: blob:; connect-src 'none'; base-uri 'none'; form-action 'none'"
)
"""What the page may do: run what is inside it, and ask no place for anything."""
MODULES: Final = (
    "refused", "html", "controls", "load", "results", "start", "saved", "transport-worker", "workbench", "main",
)  # fmt: skip
"""The page's modules, each after those that it needs."""
_IMPORT: Final = re.compile(r"^import \{[^}]*\} from \"\./[\w-]+\.js\";\n", flags=re.MULTILINE)


def bundle() -> str:
    """The page's modules as one script: imports go, since every name is there, and nothing is exported."""
    page = files("sim.serve").joinpath("page")
    parts = []
    for name in MODULES:
        text = _IMPORT.sub("", page.joinpath(f"{name}.js").read_text(encoding="utf-8"))
        parts.append(f"// {name}\n" + re.sub(r"^export ", "", text, flags=re.MULTILINE))
    return "\n".join(parts)


def build(folder: Path) -> str:
    """Return the file as text, from a folder with Pyodide.

    Raises:
        PageError: when a part is missing or is not what Pyodide's lock says.
    """
    from plotly.offline import get_plotlyjs

    page = files("sim.serve").joinpath("page")
    styles = "\n".join(page.joinpath(name).read_text(encoding="utf-8") for name in ("govuk-frontend.css", "page.css"))
    licence = page.joinpath("govuk-frontend.LICENCE.txt").read_text(encoding="utf-8")
    info = json.dumps(json.loads((folder / LOCK).read_text(encoding="utf-8"))["info"])
    worker = files("sim.serve.one_file").joinpath("worker.js").read_text(encoding="utf-8").replace("INFO", info)
    packed = {name: _gzipped(content) for name, content in core_files(folder).items()}
    packed[SPARE] = _gzipped(get_plotlyjs().encode())
    packed["site.zip"] = site_archive(folder)
    text = page.joinpath("index.html").read_text(encoding="utf-8")
    text = text.replace('<link rel="stylesheet" href="page/govuk-frontend.css">\n', "")
    text = text.replace(
        '<link rel="stylesheet" href="page/page.css">', f"<style>\n/*\n{licence}*/\n{styles}\n</style>"
    ).replace(
        '<meta charset="utf-8">\n',
        f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n',
    )  # fmt: skip
    text = text.replace('<script type="module" src="page/main.js"></script>\n', "")
    held = "".join(
        f'<script type="text/plain" data-part="{name}" id="part-{name}">{base64.b64encode(content).decode()}</script>\n'
        for name, content in packed.items()
    )
    own = f'<script type="text/plain" id="worker">\n{worker}</script>\n<script type="module">\n{bundle()}</script>\n'
    return text.replace("</body>", f"{held}{own}</body>")


def _gzipped(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the file, and say its size and hash."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if len(given) not in (1, 2):
        sys.stderr.write("Usage: python -m sim.serve.one_file.build PYODIDE_FOLDER [FILE]\n")
        return 2
    path = Path(given[1] if len(given) == 2 else "outputs/frontdoor.html")
    try:
        content = build(Path(given[0])).encode()
        path.parent.mkdir(parents=True, exist_ok=True)
        write_document(path, content)
    except (ExperimentError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    digest = hashlib.sha256(content).hexdigest()
    sys.stdout.write(f"{path}: {len(content) / 1e6:.1f} MB, SHA-256 {digest}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
