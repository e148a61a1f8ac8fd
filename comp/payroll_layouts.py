"""Layouts of files for payroll systems, as data: columns, how they are written, and what a file must not hold."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from comp.payroll_templates import Template

WORKBOOK = "workbook"
"""What commands call the payroll workbook, which is no layout."""

ROW_FIELDS = {
    "employee": "employee number, as HR knows it",
    "payroll_number": "employee number, as payroll knows it",
    "name": "name",
    "pay_code": "pay code of the payroll system",
    "plan_pay_code": "pay code of the plan",
    "currency": "currency",
    "amount": "amount",
    "cost_centre": "cost centre",
    "corrects": "quarter that is corrected",
    "row": "number of the row in its file",
    "nth": "number of the row among the person's own in its file",
}
"""What is known of a row, with what it is in words."""

CORRECTS = "corrects"
"""The field of a column that a file without corrections leaves out."""

FILE_FIELDS = {
    "company_code": "company code",
    "quarter": "quarter",
    "first_day": "first day of the quarter",
    "last_day": "last day of the quarter",
    "pay_date": "day of payment",
    "pay_month": "first day of the month of payment",
    "batch": "batch number",
    "batch_name": "name of the batch; of a preview, of the run",
    "run": "number of the run",
}
"""What is known of a whole file, and of every row in it."""

TOTAL_FIELDS = {"rows": "number of rows", "people": "number of people", "total": "sum of the amounts"}
"""What lines before and after the rows may also say."""

DAYS = frozenset({"first_day", "last_day", "pay_date", "pay_month"})
SPLITS = ("company_code", "currency")


class Formulas(StrEnum):
    """What happens to text that a spreadsheet would calculate: text that starts with `=`, `+`, `-`, `@`.

    `apostrophe` for files that people open in a spreadsheet; `refuse` for files that a payroll system reads and a
    spreadsheet might open, where an apostrophe would change a number or code; `keep` where no spreadsheet opens them.
    """

    APOSTROPHE = "apostrophe"
    REFUSE = "refuse"
    KEEP = "keep"


class Quotes(StrEnum):
    """Which fields stand in quotes."""

    NEEDED = "needed"
    ALL = "all"
    NEVER = "never"


class Mark(StrEnum):
    """What stands before an amount's decimals; `none` where the reader knows how many they are."""

    POINT = "point"
    COMMA = "comma"
    NONE = "none"


class Characters(StrEnum):
    """Which characters a column may hold."""

    ANY = "any"
    ASCII = "ascii"
    ALPHANUMERIC = "letters and digits"
    DIGITS = "digits"


@dataclass(frozen=True, slots=True)
class FileForm:
    """How a file is named and written. `delimiter` is one character, or empty where every column has its width."""

    name: Template
    encoding: str = "utf-8"
    bom: bool = False
    line_ends: str = "\r\n"
    delimiter: str = ","
    quotes: Quotes = Quotes.NEEDED
    formulas: Formulas = Formulas.REFUSE
    closes_lines: bool = False
    header: bool = True


@dataclass(frozen=True, slots=True)
class RowRules:
    """Which rows there are.

    `keeps_cost_centres` gives a person a row for each cost centre, else one for each pay code. `split` names what each
    file has one of. Rows of 0 are written or left out, negative ones written or refused.
    """

    keeps_cost_centres: bool = False
    split: tuple[str, ...] = ()
    writes_zero: bool = False
    writes_negative: bool = True


@dataclass(frozen=True, slots=True)
class Amounts:
    """How amounts are written: `decimals` None for those of the currency; a minus sign before or after."""

    mark: Mark = Mark.POINT
    decimals: int | None = None
    sign_after: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, what it says, and what it may hold.

    `width` fills it up to an exact width with `fill`; `longest` only limits it. `cut` shortens what is too long, for
    text that nothing is found by. `least` and `most` bound a number of digits.
    """

    header: str
    says: Template
    is_required: bool = False
    width: int | None = None
    fill: str = " "
    fills_before: bool = False
    longest: int | None = None
    cuts: bool = False
    characters: Characters = Characters.ANY
    least: int | None = None
    most: int | None = None

    @property
    def limit(self) -> int | None:
        """How many characters fit."""
        return self.width or self.longest


@dataclass(frozen=True, slots=True)
class Record:
    """One kind of line: a header and columns. Most layouts have one; Oracle's loader wants two for each row."""

    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Layout:
    """How one payroll system reads what is to be paid.

    `note` says what users must know, `sources` where the facts are from, `unconfirmed` which of them nobody has tried.
    `values` are texts that each company fills in; a blank one keeps files from being made. `maps` names the layout
    whose pay codes, company codes and numbers it uses. `currencies` are all that the system pays in; none means any.
    """

    id: str
    name: str
    file: FileForm
    records: tuple[Record, ...]
    note: str = ""
    sources: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    rows: RowRules = RowRules()
    days: str = "YYYY-MM-DD"
    amounts: Amounts = Amounts()
    values: tuple[tuple[str, str], ...] = ()
    before: tuple[Template, ...] = ()
    after: tuple[Template, ...] = ()
    most_rows: int | None = None
    warns_above: Fraction | None = None
    currencies: tuple[str, ...] = ()
    maps: str = ""

    @property
    def maps_of(self) -> str:
        """Under which layout's name its maps are kept."""
        return self.maps or self.id

    @cached_property
    def names(self) -> frozenset[str]:
        """Everything that it writes or splits by."""
        return frozenset(self.rows.split).union(*(template.names for template in self.templates()))

    def templates(self) -> Iterator[Template]:
        """Every text with places."""
        yield self.file.name
        yield from (*self.before, *self.after)
        yield from (column.says for record in self.records for column in record.columns)

    @property
    def lacking_values(self) -> tuple[str, ...]:
        """The values that nobody filled in."""
        return tuple(name for name, value in self.values if not value)

    def without_corrections(self) -> "Layout":
        """The layout as it is written where nothing is corrected: a column that says which quarter is left out.

        So files without corrections are the same whether a layout can tell of them or not. Where columns are known by
        their place and not by a header, they all stay.
        """
        if not (self.file.delimiter and self.file.header):
            return self
        kept = (tuple(each for each in record.columns if each.says.names != {CORRECTS}) for record in self.records)
        return replace(self, records=tuple(Record(columns) for columns in kept))


WORKBOOK_CODES = Layout(
    WORKBOOK, "Payroll workbook", FileForm(Template("", ())), (), rows=RowRules(split=("company_code",))
)
"""Under which name the workbook's company codes are kept, as a layout's are. It makes no files."""
