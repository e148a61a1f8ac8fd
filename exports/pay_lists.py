"""What lists of pay in several workbooks share: scores with their intervals, and distinct titles of columns."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from comp.intervals import score_interval
from comp.scores import Metric, Score
from exports.cells import COUNT_FORMAT, INDENTED, Content, Styled, decimals_format, heading, near

INTERVAL_FORMAT = "#,##0.0"
SCORE_COLUMNS = 5


def score_cells(metrics: Mapping[str, Metric], id_: str, score: Score | None) -> list[Content]:
    """A score, its answers, the ends of its interval and what it rests on; empty cells without one."""
    if score is None:
        return [None] * SCORE_COLUMNS
    metric = metrics[id_]
    known = score_interval(metric, score)
    low, high = (Fraction(f"{end:.1f}") for end in known) if known else (None, None)
    return [
        Styled(near(score.value), decimals_format(metric.decimals)),
        Styled(score.answers, COUNT_FORMAT),
        Styled(low, INTERVAL_FORMAT),
        Styled(high, INTERVAL_FORMAT),
        Styled(score.basis, alignment=INDENTED),
    ]


def distinct(titles: Iterable[str]) -> list[str]:
    """Titles for columns, in one line each, of which no two are the same to a spreadsheet, which ignores capitals."""
    found: dict[str, str] = {}
    for title in map(heading, titles):
        name, number = title, 2
        while name.casefold() in found:
            name, number = f"{title} ({number})", number + 1
        found[name.casefold()] = name
    return list(found.values())
