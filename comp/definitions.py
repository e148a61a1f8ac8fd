"""Definitions of questions and metrics in time: each holds from a quarter on, until the next of the same name."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from comp.metric_documents import Document, read_metrics
from comp.periods import Quarter
from comp.scores import STANDARD_QUESTIONS, Metric, Question, Statistic

QUESTION, METRIC = "question", "metric"
_FIRST = Quarter(0, 1)
Key = tuple[str, str]
"""What names a definition among all: whether it is of a question or a metric, and its id."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One stored definition: its document as JSON, and the quarter from which it holds; None since always."""

    kind: str
    id: str
    starts: Quarter | None
    document: str


class Dated(NamedTuple):
    """What a metric is from a quarter on; since always where `starts` is None."""

    starts: Quarter | None
    metric: Metric


class Definitions:
    """Every definition of a company, asked by quarter."""

    def __init__(self, stored: Iterable[Definition]) -> None:
        """Index the definitions; nothing is read before it is asked for."""
        self._stored: dict[Key, list[Definition]] = {}
        for each in sorted(stored, key=lambda each: (each.kind, each.id, *_order(each.starts))):
            self._stored.setdefault((each.kind, each.id), []).append(each)
        self._metrics: dict[Quarter | None, tuple[Metric, ...]] = {}

    def of(self, key: Key) -> tuple[Definition, ...]:
        """Every definition of one question or metric, the oldest first."""
        return tuple(self._stored.get(key, ()))

    def at(self, key: Key, quarter: Quarter | None) -> Definition | None:
        """The definition that holds in a quarter, or the last one of all where no quarter is named."""
        known = [each for each in self.of(key) if quarter is None or each.starts is None or each.starts <= quarter]
        return known[-1] if known else None

    def questions(self, quarter: Quarter | None = None) -> tuple[Question, ...]:
        """Every question that may be asked: the company's own, the standard ones, and those that only metrics name."""
        known = self._described(quarter)
        for metric in self.metrics(quarter):
            if metric.question:
                known.setdefault(metric.question.id, metric.question)
        return tuple(known.values())

    def metrics(self, quarter: Quarter | None = None) -> tuple[Metric, ...]:
        """Every metric, by id, as it is defined in a quarter."""
        if quarter not in self._metrics:
            documents = {"metrics": self._documents(METRIC, quarter)}
            self._metrics[quarter] = read_metrics(documents, known=self._described(quarter).values())[1]
        return self._metrics[quarter]

    def metric(self, id_: str, quarter: Quarter | None = None) -> Metric | None:
        """One metric as it is defined in a quarter; None where it is not."""
        return next((metric for metric in self.metrics(quarter) if metric.id == id_), None)

    def history(self, id_: str) -> tuple[Dated, ...]:
        """What a metric has been, the oldest first: a new line wherever it, or the question that it asks, changed."""
        asked = {json.loads(each.document).get("question", "") for each in self.of((METRIC, id_))}
        keys = [(METRIC, id_), *((QUESTION, question) for question in asked)]
        starts = sorted({each.starts for key in keys for each in self.of(key)}, key=_order)
        lines = [Dated(start, metric) for start in starts if (metric := self.metric(id_, start or _FIRST))]
        return tuple(lines[:1]) + tuple(after for before, after in pairwise(lines) if before.metric != after.metric)

    def _documents(self, kind: str, quarter: Quarter | None) -> dict[str, Document]:
        found = {id_: self.at((of, id_), quarter) for of, id_ in self._stored if of == kind}
        return {id_: json.loads(each.document) for id_, each in found.items() if each}

    def _described(self, quarter: Quarter | None) -> dict[str, Question]:
        own, _, _ = read_metrics({"questions": self._documents(QUESTION, quarter), "metrics": {}})
        return {question.id: question for question in (*STANDARD_QUESTIONS, *own)}


def _order(starts: Quarter | None) -> Quarter:
    return starts or _FIRST


def differences(before: Metric, after: Metric) -> tuple[str, ...]:
    """What is no longer the same, in words for people: `scale 1-5 → 1-7`, `another wording of the question`."""
    return tuple(_differences(before, after))


def _differences(before: Metric, after: Metric) -> Iterator[str]:
    old, new = before.question, after.question
    if (before.statistic, before.counted, before.top) != (after.statistic, after.counted, after.top):
        yield from _changed("counts", describe(before), describe(after))
    if old and new and old.id == new.id:
        yield from _changed("scale", f"{old.low}–{old.high}", f"{new.low}–{new.high}")
        yield from _changed("better end of the scale", old.best, new.best)
        if old.text != new.text:
            yield "another wording of the question"
        if old.labels != new.labels:
            yield "other words for its answers"
    else:
        yield from _changed("question", old.id if old else "none", new.id if new else "none")
    yield from _changed("decimals", str(before.decimals), str(after.decimals))
    yield from _changed("better", before.better, after.better)
    yield from _changed("name", before.name, after.name)


def _changed(what: str, before: str, after: str) -> Iterator[str]:
    if before != after:
        yield f"{what} {before} → {after}"


def describe(metric: Metric) -> str:
    """What a metric makes of its answers, in words: `best 2 answers of 1–5`."""
    scale = f"{metric.question.low}–{metric.question.high}" if metric.question else ""
    match metric.statistic:
        case Statistic.NPS:
            return f"promoters less detractors, {scale}"
        case Statistic.TOP_BOX:
            return f"best {metric.top} of {scale}" if metric.top != 1 else f"best answer of {scale}"
        case Statistic.SHARE:
            return f"share of {', '.join(map(str, sorted(metric.counted)))} of {scale}"
        case Statistic.MEAN:
            return f"mean of {scale}"
        case _:
            return "stated value"
