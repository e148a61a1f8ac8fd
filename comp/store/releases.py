"""Released batches: stored once, with their lines and files, and read back."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from fractions import Fraction

from sqlalchemy import BigInteger, Select, cast, func, select
from sqlmodel import Session, col

from comp.models import ReleaseFileRow, ReleaseLineRow, ReleaseRow
from comp.money import Money
from comp.paid_lines import LineKey, PaidLine, Place, Weights
from comp.periods import Quarter
from comp.releases import MadeFile, Release, ReleasedFile
from comp.settlement import Key, LineKind
from comp.store.bulk import chunks, columns_of, insert

_COLUMNS = (
    "release",
    "place",
    "employee",
    "name",
    "currency",
    "kind",
    "quarter",
    "pay_code",
    "cost_centre",
    "unit",
    "minor",
)


def save_release(session: Session, release: Release, lines: Sequence[PaidLine], files: Iterable[MadeFile]) -> None:
    """Store a batch whole. Raises an integrity error where the quarter has one of this number."""
    fields = {name: getattr(release, name) for name in Release.__slots__}
    session.add(ReleaseRow(**{**fields, "quarter": str(release.quarter)}))
    session.flush()
    rows = ((release.name, place, *_row(line)) for place, line in enumerate(lines, start=1))
    insert(session, ReleaseLineRow, _COLUMNS, rows)
    for place, file in enumerate(files, start=1):
        session.add(_file_row(release.name, place, file))
    session.flush()


def _row(line: PaidLine) -> tuple[str | int, ...]:
    key = line.key
    place = (key.place.pay_code, key.place.cost_centre, key.place.unit)
    return (key.employee, line.name, key.currency, str(key.kind), str(key.quarter), *place, line.amount.minor)


def _file_row(release: str, place: int, file: MadeFile) -> ReleaseFileRow:
    return ReleaseFileRow(
        release=release,
        layout=file.layout,
        name=file.name,
        place=place,
        sha256=hashlib.sha256(file.content).hexdigest(),
        size=len(file.content),
        content=file.content,
    )


def list_releases(session: Session, quarter: Quarter | None = None) -> list[Release]:
    """Every batch, or those of a quarter, the newest first."""
    query = select(ReleaseRow).order_by(col(ReleaseRow.quarter).desc(), col(ReleaseRow.number).desc())
    if quarter is not None:
        query = query.where(col(ReleaseRow.quarter) == str(quarter))
    return [_release(row) for row in session.scalars(query)]


def find_release(session: Session, name: str) -> Release | None:
    """A batch by its name; None where there is none."""
    row = session.get(ReleaseRow, name)
    return _release(row) if row else None


def _release(row: ReleaseRow) -> Release:
    fields = {name: getattr(row, name) for name in Release.__slots__}
    return Release(**{**fields, "quarter": Quarter.parse(row.quarter)})


def list_files(session: Session, release: str) -> list[ReleasedFile]:
    """The files of a batch without their bytes, in the order in which they were made."""
    table = columns_of(ReleaseFileRow)
    query = select(table.layout, table.name, table.sha256, table.size).where(table.release == release)
    return [ReleasedFile(*row) for row in session.execute(query.order_by(table.place))]


def load_file(session: Session, release: str, layout: str, name: str) -> bytes | None:
    """The bytes of a file; None where there is none of this name."""
    row = session.get(ReleaseFileRow, (release, layout, name))
    return row.content if row else None


def load_lines(session: Session, release: str) -> list[PaidLine]:
    """The lines of one batch, in their order."""
    table = columns_of(ReleaseLineRow)
    return [line for _, line in _read(session, _select().where(table.release == release).order_by(table.place))]


def released_lines(session: Session, quarter: Quarter) -> dict[LineKey, PaidLine]:
    """What all batches of a quarter booked together, by line."""
    lines, batches = columns_of(ReleaseLineRow), columns_of(ReleaseRow)
    query = _select().join(ReleaseRow, batches.name == lines.release).where(batches.quarter == str(quarter))
    found: dict[LineKey, PaidLine] = {}
    for _, line in _read(session, query.order_by(batches.number, lines.place)):
        before = found[line.key].amount.minor if line.key in found else 0
        found[line.key] = line._replace(amount=Money(before + line.amount.minor, line.amount.currency))
    return found


def released_for(session: Session, quarter: Quarter, employees: Collection[str]) -> list[tuple[str, PaidLine]]:
    """Every line that was ever released for a quarter to some employees, corrections of it too, with its batch."""
    table = columns_of(ReleaseLineRow)
    found: list[tuple[str, PaidLine]] = []
    for some in chunks(employees):
        query = _select().where(table.quarter == str(quarter), table.employee.in_(some))
        found += _read(session, query.order_by(table.employee, table.release, table.place))
    return found


def released_to(session: Session, quarter: Quarter, employees: Collection[str]) -> dict[Key, dict[str, int]]:
    """What each batch of a quarter paid some employees, in minor units by batch; the first batch first."""
    lines, batches = columns_of(ReleaseLineRow), columns_of(ReleaseRow)
    minor = cast(func.sum(lines.minor), BigInteger)
    found: dict[Key, dict[str, int]] = {}
    for some in chunks(employees):
        query = select(lines.employee, lines.currency, lines.release, minor)
        query = query.join_from(ReleaseLineRow, ReleaseRow, batches.name == lines.release)
        query = query.where(batches.quarter == str(quarter), lines.employee.in_(some))
        query = query.group_by(lines.employee, lines.currency, lines.release, batches.number)
        for employee, currency, release, total in session.execute(query.order_by(batches.number)):
            found.setdefault(Key(employee, currency), {})[release] = total
    return found


def booked_places(session: Session, quarter: Quarter, employees: Collection[str]) -> dict[tuple[Key, Quarter], Weights]:
    """Where the pay of some employees for a quarter was booked, each place with what it was booked for."""
    found: dict[tuple[Key, Quarter], dict[Place, Fraction]] = {}
    for _, line in released_for(session, quarter, employees):
        weights = found.setdefault((line.whose, quarter), {})
        weights[line.key.place] = weights.get(line.key.place, Fraction(0)) + abs(line.amount.minor)
    return {key: weights for key, weights in found.items() if any(weights.values())}


def released_totals(session: Session, release: str) -> list[tuple[str, int, Money]]:
    """What a batch pays in each currency: the currency, how many people get a line, and the amount."""
    table = columns_of(ReleaseLineRow)
    people, minor = func.count(table.employee.distinct()), cast(func.sum(table.minor), BigInteger)
    query = select(table.currency, people, minor).where(table.release == release)
    rows = session.execute(query.group_by(table.currency).order_by(table.currency))
    return [(currency, count, Money(total, currency)) for currency, count, total in rows]


def is_released(session: Session, quarter: Quarter, employee: str) -> bool:
    """Whether any batch of a quarter pays somebody."""
    lines, batches = columns_of(ReleaseLineRow), columns_of(ReleaseRow)
    query = select(lines.place).join_from(ReleaseLineRow, ReleaseRow, batches.name == lines.release)
    query = query.where(batches.quarter == str(quarter), lines.employee == employee).limit(1)
    return session.scalar(query) is not None


def _select() -> Select[tuple[str | int, ...]]:
    table = columns_of(ReleaseLineRow)
    return select(*(table[name] for name in _COLUMNS)).select_from(ReleaseLineRow)


def _read(session: Session, query: Select[tuple[str | int, ...]]) -> Iterator[tuple[str, PaidLine]]:
    quarters: dict[str, Quarter] = {}
    for release, _, employee, name, currency, kind, quarter, pay_code, centre, unit, minor in session.execute(query):
        paid_for = quarters.setdefault(str(quarter), Quarter.parse(str(quarter)))
        place = Place(str(pay_code), str(centre), str(unit))
        key = LineKey(str(employee), str(currency), LineKind(kind), paid_for, place)
        yield str(release), PaidLine(key, str(name), Money(int(minor), str(currency)))
