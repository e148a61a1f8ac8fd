"""Several files as one ZIP: the same files give the same bytes."""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO

_NO_DAY = (1980, 1, 1, 0, 0, 0)
_FILE_OF_ITS_OWNER = 0o600 << 16
_UNIX = 3
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
_KEPT = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_LONGEST = 80


def archive(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of files, without days and without packing, which differ from machine to machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as made:
        for name, content in files.items():
            made.writestr(entry(name), content)
    return buffer.getvalue()


def entry(name: str, packing: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    """What a ZIP says of a file, the same on every day and machine."""
    made = zipfile.ZipInfo(name, _NO_DAY)
    made.external_attr, made.create_system, made.compress_type = _FILE_OF_ITS_OWNER, _UNIX, packing
    return made


@contextmanager
def growing_archive(file: IO[bytes]) -> Iterator[Callable[[str, bytes], None]]:
    """A ZIP that is written file by file, so that a large one is nowhere whole in memory; gives what adds one."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:

        def add(name: str, content: bytes) -> None:
            made.writestr(entry(name, made.compression), content)

        yield add


def safe_name(text: str) -> str:
    """A name for a file, of any text: ASCII, without folders, and none that some system keeps for itself."""
    name = _UNSAFE.sub("_", text)[:_LONGEST].lstrip(".").rstrip(". ")
    return f"_{name}" if not name or _KEPT.fullmatch(name) else name


def safe_names(texts: Iterable[str]) -> dict[str, str]:
    """A name for each of some texts, no two alike, small and capital letters being the same for some systems."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for text in texts:
        name, number = safe_name(text), 1
        while name.lower() in taken:
            number += 1
            name = f"{safe_name(text)}-{number}"
        taken.add(name.lower())
        found[text] = name
    return found
