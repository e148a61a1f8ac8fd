"""Writing files whole or not at all."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from comp.errors import LoyaltyPayError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is never half there, as `whole` does."""
    with whole(path) as file:
        file.write(content)


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write into that comes to its place once it is whole; where anything is raised, nothing is left of it.

    Only its owner may read it. Raises `LoyaltyPayError` where the place cannot be written or the disk is full.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise LoyaltyPayError(f"{path} cannot be written: {error.strerror}.") from None
    beside = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from None
    finally:
        beside.unlink(missing_ok=True)


def write_all_whole(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write several files into a folder, all of them or none; where one cannot be written, what was there stays.

    Only their owner may read them. Raises `LoyaltyPayError` where the place cannot be written or the disk is full.
    """
    waiting: dict[Path, Path] = {}
    try:
        for name, content in contents.items():
            waiting[folder / name] = _beside(folder / name, content)
        _move_all(waiting)
    finally:
        for beside in waiting.values():
            beside.unlink(missing_ok=True)


def _beside(path: Path, content: bytes) -> Path:
    """A file beside its place, whole and on the disk."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise LoyaltyPayError(f"{path} cannot be written: {error.strerror}.") from None
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        beside.unlink()
        raise _unwritable(path, error) from None
    except BaseException:
        beside.unlink()
        raise
    return beside


def _move_all(waiting: Mapping[Path, Path]) -> None:
    """Move files into their places; where one cannot be moved, put back what stood in the others'."""
    moved: dict[Path, Path | None] = {}
    try:
        for path, beside in waiting.items():
            moved[path] = _put_away(path)
            beside.replace(path)
    except OSError as error:
        for place, old in moved.items():
            _put_back(place, old)
        raise _unwritable(path, error) from None
    for old in moved.values():
        if old is not None:
            old.unlink()


def _put_away(path: Path) -> Path | None:
    """Rename the file that stands in a place, if there is one. `OSError` for anything but a file."""
    if not path.exists():
        return None
    if path.is_dir():
        raise IsADirectoryError(21, "Is a directory")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    return path.replace(name)


def _put_back(path: Path, old: Path | None) -> None:
    with suppress(OSError):
        if old is None:
            path.unlink(missing_ok=True)
        else:
            old.replace(path)


def _unwritable(path: Path, error: OSError) -> LoyaltyPayError:
    return LoyaltyPayError(f"{path} cannot be written: {error.strerror}. Nothing is left of it.")
