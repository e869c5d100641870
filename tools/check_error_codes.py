"""Every error code that the code gives has a row in error_codes.inc, and every row is given somewhere."""

import re
from pathlib import Path

from source import report, sources

TABLE = "retrain/base/error_codes.inc"
CODE = re.compile(r'"(E\d{4})"')


def rows(root: Path) -> list[tuple[str, str, str, str]]:
    """(code, kind, title, cure) in the order of the table."""
    row = re.compile(r'^\{"(E\d{4})", ErrorKind::k(\w+), "((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"\},$', re.MULTILINE)
    return [(found[1], found[2].lower(), found[3], found[4]) for found in row.finditer((root / TABLE).read_text())]


def violations(root: Path) -> list[str]:
    known = [code for code, *_ in rows(root)]
    used: dict[str, str] = {}
    for file in sources(root, "retrain", "python/bindings"):
        if file.path != TABLE and not file.is_test:
            used |= dict.fromkeys(CODE.findall(file.text), file.path)
    for script in sorted((root / "python/omgkit").rglob("*.py")):
        used |= dict.fromkeys(CODE.findall(script.read_text()), script.relative_to(root).as_posix())
    no_row = [f"{used[code]}: gives {code}, which has no row in {TABLE}" for code in sorted(used) if code not in known]
    return no_row + [f"{TABLE}: nothing gives {code}" for code in known if code not in used]


if __name__ == "__main__":
    report(violations)
