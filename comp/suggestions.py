"""What a question's scale suggests that a metric should make of its answers."""

from dataclasses import dataclass

from comp.scores import Metric, Question, Statistic

_RECOMMENDS = ("recommend", "refer")
_TOP = {2: 1, 3: 1, 4: 2, 5: 2, 6: 2, 7: 3}
"""How many of the best answers count, by how many answers a scale has."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A metric over a question, why it is suggested, and what to beware of."""

    metric: Metric
    why: str
    warning: str = ""


def suggest(question: Question) -> Suggestion:
    """The usual metric over a question, by its scale."""
    size = len(question.answers)
    if (question.low, question.high) == (0, 10) and _asks_to_recommend(question):
        return Suggestion(_metric(question, Statistic.NPS), "Its scale is 0–10 and it asks for a recommendation.")
    if top := _TOP.get(size):
        best = f"best {top} answers" if top > 1 else "best answer"
        return Suggestion(_metric(question, Statistic.TOP_BOX, top), f"The share of the {best} of {size} is usual.")
    why = f"With {size} answers a mean uses all of what customers said."
    return Suggestion(_metric(question, Statistic.MEAN), why, _warning(question))


def _asks_to_recommend(question: Question) -> bool:
    return any(word in f"{question.id} {question.text}".casefold() for word in _RECOMMENDS)


def _warning(question: Question) -> str:
    if (question.low, question.high) != (1, 10):
        return ""
    return (
        "A scale of 1–10 is no Net Promoter scale: it has no 0, so its groups would be others. A mean, or a top box, "
        "says what it can say; the answers are never converted."
    )


def _metric(question: Question, statistic: Statistic, top: int | None = None) -> Metric:
    name = question.id.replace("-", " ").replace("_", " ").strip().capitalize()
    return Metric(
        id=question.id,
        statistic=statistic,
        decimals=2 if statistic is Statistic.MEAN else 1,
        better="lower" if statistic is Statistic.MEAN and question.best == "low" else "higher",
        name=name,
        question=question,
        counted=question.best_answers(top) if top else frozenset(),
        top=top,
    )
