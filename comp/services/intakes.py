"""For each kind of file: what stands against its records, how they compare with what is stored, how they are stored."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from comp.admission import (
    personal_result_problems,
    response_problems,
    result_problems,
    target_problems,
    unit_problems,
)
from comp.admission_people import absence_problems, person_problems
from comp.company import Company
from comp.errors import Problem
from comp.intake import (
    AbsenceRecord,
    AnyRecord,
    DefinitionRecord,
    Kind,
    PersonalResultRecord,
    PersonRecord,
    ResponseRecord,
    ResultRecord,
    TargetRecord,
    UnitRecord,
)
from comp.organisation import Organisation
from comp.periods import Quarter, Span
from comp.services import definitions
from comp.store import metrics, people, responses, results, settings, units
from comp.store.exclusions import load_left_out
from comp.store.withdrawals import save_result_history

Records = Sequence[Any]  # each kind's own records: `_KINDS` pairs them with the functions that take them
State = object


@dataclass(frozen=True, slots=True)
class Comparison:
    """The records of a file against what is stored: those that are new or changed, and the problems with any of them.

    `before` and `after` are what is and would be stored of them, by key.
    """

    problems: tuple[Problem, ...]
    new: tuple[AnyRecord, ...]
    changed: tuple[AnyRecord, ...]
    unchanged: tuple[AnyRecord, ...]
    before: Mapping[Hashable, Any]
    after: Mapping[Hashable, Any]
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Examined:
    """Problems of records, by key what is stored and what would be, and what is worth knowing of the change."""

    problems: Iterable[Problem]
    keys: Sequence[Hashable]
    states: Sequence[State]
    stored: Mapping[Any, State]
    notes: Sequence[Problem] = ()


def compare(session: Session, kind: Kind, records: Sequence[AnyRecord], company: Company) -> Comparison:
    """How the records of a file of one kind compare with what is stored."""
    examine, _ = _KINDS[kind]
    examined = examine(session, records, company)
    new, changed, unchanged = list[AnyRecord](), list[AnyRecord](), list[AnyRecord]()
    before, after = dict[Hashable, Any](), dict[Hashable, Any]()
    for record, key, state in zip(records, examined.keys, examined.states, strict=True):
        if key not in examined.stored:
            new.append(record)
        elif examined.stored[key] != state:
            changed.append(record)
            before[key] = examined.stored[key]
        else:
            unchanged.append(record)
            continue
        after[key] = state
    notes = tuple(examined.notes)
    return Comparison(tuple(examined.problems), tuple(new), tuple(changed), tuple(unchanged), before, after, notes)


def save(session: Session, kind: Kind, batch: int, comparison: Comparison) -> None:
    """Store what is new and changed."""
    _, store = _KINDS[kind]
    store(session, batch, comparison)


def _units(session: Session, records: Sequence[UnitRecord], _company: Company) -> _Examined:
    known = {unit.code: unit for unit in units.load_units(session)}
    return _Examined(
        unit_problems(records, known),
        [record.unit for record in records],
        [units.unit_state(record) for record in records],
        units.unit_states(session),
    )


def _people(session: Session, records: Sequence[PersonRecord], _company: Company) -> _Examined:
    numbers = {record.employee for record in records}
    owns = people.person_states(session, numbers)
    stored = {key: (state, owns[key[0]]) for key, state in people.assignment_states(session, numbers).items()}
    starts = {(record.employee, record.span.start) for record in records}
    on_file = people.manager_spans(session)
    kept = {
        employee: {span: manager for span, manager in spans.items() if (employee, span.start) not in starts}
        for employee, spans in on_file.items()
    }
    codes = {unit.code for unit in units.load_units(session)}
    return _Examined(
        person_problems(records, codes, people.employees(session), kept),
        [(record.employee, record.span.start) for record in records],
        [(people.assignment_state(record), record.own) for record in records],
        stored,
    )


def _absences(session: Session, records: Sequence[AbsenceRecord], _company: Company) -> _Examined:
    numbers = {record.employee for record in records}
    stored = people.absence_spans(session, numbers)
    starts = {(record.employee, record.span.start) for record in records}
    kept: dict[str, list[Span]] = {}
    for (employee, start), (span, _) in stored.items():
        if (employee, start) not in starts:
            kept.setdefault(employee, []).append(span)
    return _Examined(
        absence_problems(records, people.employees(session), kept),
        [(record.employee, record.span.start) for record in records],
        [(record.span, record.kind) for record in records],
        stored,
    )


def _responses(session: Session, records: Sequence[ResponseRecord], company: Company) -> _Examined:
    key = settings.respondent_key(session)
    organisation = Organisation(units.load_units(session))
    stated = _stated_months(session, company, organisation)
    return _Examined(
        response_problems(records, set(organisation.from_top()), stated),
        [record.key for record in records],
        [responses.response_state(record, key) for record in records],
        responses.response_states(session, [record.key for record in records]),
    )


def _stated_months(
    session: Session, company: Company, organisation: Organisation
) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Who states which metric, by unit, question and month: answers of the unit would contradict the statement.

    A value without a count stands for all units below too; one with a count pools with them.
    """
    questions = {metric.id: metric.question.id for metric in metrics.load_metrics(session) if metric.question}
    found = {}
    for (whose, quarter, metric), (value, answers, *_) in results.result_states(session).items():
        if value is not None and metric in questions:
            months = [f"{month:%Y-%m}" for month in _months(company.calendar.span(Quarter.parse(quarter)))]
            told = [whose] if answers is not None else [unit for unit, _ in organisation.from_bottom(whose)]
            found.update({(unit, questions[metric], month): (whose, metric) for unit in told for month in months})
    return found


def _months(days: Span) -> list[date]:
    first = days.start.year * 12 + days.start.month - 1
    return [date((first + i) // 12, (first + i) % 12 + 1, 1) for i in range(3)]


def _results(session: Session, records: Sequence[ResultRecord], company: Company) -> _Examined:
    known = {metric.id: metric for metric in metrics.load_metrics(session)}
    all_units = units.load_units(session)
    quarters = {record.quarter for record in records if record.value is not None}
    answered = results.answered(session, quarters, company.calendar, known.values())
    return _Examined(
        result_problems(records, {unit.code for unit in all_units}, known, _whose(answered, Organisation(all_units))),
        [(record.unit, str(record.quarter), record.metric) for record in records],
        [results.result_state(record) for record in records],
        results.result_states(session),
    )


def _whose(answered: Iterable[tuple[str, str, str]], organisation: Organisation) -> dict[tuple[str, str, str], str]:
    """Each unit, quarter and metric with answers, own or below, and whose they are."""
    whose = {
        (above, quarter, metric): unit for unit, quarter, metric in answered for above in organisation.way_up(unit)
    }
    return whose | {key: key[0] for key in answered}


def _personal_results(session: Session, records: Sequence[PersonalResultRecord], _company: Company) -> _Examined:
    known = {metric.id: metric for metric in metrics.load_metrics(session)}
    return _Examined(
        personal_result_problems(records, people.employees(session), known),
        [(record.employee, str(record.quarter), record.metric) for record in records],
        [record.value for record in records],
        people.personal_result_states(session),
    )


def _targets(session: Session, records: Sequence[TargetRecord], _company: Company) -> _Examined:
    known = {metric.id: metric for metric in metrics.load_metrics(session)}
    return _Examined(
        target_problems(records, {unit.code for unit in units.load_units(session)}, known),
        [(record.unit, str(record.period), record.metric) for record in records],
        [record.target for record in records],
        results.target_states(session),
    )


def _definitions(session: Session, records: Sequence[DefinitionRecord], _company: Company) -> _Examined:
    placed = _placed(session, records)
    keys = [(*each.key, each.starts) for each in placed]
    befores = ((key, each.before) for key, each in zip(keys, placed, strict=True))
    return _Examined(
        _definition_problems(session, placed),
        keys,
        [each.after for each in placed],
        {key: before for key, before in befores if before is not None},
        [Problem(each.note, where=each.where) for each in placed if each.note],
    )


def _placed(session: Session, records: Sequence[DefinitionRecord]) -> list[definitions.Placed]:
    known, use = metrics.load_definitions(session), definitions.uses(session)
    return [definitions.place(known, use, record.definition, record.starts) for record in records]


def _definition_problems(session: Session, placed: Iterable[definitions.Placed]) -> Iterator[Problem]:
    ranges = results.answer_ranges(session)
    for each in placed:
        for why in filter(None, (each.problem, definitions.scale_problem(ranges, each.definition))):
            yield Problem(why, where=each.where)


def _changes(comparison: Comparison) -> Records:
    return (*comparison.new, *comparison.changed)


def _save_responses(session: Session, batch: int, comparison: Comparison) -> None:
    after = {str(key): state for key, state in comparison.after.items()}
    before = {str(key): state for key, state in comparison.before.items()}
    responses.save_responses(session, batch, after, before, load_left_out(session))


def _save_results(session: Session, batch: int, comparison: Comparison) -> None:
    results.save_results(session, _changes(comparison))
    save_result_history(session, batch, comparison.before, comparison.after)


def _save_definitions(session: Session, _batch: int, comparison: Comparison) -> None:
    definitions.save(session, _placed(session, _changes(comparison)))


_KINDS: Mapping[
    Kind,
    tuple[Callable[[Session, Records, Company], _Examined], Callable[[Session, int, Comparison], None]],
] = {
    Kind.UNITS: (_units, lambda session, _, comparison: units.save_units(session, _changes(comparison))),
    Kind.PEOPLE: (_people, lambda session, _, comparison: people.save_people(session, _changes(comparison))),
    Kind.ABSENCES: (_absences, lambda session, _, comparison: people.save_absences(session, _changes(comparison))),
    Kind.ANSWERS: (_responses, _save_responses),
    Kind.RESULTS: (_results, _save_results),
    Kind.PERSONAL_RESULTS: (
        _personal_results,
        lambda session, _, comparison: people.save_personal_results(session, _changes(comparison)),
    ),
    Kind.TARGETS: (_targets, lambda session, _, comparison: results.save_targets(session, _changes(comparison))),
    Kind.METRICS: (_definitions, _save_definitions),
}
