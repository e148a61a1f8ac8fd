"""Rows of a form that are added and removed, each known by an id of its own and never by its place.

Traps: WTForms' FieldList numbers rows anew, so that values move when one in the middle goes; it brings back the rows
that the form was made of where all were removed; and it cuts off silently what is above `max_entries`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import Field, Form
from wtforms.utils import unset_value

_ID = re.compile(r"r[1-9][0-9]{0,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its id, and its own small form, whose fields are named `list.id.field`."""

    id: str
    form: Form


class RowsField(Field):
    """A list of rows. A hidden field for each, named as the list, says which there are and in which order."""

    def __init__(self, row: type[Form], label: str = "", most: int = 60, **options: Any) -> None:  # noqa: ANN401 - WTForms takes what it likes
        """Rows of the form `row`; more than `most` are a problem and not cut off."""
        super().__init__(label, **options)
        self.row, self.most = row, most
        self.entries: list[Row] = []

    def process(self, formdata: Any, data: object = unset_value, extra_filters: Any = None) -> None:  # noqa: ANN401, ARG002 - WTForms' signature
        """Take the rows that came back and no others; before anything came back, those of `data`."""
        self.process_errors = []
        if formdata:
            came = [each for each in dict.fromkeys(formdata.getlist(self.name)) if _ID.fullmatch(each)]
            self.entries = [Row(each, self.row(formdata, prefix=self._prefix(each))) for each in came]
            if len(self.entries) > self.most:
                self.process_errors.append(f"There are {len(self.entries)} rows here, more than {self.most}.")
            return
        stated = data if isinstance(data, list | tuple) else ()
        self.entries = [self._made(f"r{number}", item) for number, item in enumerate(stated, start=1)]

    def validate(self, form: Any, extra_validators: Sequence[Any] = ()) -> bool:  # noqa: ANN401, ARG002 - WTForms' signature
        """Validate every row, whatever the others hold."""
        self.errors = list(self.process_errors)
        sound = [row.form.validate() for row in self.entries]
        return all(sound) and not self.errors

    @property
    def rows_data(self) -> list[dict[str, Any]]:
        """What each row holds, in order."""
        return [row.form.data for row in self.entries]

    @property
    def data(self) -> list[dict[str, Any]]:
        """What each row holds, in order."""
        return self.rows_data

    @data.setter
    def data(self, value: object) -> None:
        """Rows are not set by hand."""

    def __iter__(self) -> Iterator[Row]:
        """The rows, in order."""
        return iter(self.entries)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.entries)

    def add(self, item: Mapping[str, object]) -> Row:
        """A new row at the end, under an id that no row here has."""
        made = self._made(f"r{1 + max((int(row.id[1:]) for row in self.entries), default=0)}", item)
        self.entries.append(made)
        return made

    def remove(self, row_id: str) -> None:
        """Take a row out; the others keep their ids and what they hold."""
        self.entries = [row for row in self.entries if row.id != row_id]

    def _made(self, row_id: str, item: Mapping[str, object]) -> Row:
        return Row(row_id, self.row(formdata=None, data=dict(item), prefix=self._prefix(row_id)))

    def _prefix(self, row_id: str) -> str:
        return f"{self.name}.{row_id}."


def rows_fields(form: Form) -> Iterator[RowsField]:
    """Every list of rows in a form, and in its rows."""
    for field in form:
        if isinstance(field, RowsField):
            yield field
            for row in field:
                yield from rows_fields(row.form)


def find_rows(form: Form, name: str) -> RowsField | None:
    """The list of rows with a name, or None."""
    return next((field for field in rows_fields(form) if field.name == name), None)


def plain_fields(form: Form) -> Iterable[Field]:
    """Every field of a form and of its rows, in the order in which the page shows them."""
    for field in form:
        yield field
        if isinstance(field, RowsField):
            for row in field:
                yield from plain_fields(row.form)
