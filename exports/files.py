"""Writing files whole or not at all."""

import errno
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from comp.errors import LoyaltyPayError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is never half there; raises as `whole` does."""
    with whole(path) as file:
        file.write(content)


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """A file to be written that is never half there: beside its place first, moved into it once it is complete.

    Only its owner may read it, as it may hold pay. What is no file, such as `/dev/stdout`, is written and never
    replaced. Raises `LoyaltyPayError` where the place cannot be written or the disk is full.
    """
    with _open(path) if _is_device(path) else _beside(path) as file:
        yield file


def _is_device(path: Path) -> bool:
    return path.exists() and not (path.is_file() or path.is_dir())


@contextmanager
def _open(path: Path) -> Iterator[IO[bytes]]:
    try:
        with path.open("wb") as file:
            yield file
    except OSError as error:
        raise _unwritable(path, error) from None


@contextmanager
def _beside(path: Path) -> Iterator[IO[bytes]]:
    beside = _made_beside(path)
    try:
        with beside.open("w+b") as file:
            yield file
            _keep(file)
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
            beside = waiting[folder / name] = _made_beside(folder / name)
            _fill(beside, folder / name, content)
        _move_all(waiting)
    finally:
        for beside in waiting.values():
            beside.unlink(missing_ok=True)


def _made_beside(path: Path) -> Path:
    """An empty file beside a place, which only its owner may read."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise LoyaltyPayError(f"{path} cannot be written: {error.strerror}.") from None
    os.close(handle)
    return Path(name)


def _fill(beside: Path, path: Path, content: bytes) -> None:
    try:
        with beside.open("wb") as file:
            file.write(content)
            _keep(file)
    except OSError as error:
        raise _unwritable(path, error) from None


def _keep(file: IO[bytes]) -> None:
    """See to it that what was written is on the disk."""
    file.flush()
    os.fsync(file.fileno())


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
    if not path.is_file():
        raise FileExistsError(17, "It is no file")
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
    full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    remedy = " Make room there, or name another place." if full else ""
    return LoyaltyPayError(f"{path} cannot be written: {error.strerror}. Nothing is left of it.{remedy}")
