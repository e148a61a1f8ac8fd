"""Text as a search compares it: without case and accents."""

import unicodedata


def searchable(text: str) -> str:
    """The text in lower case and without accents, so that `ozil` and `ÖZIL` both find `Özil`."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
