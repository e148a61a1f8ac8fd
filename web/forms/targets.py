"""Targets in a grid, in a pasted block, and the changes that wait to be confirmed."""

import json
from collections.abc import Iterable
from fractions import Fraction
from urllib.parse import quote, unquote

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from comp.figures import exact_text
from comp.money import exact
from comp.periods import parse_period
from comp.services.target_changes import Change, Key
from comp.services.targets import Row
from web.forms.numbers import read_number
from web.locales import readers

_TARGET, _SEEN = "target:", "seen:"
_PARTS = 5


def read_target(typed: str) -> Fraction:
    """The target that was typed, exactly, as the reader writes numbers. Raises `ValueError` with a sentence."""
    return exact(read_number(typed.strip().removesuffix("%").rstrip(), readers()))


def shown_target(target: Fraction | None) -> str:
    """A target as the reader types it; nothing where there is none."""
    return "" if target is None else readers().written(exact_text(target), grouped=False)


def _carried(target: Fraction | None) -> str:
    """A target as it is carried to the next page, whoever reads it."""
    return "" if target is None else exact_text(target)


def _read(text: str) -> Fraction | None:
    return exact(text) if text else None


class TargetField(StringField):
    """A target, or nothing. A field that did not come back is a fault: it is neither the old target nor none."""

    target: Fraction | None = None
    came = True
    fault = ""

    def process_data(self, value: object) -> None:
        """Show a target."""
        self.target = value if isinstance(value, Fraction) else None
        self.data = shown_target(self.target)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        self.came, self.data = bool(valuelist), valuelist[0] if valuelist else ""
        try:
            self.target = read_target(self.data) if self.data.strip() else None
        except ValueError as error:
            self.fault = str(error)

    def pre_validate(self, _form: object) -> None:
        """Refuse what is no target."""
        if not self.came:
            raise ValidationError("Did not come back with the form. Load the page again.")
        if self.fault:
            raise ValidationError(self.fault)


class SeenTargetField(HiddenField):
    """What a cell held when the page was made."""

    target: Fraction | None = None

    def process_data(self, value: object) -> None:
        """Take a target."""
        self.target = value if isinstance(value, Fraction) else None
        self.data = _carried(self.target)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what came back."""
        self.data = valuelist[0] if valuelist else ""
        self.target = _read(self.data)


class GridForm(FlaskForm):
    """`grid_form` adds two fields for each cell: what it shall hold, and what it held."""

    def cells(self, prefix: str) -> dict[Key, Fraction | None]:
        """What the cells hold, or held, by unit and metric."""
        return {
            _key(name): field.target
            for name, field in self._fields.items()
            if name.startswith(prefix) and isinstance(field, TargetField | SeenTargetField)
        }

    @property
    def wanted(self) -> dict[Key, Fraction | None]:
        """What each cell shall hold. Only for a form that validated."""
        return self.cells(_TARGET)

    @property
    def seen(self) -> dict[Key, Fraction | None]:
        """What each cell held when the page was made."""
        return self.cells(_SEEN)


def target_name(unit: str, metric: str) -> str:
    """The name of the field with a unit's target of a metric."""
    return _TARGET + _place(unit, metric)


def seen_name(unit: str, metric: str) -> str:
    """The name of the field with what that was."""
    return _SEEN + _place(unit, metric)


def _place(unit: str, metric: str) -> str:
    return f"{quote(unit, safe='')}:{quote(metric, safe='')}"


def _key(name: str) -> Key:
    unit, _, metric = name.partition(":")[2].partition(":")
    return unquote(unit), unquote(metric)


def grid_form(rows: Iterable[Row], posted: Iterable[str] | None = None) -> GridForm:
    """A form with the cells of a grid's rows; of a form that came back, with those that it was made with."""
    shown = {(row.unit, cell.metric.id): cell for row in rows for cell in row.cells}
    keys = list(shown) if posted is None else [_key(name) for name in posted if name.startswith(_SEEN)]
    fields: dict[str, Field] = {}
    values: dict[str, object] = {}
    for unit, metric in keys:
        cell = shown.get((unit, metric))
        fields[target_name(unit, metric)] = TargetField(f"{unit}, {cell.metric.name if cell else metric}")
        fields[seen_name(unit, metric)] = SeenTargetField()
        values |= dict.fromkeys((target_name(unit, metric), seen_name(unit, metric)), cell.own if cell else None)
    made = type("TargetGridForm", (GridForm,), fields)(data=values)
    assert isinstance(made, GridForm)  # noqa: S101 - what the line above made
    return made


class PasteForm(FlaskForm):
    """A block of targets, typed, pasted or in a file."""

    block = TextAreaField("Block")
    file = FileField("or a file")
    blanks = BooleanField("Blank cells remove targets")

    def text(self) -> str:
        """The block's text. Raises `ValueError` with a sentence where it is none."""
        content = self.file.data.read() if self.file.data else b""
        try:
            return content.decode("utf-8-sig") if content else self.block.data or ""
        except UnicodeDecodeError:
            raise ValueError("The file is not CSV in UTF-8. Save it as “CSV UTF-8”, or paste its cells.") from None


class ConfirmForm(FlaskForm):
    """Changes that were looked at, to be stored as they are. Removing targets needs a tick."""

    changes = HiddenField()
    removing = BooleanField("Yes, remove them")

    def read(self) -> tuple[Change, ...]:
        """The changes. Raises `ValueError` for what no page of ours made."""
        lines = json.loads(self.changes.data or "")
        if not isinstance(lines, list) or not all(_is_line(line) for line in lines):
            raise ValueError("these are no changes")
        return tuple(
            Change(unit, parse_period(period), metric, _read(before), _read(after))
            for unit, period, metric, before, after in lines
        )


def _is_line(line: object) -> bool:
    return isinstance(line, list) and len(line) == _PARTS and all(isinstance(part, str) for part in line)


def write_changes(changes: Iterable[Change]) -> str:
    """Changes as the text that `ConfirmForm` carries."""
    lines = [[c.unit, str(c.period), c.metric, _carried(c.before), _carried(c.after)] for c in changes]
    return json.dumps(lines, ensure_ascii=False, separators=(",", ":"))
