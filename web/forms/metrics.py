"""Metrics and questions in forms. What they mean is read by the reader of the documents, as from a file."""

import re
from collections.abc import Container, Iterable, Sequence

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from comp.errors import Problem
from comp.metric_documents import read_metrics
from comp.periods import Quarter
from comp.scores import Metric, Question, Statistic
from comp.services.metric_changes import Leeway

Document = dict[str, object]
_ID = r"[a-z0-9][a-z0-9-]{0,39}"
_LABEL = re.compile(r"\s*(-?\d{1,3})\s*[=:]\s*(.+?)\s*", re.ASCII)
_STATISTICS = {
    Statistic.NPS: "Net Promoter Score: promoters (9, 10) less detractors (0–6)",
    Statistic.TOP_BOX: "Top box: share of the best answers",
    Statistic.SHARE: "Share of the answers that you list",
    Statistic.MEAN: "Mean of the answers",
    Statistic.VALUE: "Stated value, not asked",
}
_AS_IT_STANDS = ""


class SeenField(HiddenField):
    """The fingerprint of what a form was made of."""


class MetricForm(FlaskForm):
    """A metric. It is made without values where it was posted, so that what did not come back holds nothing."""

    seen = SeenField()
    id = StringField(
        "Id", [InputRequired("Give it an id."), Regexp(f"^{_ID}$", message="Use small letters, digits and -.")]
    )
    name = StringField("Name", [InputRequired("Give it a name."), Length(max=80)])
    question = SelectField("Question", validate_choice=True)
    statistic = SelectField(
        "What it makes of the answers", choices={str(key): text for key, text in _STATISTICS.items()}
    )
    top = StringField("How many of the best answers")
    answers = StringField("Which answers")
    decimals = SelectField("Published decimals", choices={str(number): str(number) for number in range(7)})
    better = SelectField("Which way is better", choices={"higher": "higher is better", "lower": "lower is better"})
    starts = SelectField("Holds from")

    def document(self, before: Metric | None) -> Document:
        """The metric's document. A scale of its own, where it has one on the same question, is kept."""
        statistic = self.statistic.data
        asked = self.question.data if statistic != Statistic.VALUE else None
        own = before.question if before else None
        fields: Document = {
            "name": self.name.data,
            "question": asked or None,
            "statistic": statistic,
            "top": self.top.data if statistic == Statistic.TOP_BOX else None,
            "answers": re.split(r"[\s,;]+", (self.answers.data or "").strip())
            if statistic == Statistic.SHARE
            else None,
            "decimals": self.decimals.data,
            "better": self.better.data,
            "scale": [str(own.low), str(own.high)] if own and own.id == asked else None,
        }
        return {key: value for key, value in fields.items() if value is not None}


def metric_form(
    questions: Sequence[Question], free: Leeway, metric: Metric | None, seen: str, *, posted: bool
) -> MetricForm:
    """The form of a metric, or of a new one where `metric` is only suggested."""
    values = {} if posted else {"seen": seen, "starts": _first(free), **(_values(metric) if metric else {})}
    form = MetricForm(data=values)
    form.question.choices = {"": "none: it is stated"} | {each.id: _told(each) for each in questions}
    form.starts.choices = starts_choices(free)
    return form


def starts_choices(free: Leeway) -> dict[str, str]:
    """The quarters from which a definition may hold."""
    always = {_AS_IT_STANDS: "every quarter: nothing was paid by it"} if free.is_free else {}
    return always | {str(quarter): f"from {quarter}" for quarter in free.quarters}


def _first(free: Leeway) -> str:
    return _AS_IT_STANDS if free.is_free else str(free.quarters[0])


def _values(metric: Metric) -> Document:
    return {
        "id": metric.id,
        "name": metric.name,
        "question": metric.question.id if metric.question else "",
        "statistic": str(metric.statistic),
        "top": str(metric.top or ""),
        "answers": ", ".join(map(str, sorted(metric.counted))) if metric.statistic is Statistic.SHARE else "",
        "decimals": str(metric.decimals),
        "better": metric.better,
    }


def _told(question: Question) -> str:
    return f"{question.id} ({question.low}–{question.high})"


def starts_of(form: FlaskForm) -> Quarter | None:
    """The quarter that was chosen. Only for a form that validated."""
    return Quarter.parse(form.starts.data) if form.starts.data else None


def read_metric(form: MetricForm, questions: Iterable[Question], before: Metric | None) -> Metric | None:
    """The metric that a form states, in place of `before`; None, with the problems at its fields, for none."""
    id_ = before.id if before else form.id.data or ""
    _, metrics, problems = read_metrics({"metrics": {id_: form.document(before)}}, known=questions)
    place_problems(form, problems)
    return None if problems else metrics[0]


def refuse_taken(form: FlaskForm, taken: Container[str]) -> None:
    """Put a problem at the id where something else has it already. For a form that validated otherwise."""
    if form.id.data in taken:
        form.id.errors = [*form.id.errors, "Is taken already: choose another, or change what has it."]


class QuestionForm(FlaskForm):
    """A question. As with metrics, a posted form is made without values."""

    seen = SeenField()
    id = StringField(
        "Id", [InputRequired("Give it an id."), Regexp(f"^{_ID}$", message="Use small letters, digits and -.")]
    )
    text = StringField("What customers are asked", [Length(max=300)])
    low = StringField("Lowest answer", [InputRequired("Type the lowest answer.")])
    high = StringField("Highest answer", [InputRequired("Type the highest answer.")])
    best = SelectField("Which end is better", choices={"high": "the highest answer", "low": "the lowest answer"})
    labels = TextAreaField("Words for answers", [Length(max=5_000)])
    starts = SelectField("Holds from")

    def document(self) -> Document:
        """The question's document."""
        labels: dict[str, list[str]] = {}
        for line in (self.labels.data or "").splitlines():
            if found := _LABEL.fullmatch(line):
                labels.setdefault(found[1], []).append(found[2])
        scale = [(end.data or "").strip() for end in (self.low, self.high)]
        return {"text": self.text.data, "scale": scale, "best": self.best.data, "labels": labels}


def question_form(free: Leeway, question: Question | None, seen: str, *, posted: bool) -> QuestionForm:
    """The form of a question."""
    values: Document = {} if posted else {"seen": seen, "starts": _first(free)}
    if question is not None and not posted:
        values |= {
            "id": question.id,
            "text": question.text,
            "low": str(question.low),
            "high": str(question.high),
            "best": question.best,
            "labels": "\n".join(f"{answer} = {text}" for text, answer in question.labels),
        }
    form = QuestionForm(data=values)
    form.starts.choices = starts_choices(free)
    return form


def read_question(form: QuestionForm, before: Question | None) -> Question | None:
    """The question that a form states, in place of `before`; None, with the problems at its fields, for none."""
    id_ = before.id if before else form.id.data or ""
    unread = [line for line in (form.labels.data or "").splitlines() if line.strip() and not _LABEL.fullmatch(line)]
    problems = [
        Problem("should be lines such as 5 = very satisfied", where="labels", value=line) for line in unread[:3]
    ]
    questions, _, found = read_metrics({"questions": {id_: form.document()}, "metrics": {}})
    place_problems(form, [*problems, *found])
    return None if problems or found else questions[0]


_FIELDS = {"scale": "low", "questions": "low", "metrics": "question"}


def place_problems(form: FlaskForm, problems: Iterable[Problem]) -> None:
    """Put problems with a document at the fields that they are about."""
    for problem in problems:
        parts = [_FIELDS.get(part, part) for part in problem.where.split(".")]
        field = next((form[part] for part in reversed(parts) if part in form), None)
        said = f"{problem.value}: {problem.why}" if problem.value else problem.why
        if isinstance(field, Field):
            field.errors = [*field.errors, said]
        else:
            form.form_errors.append(said)
