"""Options of the form `A=B`, given several times."""

from collections.abc import Sequence

import click


def read_pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    """`A=B` texts as a mapping. The last `=` divides, since a column's name may have one.

    Raises `click.UsageError` for another form, and for an A that stands twice.
    """
    pairs: dict[str, str] = {}
    for text in texts:
        left, _, right = (part.strip() for part in text.rpartition("="))
        if not (left and right):
            raise click.UsageError(f"{option} {text!r} should have the form A=B.")
        if left in pairs:
            raise click.UsageError(f"{option} says twice what {left!r} is. Keep one of the two.")
        pairs[left] = right
    return pairs
