"""Questions and metrics, stored as the documents that define them."""

import json
from collections.abc import Iterable

from sqlalchemy import select
from sqlmodel import Session

from comp.metric_documents import read_metrics, write_metric, write_question
from comp.models import MetricRow, QuestionRow
from comp.scores import STANDARD_QUESTIONS, Metric, Question
from comp.store.bulk import columns_of, put


def load_questions(session: Session) -> tuple[Question, ...]:
    """Every known question: the company's own, and the standard ones that it did not describe itself."""
    documents = {id_: json.loads(text) for id_, text in _documents(session, QuestionRow).items()}
    own, _, _ = read_metrics({"questions": documents, "metrics": {}})
    known = {question.id: question for question in (*STANDARD_QUESTIONS, *own)}
    return tuple(known.values())


def load_metrics(session: Session) -> tuple[Metric, ...]:
    """Every metric, by id."""
    documents = {id_: json.loads(text) for id_, text in _documents(session, MetricRow).items()}
    _, metrics, _ = read_metrics({"metrics": documents}, known=load_questions(session))
    return metrics


def definition_states(session: Session) -> dict[tuple[str, str], str]:
    """What each question and metric is stored as, to be compared with a file."""
    questions = {("question", id_): text for id_, text in _documents(session, QuestionRow).items()}
    return questions | {("metric", id_): text for id_, text in _documents(session, MetricRow).items()}


def _documents(session: Session, table: type[QuestionRow | MetricRow]) -> dict[str, str]:
    columns = columns_of(table)
    rows = session.execute(select(columns.id, columns.document).order_by(columns.id))
    return {id_: document for id_, document in rows}  # noqa: C416 - rows, not pairs


def definition_key(definition: Question | Metric) -> tuple[str, str]:
    """What names a definition among all."""
    return ("question" if isinstance(definition, Question) else "metric", definition.id)


def definition_state(definition: Question | Metric) -> str:
    """What a definition would be stored as."""
    written = write_question(definition) if isinstance(definition, Question) else write_metric(definition)
    return json.dumps(written, sort_keys=True)


def save_definitions(session: Session, definitions: Iterable[Question | Metric]) -> None:
    """Add questions and metrics, or change those that are there."""
    states = {definition_key(definition): definition_state(definition) for definition in definitions}
    for kind, table in (("question", QuestionRow), ("metric", MetricRow)):
        rows = ((id_, state) for (of, id_), state in states.items() if of == kind)
        put(session, table, ["id"], ("id", "document"), rows)
