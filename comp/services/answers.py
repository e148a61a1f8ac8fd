"""A unit's answers of a quarter as people judge them: masked, with flags, and without whoever gave them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from comp.attainment import Targets
from comp.errors import UnseenError
from comp.exclusions import WHOLE, Proposal
from comp.facts import Facts
from comp.integrity import WITHIN, Flag, Given, Sign, flags, shown_signs
from comp.integrity_unit import Against, bunching, mix_shift
from comp.masking import masked
from comp.organisation import Organisation
from comp.periods import FiscalYear, Period, Quarter, Span
from comp.roles import Account, Permission
from comp.scores import NO_ANSWERS, Metric, Sample, sample
from comp.services.relations import units_led
from comp.store import answers, settings
from comp.store.answers import Monthly, Response
from comp.store.exclusions import load_left_out
from comp.store.facts import load_frame
from comp.store.responses import LeftOut
from comp.store.results import load_targets
from comp.store.units import load_units

PAGE = 100
FEWEST_FOR_SCORES, FEWEST_FOR_COMMENTS = 5, 10
"""From how many answers on they are shown to whoever neither prepares pay nor answers for the unit's customers."""

_HISTORY = 8


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A response as it is shown. `without` are its questions that are left out, `WHOLE` for all of them."""

    number: int
    response: Response
    comment: str
    flags: tuple[Flag, ...]
    without: tuple[str, ...]

    @property
    def is_out(self) -> bool:
        """Whether the whole response is left out."""
        return WHOLE in self.without


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """A page of a unit's answers. `total` is how many the filter finds, `counts` how many have each sign.

    Where there are `too_few` nothing is shown but their number, and no comments where `hides_comments`. `findings` are
    about the unit as a whole. With `may_propose` the reader may ask for answers to be left out.
    """

    unit: str
    name: str
    quarter: Quarter
    lines: tuple[AnswerLine, ...]
    responses: int
    total: int
    page: int
    counts: Mapping[Sign, int]
    questions: tuple[str, ...]
    findings: tuple[str, ...]
    too_few: bool
    hides_comments: bool
    may_propose: bool

    @property
    def pages(self) -> int:
        """How many pages the filter's answers fill."""
        return max(1, -(-self.total // PAGE))


def units_in_sight(session: Session, actor: Account, quarter: Quarter) -> dict[str, tuple[str, int]]:
    """The units with responses in a quarter that an actor may look at: name and number of responses, by code."""
    days = settings.load_company(session).calendar.span(quarter)
    names = {unit.code: unit.name for unit in load_units(session)}
    led = units_led(session, actor)
    found = answers.answering_units(session, days)
    sees_all = Permission.READ_ANSWERS in actor.permissions
    return {code: (names[code], count) for code, count in found.items() if sees_all or code in led}


def require_sight(session: Session, actor: Account, unit: str) -> None:
    """Raise `UnseenError` for a unit that there is not, or whose answers the actor may not look at."""
    known = any(each.code == unit for each in load_units(session))
    seen = Permission.READ_ANSWERS in actor.permissions or unit in units_led(session, actor)
    if not (known and seen):
        raise UnseenError(f"The answers of {unit} are not there, or not for you to see.", "unit", unit)


def may_propose(session: Session, actor: Account, unit: str) -> bool:
    """Whether somebody may ask for answers of a unit to be left out: HR, and who answers for its customers.

    They also see few answers: they are who follows them up.
    """
    return Permission.PROPOSE_EXCLUSIONS in actor.permissions or unit in units_led(session, actor)


def view_answers(
    session: Session, actor: Account, unit: str, quarter: Quarter, sign: Sign | None = None, page: int = 1
) -> AnswerPage:
    """A page of a unit's own answers of a quarter, the newest first; only those with a sign where one is named.

    Raises `UnseenError` where they are not for the actor.
    """
    require_sight(session, actor, unit)
    days = settings.load_company(session).calendar.span(quarter)
    responses = answers.load_responses(session, unit, days)
    is_free = may_propose(session, actor, unit)
    too_few, with_comments = _shows(responses, is_free=is_free)
    found = _flagged(session, responses, days, with_comments=with_comments)
    shown = [] if too_few else [each for each in responses if sign is None or _has(found, each, sign)]
    here = min(max(1, page), max(1, -(-len(shown) // PAGE)))
    some = shown[(here - 1) * PAGE : here * PAGE]
    frame = load_frame(session, quarter)
    return AnswerPage(
        unit=unit,
        name=next(each.name for each in frame.units if each.code == unit),
        quarter=quarter,
        lines=tuple(_lines(session, some, found, days, with_comments=with_comments)),
        responses=len(responses),
        total=len(shown),
        page=here,
        counts={} if too_few else Counter(flag.sign for each in found.values() for flag in each),
        questions=tuple(sorted({question for each in responses for question in each.answers})),
        findings=() if too_few else tuple(_findings(session, frame, unit)),
        too_few=too_few,
        hides_comments=not with_comments,
        may_propose=is_free,
    )


def _shows(responses: Sequence[Response], *, is_free: bool) -> tuple[bool, bool]:
    """Whether a unit has too few responses for them to be shown, and whether it has comments enough."""
    comments = sum(bool(each.comment) for each in responses)
    return not is_free and len(responses) < FEWEST_FOR_SCORES, is_free or comments >= FEWEST_FOR_COMMENTS


def lines_of(session: Session, actor: Account, proposal: Proposal) -> list[AnswerLine] | None:
    """The responses that a proposal names as an actor may see them; None where their unit has too few.

    Flags are those that they have among all responses of the unit and quarter.
    """
    days = settings.load_company(session).calendar.span(proposal.quarter)
    every = answers.load_responses(session, proposal.unit, days)
    is_free = may_propose(session, actor, proposal.unit)
    too_few, with_comments = _shows(every, is_free=is_free)
    if too_few:
        return None
    found = _flagged(session, every, days, with_comments=with_comments)
    named = answers.load_by_key(session, {each.key for each in proposal.answers})
    return list(_lines(session, named, found, days, with_comments=with_comments))


def numbers_with(session: Session, unit: str, quarter: Quarter, sign: Sign | None) -> list[int]:
    """The numbers of all responses of a unit and quarter that have a sign, the newest first; all for None."""
    days = settings.load_company(session).calendar.span(quarter)
    responses = answers.load_responses(session, unit, days)
    found = _flagged(session, responses, days, with_comments=True)
    return [each.number for each in responses if sign is None or _has(found, each, sign)]


Flags = Mapping[int, tuple[Flag, ...]]


def _has(found: Flags, response: Response, sign: Sign) -> bool:
    return any(flag.sign is sign for flag in found.get(response.number, ()))


def _flagged(session: Session, responses: Sequence[Response], days: Span, *, with_comments: bool) -> Flags:
    wide = Span(days.start - WITHIN, days.end + WITHIN)
    seen = answers.customer_days(session, {each.customer for each in responses if each.customer}, wide)
    given = [Given(each.number, each.day, each.customer, each.comment) for each in responses]
    found = flags(given, days, seen)
    return {number: shown_signs(those, with_comments=with_comments) for number, those in found.items()}


def _lines(
    session: Session, responses: Sequence[Response], found: Flags, days: Span, *, with_comments: bool
) -> Iterator[AnswerLine]:
    left_out = load_left_out(session, [each.key for each in responses])
    names = {unit: answers.names_in(session, unit, days) for unit in {each.unit for each in responses}}
    for each in responses:
        comment = masked(each.comment, names[each.unit]) if with_comments else ""
        yield AnswerLine(each.number, each, comment, found.get(each.number, ()), _without(left_out, each))


def _without(left_out: LeftOut, response: Response) -> tuple[str, ...]:
    return tuple(sorted(left_out.get(response.key, ())))


def _findings(session: Session, frame: Facts, unit: str) -> Iterator[str]:
    """What is worth a look in the unit's scores, with all units below it: ends above targets, and shifts."""
    quarters = [frame.quarter.plus(back) for back in range(1 - _HISTORY, 1)]
    spans = [frame.calendar.span(each) for each in (quarters[0], quarters[-1])]
    below = [place for place, _ in Organisation(frame.units).from_bottom(unit)]
    tallies = answers.tallies_of(session, below, Span(spans[0].start, spans[1].end))
    dated = _with_targets(session, frame, quarters)
    for metric in (each for each in frame.metrics if each.question):
        samples = _samples(frame, metric, tallies)
        history = list(_history(dated, metric, unit, samples))
        before, after = samples.get(frame.quarter.plus(-1), {}), samples.get(frame.quarter, {})
        yield from filter(None, (bunching(metric, history), mix_shift(metric, before, after)))


def _with_targets(session: Session, frame: Facts, quarters: Sequence[Quarter]) -> dict[Quarter, Targets]:
    periods: list[Period] = [*quarters, *dict.fromkeys(FiscalYear(each.year) for each in quarters)]
    every, organisation = load_targets(session, periods), Organisation(frame.units)
    return {each: Targets(replace(frame, quarter=each, targets=every), organisation) for each in quarters}


Samples = dict[Quarter, dict[str, Sample]]


def _samples(frame: Facts, metric: Metric, tallies: Monthly) -> Samples:
    """A metric's samples by quarter and touchpoint."""
    found: Samples = {}
    for (question, month, touchpoint), tally in tallies.items():
        if metric.question and metric.question.id == question:
            here = found.setdefault(frame.calendar.quarter_of(month), {})
            here[touchpoint] = here.get(touchpoint, NO_ANSWERS).pool(sample(metric, tally))
    return found


def _history(
    targets: Mapping[Quarter, Targets], metric: Metric, unit: str, samples: Mapping[Quarter, Mapping[str, Sample]]
) -> Iterator[Against]:
    for quarter, known in targets.items():
        together = _pooled(samples.get(quarter, {}).values())
        target = known.find(metric.id, unit)
        if together.answers >= FEWEST_FOR_SCORES and target is not None:
            yield Against(quarter, metric.published(together.score), target)


def _pooled(samples: Iterable[Sample]) -> Sample:
    total = NO_ANSWERS
    for each in samples:
        total = total.pool(each)
    return total
