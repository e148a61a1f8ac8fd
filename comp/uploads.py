"""A file between its upload and its acceptance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file, and what was told about it. `id` is empty before it is stored."""

    kind: str
    file_name: str
    content: bytes
    options: Mapping[str, str]
    uploaded_by: str
    uploaded_at: datetime
    id: str = ""
