"""Mappings of files' columns, kept under names; and what the company knows that reading a file needs."""

from collections.abc import Mapping

from sqlmodel import Session

from comp.company import Company
from comp.errors import NotFoundError
from comp.scores import Question
from comp.store import batches, metrics, settings


def find_mapping(session: Session, name: str) -> dict[str, str]:
    """A saved mapping. Raises `NotFoundError` for a name under which nothing is saved."""
    columns = batches.load_mapping(session, name)
    if columns is None:
        raise NotFoundError(f"No mapping is saved as {name!r}. Give --map with --mapping {name} once to save it.")
    return columns


def save_mapping(session: Session, name: str, columns: Mapping[str, str]) -> None:
    """Keep a mapping under a name, in place of what was there."""
    batches.save_mapping(session, name, columns)


def reading_needs(session: Session) -> tuple[Company, tuple[Question, ...]]:
    """The company's calendar and zone, and the questions that its files may have."""
    return settings.load_company(session), metrics.load_questions(session)
