"""The document that describes a company's questions and metrics: read with all its problems, and written back."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from comp.documents import Fields, answer_number, whole_number
from comp.errors import Problem
from comp.money import exact
from comp.periods import Quarter
from comp.scores import STANDARD_QUESTIONS, Metric, Question, Statistic

Document = dict[str, object]
_SCALE = re.compile(r"(-?\d{1,3})\s*(?:-|–|to|\.\.)\s*(-?\d{1,3})", re.ASCII)
_SECTIONS = {"questions", "metrics"}
_FINEST = 6
_WIDEST = 1001


def read_metrics(
    document: object, path: str = "", known: Iterable[Question] = STANDARD_QUESTIONS, *, dated: bool = False
) -> tuple[tuple[Question, ...], tuple[Metric, ...], list[Problem]]:
    """The questions and metrics that a document describes, and the problems that stand against it.

    The document has `questions` and `metrics`, or is the mapping of metrics alone. `known` are the questions that need
    no description here; described ones replace them. Where the document is `dated`, each may say with `from` in which
    quarter its definition begins to hold: `starts_of` tells.
    """
    problems: list[Problem] = []
    reader = _DatedFields if dated else Fields
    fields = reader(_sections(document), problems, path)
    described = tuple(
        _question(id_, reader(value, problems, f"questions.{id_}")) for id_, value in _items(fields, "questions")
    )
    questions = {question.id: question for question in (*known, *described)}
    metrics = tuple(
        _metric(id_, reader(value, problems, f"metrics.{id_}"), questions) for id_, value in _items(fields, "metrics")
    )
    fields.finish()
    return described, metrics, problems


class _DatedFields(Fields):
    """Fields among which `from` may name a quarter."""

    def finish(self) -> None:
        """Report what was not read, and a `from` that is no quarter."""
        self.optional("from", Quarter.parse)
        super().finish()


def starts_of(document: object) -> dict[tuple[str, str], Quarter]:
    """The quarter from which each definition of a dated document holds, by `question` or `metric` and its id.

    Those that do not say, or say what is no quarter, are left out.
    """
    fields = Fields(_sections(document), [])
    return {
        (section.removesuffix("s"), id_): starts
        for section in sorted(_SECTIONS)
        for id_, value in _items(fields, section)
        if (starts := Fields(value, []).optional("from", Quarter.parse))
    }


def _sections(document: object) -> Mapping[object, object]:
    sections = document if isinstance(document, Mapping) else {}
    return sections if _SECTIONS & set(map(str, sections)) else {"metrics": document}


def _items(fields: Fields, key: str) -> list[tuple[str, object]]:
    return list(fields.inner(key).entries())


def _question(id_: str, fields: Fields) -> Question:
    low, high = _scale(fields) or (0, 10)
    question = Question(
        id=id_,
        low=low,
        high=high,
        best=fields.choice("best", ["high", "low"], default="high"),
        text=fields.text("text", default=""),
        labels=_labels(fields.inner("labels"), low, high),
    )
    fields.finish()
    return question


def _scale(fields: Fields) -> tuple[int, int] | None:
    stated = fields.raw("scale")
    written = _SCALE.fullmatch(str(stated).strip())
    ends = stated if isinstance(stated, list | tuple) else written.groups() if written else ()
    match [answer_number(str(end)) for end in ends]:
        case [int(low), int(high)] if low < high < low + _WIDEST:
            return low, high
        case [int(), int()]:
            fields.problem("should run from a lower to a higher answer", "scale", stated)
        case _:
            fields.problem("should be the lowest and the highest answer, such as [1, 5]", "scale", stated or "")
    return None


def _labels(fields: Fields, low: int, high: int) -> tuple[tuple[str, int], ...]:
    labels = []
    for answer, text in fields.entries():
        number = answer_number(answer)
        if number is None or not low <= number <= high:
            fields.problem(f"is not an answer from {low} to {high}", answer)
            continue
        texts = text if isinstance(text, list | tuple) else [text]
        labels += [(str(each).strip().casefold(), number) for each in texts]
    return tuple(labels)


def _metric(id_: str, fields: Fields, questions: Mapping[str, Question]) -> Metric:
    statistic = Statistic(fields.choice("statistic", list(Statistic)))
    question = _asked(fields, statistic, questions)
    top = fields.whole("top") if statistic is Statistic.TOP_BOX else None
    metric = Metric(
        id=id_,
        statistic=statistic,
        decimals=fields.value("decimals", _decimals, 1, default=1),
        better=fields.choice("better", ["higher", "lower"], default=_usual_direction(statistic, question)),
        name=fields.text("name", default="") or id_,
        question=question,
        counted=_counted(fields, statistic, question, top),
        top=top,
    )
    fields.finish()
    return metric


def _asked(fields: Fields, statistic: Statistic, questions: Mapping[str, Question]) -> Question | None:
    if statistic is Statistic.VALUE:
        if fields.has("question"):
            fields.problem("a stated value has no question", "question")
        return None
    name = fields.text("question")
    own_scale = _scale(fields) if fields.has("scale") else None
    known = questions.get(name)
    if own_scale:
        return replace(known or Question(name, 0, 10), low=own_scale[0], high=own_scale[1])
    if name and known is None and statistic is Statistic.NPS:
        return Question(name, 0, 10)
    if name and known is None:
        why = f"{name!r} is not a known question: describe it under `questions` with its scale, or give a `scale` here"
        fields.problem(why, "question")
    return known


def _usual_direction(statistic: Statistic, question: Question | None) -> str:
    return "lower" if statistic is Statistic.MEAN and question and question.best == "low" else "higher"


def _counted(fields: Fields, statistic: Statistic, question: Question | None, top: int | None) -> frozenset[int]:
    if question is None:
        return frozenset()
    if statistic is Statistic.TOP_BOX:
        if not 0 < (top or 0) < len(question.answers):
            fields.problem(f"should be from 1 to {len(question.answers) - 1} of the scale's answers", "top")
        return question.best_answers(top or 1)
    if statistic is Statistic.SHARE:
        return _listed(fields, question)
    return frozenset()


def _listed(fields: Fields, question: Question) -> frozenset[int]:
    labels = dict(question.labels)
    texts = fields.texts("answers")
    answers = {labels.get(text.casefold(), answer_number(text)) for text in texts}
    valid = {answer for answer in answers if answer is not None and answer in question.answers}
    if not texts or valid != answers:
        fields.problem(f"should list answers of the scale {question.low}-{question.high}", "answers")
    return frozenset(valid)


def _decimals(text: str) -> int:
    number = whole_number(text)
    if number > _FINEST:
        raise ValueError(f"{text} is more than the {_FINEST} decimals that a score can have")
    return number


def write_metrics(questions: Iterable[Question], metrics: Iterable[Metric]) -> Document:
    """The document of a company's questions and metrics."""
    return {
        "questions": {question.id: write_question(question) for question in questions},
        "metrics": {metric.id: write_metric(metric) for metric in metrics},
    }


def write_question(question: Question) -> Document:
    """The fields of one question."""
    labels: dict[str, list[str]] = {}
    for text, answer in question.labels:
        labels.setdefault(str(answer), []).append(text)
    document = {"text": question.text, "scale": [str(question.low), str(question.high)], "best": question.best}
    return {**document, **({"labels": labels} if labels else {})}


def write_metric(metric: Metric) -> Document:
    """The fields of one metric."""
    question = metric.question
    stated = {
        "name": metric.name,
        "statistic": str(metric.statistic),
        "question": question.id if question else None,
        "scale": [str(question.low), str(question.high)] if question else None,
        "top": str(metric.top) if metric.top else None,
        "answers": [str(answer) for answer in sorted(metric.counted)] if metric.statistic is Statistic.SHARE else None,
        "decimals": str(metric.decimals),
        "better": metric.better,
    }
    return {key: value for key, value in stated.items() if value is not None}


def score_text(text: str) -> Fraction:
    """A stated score or target: an exact decimal, with or without a `%` sign that means points of a hundred."""
    return exact(text.strip().removesuffix("%").strip())
