"""Writing a file whole or not at all."""

import os
import tempfile
from pathlib import Path

from comp.errors import LoyaltyPayError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is never half there: beside its place first, then moved into it.

    Only its owner may read it, as it may hold pay.
    Raises `LoyaltyPayError` where the place cannot be written or the disk is full.
    """
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise LoyaltyPayError(f"{path} cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except OSError as error:
        raise LoyaltyPayError(f"{path} cannot be written: {error.strerror}. Nothing is left of it.") from None
    finally:
        Path(beside).unlink(missing_ok=True)
