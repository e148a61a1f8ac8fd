"""Several files as one ZIP: the same files give the same bytes."""

import io
import zipfile
from collections.abc import Mapping

_NO_DAY = (1980, 1, 1, 0, 0, 0)
_FILE_OF_ITS_OWNER = 0o600 << 16
_UNIX = 3


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
