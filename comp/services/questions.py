"""Questions that metrics may be made of, and the columns of answers that no question describes yet."""

import re
from dataclasses import dataclass

from sqlmodel import Session

from comp.errors import NotFoundError
from comp.scores import Question
from comp.store.metrics import load_definitions
from comp.store.unread import load_unread

_LONGEST_ID = 40
_USUAL_SCALES = ((0, 1), (1, 3), (1, 5), (1, 7), (0, 10), (1, 10), (0, 100))


@dataclass(frozen=True, slots=True)
class Unread:
    """A column of answers that no question describes, and the last file that had it."""

    name: str
    answers: int
    low: int
    high: int
    file_name: str


def unread_columns(session: Session) -> list[Unread]:
    """The columns of imported answers files that still no question describes."""
    known = {question.id for question in known_questions(session)}
    found = load_unread(session)
    return [Unread(c.name, c.answers, c.low, c.high, file) for c, file in found if question_id(c.name) not in known]


def question_id(column: str) -> str:
    """The id of a question that a file's column of this name would be read as."""
    return re.sub(r"[^a-z0-9]+", "-", column.casefold()).strip("-")[:_LONGEST_ID].rstrip("-")


def proposed_question(session: Session, column: str) -> Question | None:
    """What a column that nobody described may have asked; None for a column that was not seen."""
    for each in unread_columns(session):
        if each.name == column:
            return Question(question_id(column), *_scale(each.low, each.high))
    return None


def _scale(low: int, high: int) -> tuple[int, int]:
    """The usual scale that has room for these answers."""
    return next(((a, b) for a, b in _USUAL_SCALES if a <= low and high <= b), (low, high))


def known_questions(session: Session) -> tuple[Question, ...]:
    """Every question that a metric may be made of."""
    return load_definitions(session).questions()


def find_question(session: Session, id_: str) -> Question:
    """A question that may be asked. Raises `NotFoundError` for one that there is not."""
    for question in load_definitions(session).questions():
        if question.id == id_:
            return question
    raise NotFoundError(f"There is no question {id_}. Describe it first.")
