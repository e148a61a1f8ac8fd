"""What can go wrong, in words that a user can act on."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file or document: what, where, and what to do next.

    `line` counts from 1 as a text editor does; `column` is the column's name in the file;
    `where` is a place without lines, such as `components[0].share` or `employee 10417`.
    """

    why: str
    where: str = ""
    line: int | None = None
    column: str = ""
    value: str = ""

    def __str__(self) -> str:
        """One line for a terminal: place, value, reason."""
        place = [self.where] if self.where else []
        place += [f"line {self.line}"] if self.line else []
        place += [f"column {self.column}"] if self.column else []
        shown = f" ({self.value!r})" if self.value else ""
        return f"{', '.join(place)}{shown}: {self.why}" if place or shown else self.why


class LoyaltyPayError(Exception):
    """An error whose message is written for the user."""


class RefusedError(LoyaltyPayError):
    """Input that was refused as a whole, with every problem found in it."""

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        """Keep `problems` beside the sentence that sums them up."""
        super().__init__(message)
        self.problems = tuple(problems)


class NotFoundError(LoyaltyPayError):
    """Something asked for by name that does not exist."""


class UnseenError(NotFoundError):
    """Something that there is not, or that is not for the one who asks: neither the answer nor its time tells which.

    `kind` and `name` say what was asked for, for the audit chain.
    """

    def __init__(self, message: str, kind: str, name: str) -> None:
        """Keep what was asked for beside the sentence."""
        super().__init__(message)
        self.kind, self.name = kind, name


class ChangedError(RefusedError):
    """Something that was looked at before it was acted on, and that somebody changed in between."""


class UnavailableError(LoyaltyPayError):
    """The database cannot be reached, read or written: nothing that the user asked for is wrong."""
