"""Questions and metrics, stored as the documents that define them, each from a quarter on."""

import json
from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlmodel import Session, col

from comp.definitions import METRIC, QUESTION, Definition, Definitions, Key
from comp.metric_documents import write_metric, write_question
from comp.models import DefinitionRow
from comp.periods import Quarter
from comp.scores import Metric, Question
from comp.store.bulk import columns_of, put

_COLUMNS = ("kind", "id", "starts", "document")


def load_definitions(session: Session) -> Definitions:
    """Every definition that there is and was."""
    table = columns_of(DefinitionRow)
    rows = session.execute(select(*(table[name] for name in _COLUMNS)))
    return Definitions(
        Definition(kind, id_, Quarter.parse(starts) if starts else None, document)
        for kind, id_, starts, document in rows
    )


def load_questions(session: Session) -> tuple[Question, ...]:
    """Every question as it was defined last: the company's own, and the standard ones that it did not describe."""
    return load_definitions(session).questions()


def load_metrics(session: Session, quarter: Quarter | None = None) -> tuple[Metric, ...]:
    """Every metric, by id, as it is defined in a quarter, or as it was defined last."""
    return load_definitions(session).metrics(quarter)


def definition_key(definition: Question | Metric) -> Key:
    """What names a definition among all."""
    return (QUESTION if isinstance(definition, Question) else METRIC, definition.id)


def definition_state(definition: Question | Metric) -> str:
    """What a definition would be stored as."""
    written = write_question(definition) if isinstance(definition, Question) else write_metric(definition)
    return json.dumps(written, sort_keys=True)


def save_definitions(session: Session, definitions: Iterable[Question | Metric], starts: Quarter | None = None) -> None:
    """Store questions and metrics that hold from a quarter, or since always, in place of those from the very same."""
    states = {definition_key(each): definition_state(each) for each in definitions}
    rows = ((*key, _text(starts), state) for key, state in states.items())
    put(session, DefinitionRow, _COLUMNS[:3], _COLUMNS, rows)


def forget_definition(session: Session, key: Key, starts: Quarter) -> None:
    """Drop what was to hold from a quarter: what held before goes on."""
    kind, id_ = key
    this = col(DefinitionRow.kind) == kind, col(DefinitionRow.id) == id_, col(DefinitionRow.starts) == _text(starts)
    session.execute(delete(DefinitionRow).where(*this))


def _text(starts: Quarter | None) -> str:
    return str(starts or "")
