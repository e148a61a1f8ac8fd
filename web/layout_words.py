"""A payroll layout in plain words."""

from collections.abc import Iterator

from comp.figures import grouped, shown
from comp.payroll_layouts import FILE_FIELDS, ROW_FIELDS, Amounts, Characters, Column, Formulas, Layout, Mark, Quotes

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes", "": "widths: every column has its own"}
_FORMULAS = {
    Formulas.APOSTROPHE: "People open the file in a spreadsheet, so text that it would calculate has an apostrophe "
    "before it. Amounts stay numbers.",
    Formulas.REFUSE: "Text that a spreadsheet would calculate is refused: an apostrophe would change what the payroll "
    "system reads.",
    Formulas.KEEP: "No spreadsheet opens the file, so text stays as it is.",
}
_QUOTES = {
    Quotes.NEEDED: "Text is in quotes where it has to be.",
    Quotes.ALL: "Every field is in quotes.",
    Quotes.NEVER: "Nothing is in quotes; text with the sign between columns is refused.",
}


def in_words(layout: Layout) -> list[tuple[str, str]]:
    """What a layout does, each with the word that it is about."""
    return [
        ("File", " ".join(_file(layout))),
        ("Rows", " ".join(_rows(layout))),
        ("Amounts", " ".join(_amounts(layout))),
        ("Days", f"{layout.days}."),
        ("Text", f"{_QUOTES[layout.file.quotes]} {_FORMULAS[layout.file.formulas]}"),
        ("Encoding", _encoding(layout)),
    ]


def _file(layout: Layout) -> Iterator[str]:
    yield f"Named {layout.file.name.text}."
    split = " and ".join(FILE_FIELDS.get(name, name) for name in layout.rows.split)
    yield f"One for each {split}." if split else "One for all."
    yield f"Columns are parted by {_DELIMITERS[layout.file.delimiter]}."
    if not layout.file.header:
        yield "There is no row of headers."
    if layout.before:
        yield f"{len(layout.before)} lines of its own stand before the rows."


def _rows(layout: Layout) -> Iterator[str]:
    one_for = "pay code and cost centre" if layout.rows.keeps_cost_centres else "pay code; cost centres are added up"
    yield f"One for each person and {one_for}."
    yield "Rows of 0 are written." if layout.rows.writes_zero else "Rows of 0 are left out and counted."
    if not layout.rows.writes_negative:
        yield "Negative amounts are refused."
    if layout.most_rows:
        yield f"Above {grouped(str(layout.most_rows))} rows there is a warning."
    if layout.currencies:
        yield f"Only {' and '.join(layout.currencies)} can be paid."


def _amounts(layout: Layout) -> Iterator[str]:
    yield _decimals(layout.amounts)
    yield "A minus sign stands after the amount." if layout.amounts.sign_after else "A minus sign stands before it."
    if layout.warns_above is not None:
        yield f"Above {shown(layout.warns_above)} there is a warning."


def _decimals(amounts: Amounts) -> str:
    many = "As many decimals as the currency has" if amounts.decimals is None else f"{amounts.decimals} decimals"
    return f"{many}, {'without a mark' if amounts.mark is Mark.NONE else f'after a {amounts.mark}'}."


def _encoding(layout: Layout) -> str:
    mark = " with a byte order mark" if layout.file.bom else ""
    ends = "CRLF" if layout.file.line_ends == "\r\n" else "LF"
    return f"{layout.file.encoding}{mark}, lines end with {ends}."


def says(column: Column) -> str:
    """What a column says, in words."""
    names = column.says.names
    if not column.says.text:
        return "always empty"
    if not names:
        return f"always {column.says.text}"
    if column.says.text == f"{{{next(iter(names))}}}":
        name = next(iter(names))
        return ROW_FIELDS.get(name) or FILE_FIELDS.get(name) or f"the value {name}"
    return column.says.text


def rules(column: Column) -> str:
    """What a column may hold, in words."""
    told = ["required"] if column.is_required else []
    told += [f"exactly {column.width} wide, filled with {column.fill!r}"] if column.width else []
    told += [f"at most {column.longest}"] if column.longest else []
    told += [str(column.characters)] if column.characters is not Characters.ANY else []
    if (column.least, column.most) != (None, None):
        told.append(f"{column.least or 0} to {column.most or '…'}")
    return ", ".join(told)
