"""What payroll says that it paid of each batch, how that differs, and what became of each difference."""

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlmodel import Session, col

from comp.models import DifferenceAnswerRow, PaidConfirmationRow, PaidDifferenceRow
from comp.money import Money
from comp.paid_check import AnswerKind, Difference, DifferenceKind, PaidKey
from comp.releases import Answer, Confirmation, Followed


def save_confirmation(session: Session, confirmation: Confirmation, found: Iterable[Difference]) -> None:
    """Store what payroll said of a batch, with every difference."""
    row = PaidConfirmationRow(
        release=confirmation.release,
        how=confirmation.how,
        file_sha256=confirmation.file_sha256,
        rows=confirmation.rows,
        differences=confirmation.differences,
        confirmed_by=confirmation.by,
        confirmed_at=confirmation.at,
    )
    session.add(row)
    session.flush()
    session.add_all(_row(confirmation.release, each) for each in found)
    session.flush()


def _row(release: str, difference: Difference) -> PaidDifferenceRow:
    key, expected, paid = difference.key, difference.expected, difference.paid
    return PaidDifferenceRow(
        release=release,
        employee=key.employee,
        currency=key.currency,
        pay_code=key.pay_code or "",
        kind=difference.kind,
        expected_minor=expected.minor if expected else None,
        paid_minor=paid.minor if paid else None,
    )


def find_confirmations(session: Session, releases: Collection[str]) -> dict[str, Confirmation]:
    """What payroll said of some batches, by name."""
    rows = session.scalars(select(PaidConfirmationRow).where(col(PaidConfirmationRow.release).in_(releases)))
    return {row.release: _confirmation(row) for row in rows}


def _confirmation(row: PaidConfirmationRow) -> Confirmation:
    by = (row.confirmed_by, row.confirmed_at, row.file_sha256)
    return Confirmation(row.release, row.how, row.rows, row.differences, *by)


def list_differences(session: Session, releases: Collection[str]) -> list[Followed]:
    """Every difference of some batches with its answers, by batch and person."""
    query = select(PaidDifferenceRow).where(col(PaidDifferenceRow.release).in_(releases))
    order = col(PaidDifferenceRow.release), col(PaidDifferenceRow.employee), col(PaidDifferenceRow.id)
    rows = list(session.scalars(query.order_by(*order)))
    return [_followed(row, answers) for row, answers in zip(rows, _answers(session, rows), strict=True)]


def find_difference(session: Session, number: int) -> Followed | None:
    """A difference by its number; None where there is none."""
    row = session.get(PaidDifferenceRow, number)
    return _followed(row, _answers(session, [row])[0]) if row else None


def _answers(session: Session, rows: list[PaidDifferenceRow]) -> list[tuple[Answer, ...]]:
    found: dict[int, list[Answer]] = {row.id or 0: [] for row in rows}
    asked = select(DifferenceAnswerRow).where(col(DifferenceAnswerRow.difference_id).in_(found))
    for row in session.scalars(asked.order_by(col(DifferenceAnswerRow.id))):
        answer = Answer(AnswerKind(row.answer), row.words, row.answered_by, row.answered_at)
        found[row.difference_id].append(answer)
    return [tuple(answers) for answers in found.values()]


def _followed(row: PaidDifferenceRow, answers: tuple[Answer, ...]) -> Followed:
    key = PaidKey(row.employee, row.currency, row.pay_code or None)
    amounts = (None if minor is None else Money(minor, row.currency) for minor in (row.expected_minor, row.paid_minor))
    return Followed(row.id or 0, row.release, Difference(key, DifferenceKind(row.kind), *amounts), answers)


def save_answer(session: Session, difference: int, answer: Answer) -> None:
    """Store what somebody said of a difference."""
    session.add(
        DifferenceAnswerRow(
            difference_id=difference,
            answer=answer.kind,
            words=answer.words,
            answered_by=answer.by,
            answered_at=answer.at,
        )
    )
    session.flush()
