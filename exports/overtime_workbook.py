"""The overtime companion as a workbook: what overtime adds to bonuses, by formulas beside the engine's value."""

import io
from collections.abc import Iterator

from openpyxl import Workbook

from comp.overtime import CURRENCY, STATUTORY_HOURS, Companion, OvertimeSheets, Week
from exports.cells import (
    ALARM_FORMAT,
    COUNT_FORMAT,
    LABEL_FONT,
    LEFT,
    RIGHT,
    STRONG_FONT,
    TITLE_FONT,
    Content,
    Formula,
    Styled,
    add_row,
    money_format,
    near,
)
from exports.layout import HEADER_HEIGHT, Column, Page, add_header, add_list, add_sheet, name_table, streamed_book

COUNSEL = "For review by counsel: not legal advice."
CITATION = "29 CFR 778.209, Method of inclusion of bonus in regular rate"
PEOPLE, WEEKS, PARTS, RULE = "People", "Weeks", "Parts", "Rule"
_LIMIT = f"{RULE}!$B$2"
_MONEY, _EXACT, _HOURS = money_format(CURRENCY), "#,##0.00####", "#,##0.00"
_NUDGE = "(1+1E-13)"
"""Lifts a half that binary numbers hold a hair too low back to where it rounds up."""

_SUMMARY = (Column("", 44), Column("", 22), Column("", 22), Column("", 22))
_PEOPLE = (
    Column("Employee", 12),
    Column("Name", 24),
    Column("Bonus", 14, is_number=True),
    Column("Parts come to", 14, is_number=True),
    Column("Weeks", 9, is_number=True),
    Column("Weeks without hours", 17, is_number=True),
    Column("Overtime hours", 11, is_number=True),
    Column("Owed by formula", 14, is_number=True),
    Column("Owed", 14, is_number=True),
    Column("Check", 13, is_number=True),
)
_WEEKS = (
    Column("Employee", 12),
    Column("Name", 24),
    Column("Week from", 12),
    Column("Week to", 12),
    Column("Days in the bonus", 10, is_number=True),
    Column("Bonus of the week", 14, is_number=True),
    Column("Hours", 10, is_number=True),
    Column("Overtime hours", 10, is_number=True),
    Column("Bonus an hour", 12, is_number=True),
    Column("Half of it", 12, is_number=True),
    Column("Owed by formula", 14, is_number=True),
    Column("Owed", 14, is_number=True),
    Column("Check", 13, is_number=True),
)
_PARTS = (
    Column("Employee", 12),
    Column("Name", 24),
    Column("Earned from", 12),
    Column("Earned to", 12),
    Column("Days", 9, is_number=True),
    Column("Part of the bonus", 16, is_number=True),
    Column("A day", 16, is_number=True),
)
_RULES = (Column("What", 30), Column("Says", 16), Column("In words", 110))


class _Places:
    """Where the rows of each person stand on the sheets of weeks and of parts."""

    def __init__(self, companions: tuple[Companion, ...]) -> None:
        week = part = 2
        self.weeks: list[int] = []
        self.parts: list[int] = []
        for each in companions:
            self.weeks.append(week)
            self.parts.append(part)
            week, part = week + len(each.weeks), part + len(each.parts)


def overtime_workbook(sheets: OvertimeSheets) -> bytes:
    """The workbook as the bytes of an XLSX file. Hours may be typed into it: its formulas go on from there."""
    buffer = io.BytesIO()
    page = Page(f"Overtime companion {sheets.quarter}. {COUNSEL}", f"overtime {sheets.quarter}")
    places = _Places(sheets.companions)
    with streamed_book() as book:
        _add_summary(book, sheets, page)
        _add_people(book, sheets, places, page)
        _add_weeks(book, sheets, places, page)
        _add_parts(book, sheets, page)
        _add_rule(book, sheets, page)
        book.properties.title = f"Overtime companion {sheets.quarter}"
        book.properties.subject = COUNSEL
        book.properties.creator = "Loyalty Pay"
        book.properties.created = sheets.made_at.replace(tzinfo=None)
        book.save(buffer)
    return buffer.getvalue()


def _add_summary(book: Workbook, sheets: OvertimeSheets, page: Page) -> None:
    sheet = add_sheet(book, "Summary", _SUMMARY, page)
    sheet.sheet_view.showGridLines = False
    sheet.row_dimensions[1].height = 30
    add_row(sheet, [Styled(f"Overtime companion {sheets.quarter}", font=TITLE_FONT, alignment=LEFT)])
    add_row(sheet, [Styled(COUNSEL, font=STRONG_FONT)])
    add_row(sheet, [Styled(CITATION, font=LABEL_FONT)])
    add_row(sheet, [])
    for label, value in _facts(sheets):
        add_row(sheet, [Styled(label, font=LABEL_FONT), value])
    add_row(sheet, [])
    if sheets.incomplete:
        add_row(sheet, [Styled("Nothing is said to be owed to somebody of whom hours are missing.", font=STRONG_FONT)])
    add_row(sheet, [Styled("Each person is rounded once, half up, to the cent.", font=LABEL_FONT)])
    add_row(sheet, [Styled("Nothing of this is paid by itself: it is in no batch.", font=LABEL_FONT)])


def _facts(sheets: OvertimeSheets) -> Iterator[tuple[str, Styled]]:
    last = len(sheets.companions) + 1
    formula, engine, check = (f"{PEOPLE}!${letter}$2:${letter}${max(2, last)}" for letter in "HIJ")
    yield "Days of the bonus", Styled(f"{sheets.days.start} to {sheets.days.last}", font=STRONG_FONT)
    yield "State of the quarter", Styled(f"{sheets.state}, run {sheets.run}", font=STRONG_FONT)
    yield "People", Styled(len(sheets.companions), COUNT_FORMAT, STRONG_FONT, LEFT)
    yield "Of them without all hours", Styled(Formula(f'COUNTIF({check},"MISSING")'), ALARM_FORMAT, STRONG_FONT, LEFT)
    yield f"Bonuses, {CURRENCY}", Styled(sheets.bonus.amount, _MONEY, STRONG_FONT, LEFT)
    yield f"Owed by formulas, {CURRENCY}", Styled(Formula(f"ROUND(SUM({formula}),2)"), _MONEY, STRONG_FONT, LEFT)
    yield f"Owed, {CURRENCY}", Styled(sheets.owed.amount, _MONEY, STRONG_FONT, LEFT)
    yield "Owed, added up on the sheet People", Styled(Formula(f"ROUND(SUM({engine}),2)"), _MONEY, STRONG_FONT, LEFT)
    yield (
        "People who differ from their formulas",
        Styled(Formula(f'COUNTIF({check},"DIFF")'), ALARM_FORMAT, STRONG_FONT, LEFT),
    )
    yield "Made", Styled(f"{sheets.made_at:%Y-%m-%d %H:%M} UTC by {sheets.made_by}")


def _add_people(book: Workbook, sheets: OvertimeSheets, places: _Places, page: Page) -> None:
    columns = _fitted(_PEOPLE, sheets)
    sheet = add_list(book, PEOPLE, columns, _wide(page), fixed=2)
    for place, each in enumerate(sheets.companions):
        add_row(sheet, _person(place + 2, each, places.weeks[place], places.parts[place]))
    name_table(sheet, PEOPLE, columns, len(sheets.companions))


def _person(row: int, each: Companion, week: int, part: int) -> list[Content]:
    last_week, last_part = week + len(each.weeks) - 1, part + len(each.parts) - 1
    hours, overtime, owed = (f"{WEEKS}!${letter}${week}:${letter}${last_week}" for letter in "GHK")
    total = f"ROUND(SUM({owed})*{_NUDGE},2)"
    differs = f"OR(ABS(C{row}-D{row})>0.000001,ABS(H{row}-I{row})>0.000001)"
    check = f'IF(F{row}>0,"MISSING",IF(I{row}="","NOT STORED",IF({differs},"DIFF","OK")))'
    return [
        each.employee,
        each.name,
        Styled(each.bonus.amount, _MONEY),
        Styled(Formula(f"SUM({PARTS}!$F${part}:$F${last_part})"), _MONEY),
        len(each.weeks),
        Styled(Formula(f"COUNTBLANK({hours})"), ALARM_FORMAT),
        Styled(Formula(f"SUM({overtime})"), _HOURS),
        Styled(Formula(f'IF(F{row}>0,"",{total})'), _MONEY),
        Styled(each.owed.amount if each.owed else None, _MONEY),
        Styled(Formula(check), alignment=RIGHT),
    ]


def _add_weeks(book: Workbook, sheets: OvertimeSheets, places: _Places, page: Page) -> None:
    columns = _fitted(_WEEKS, sheets)
    sheet = add_list(book, WEEKS, columns, _wide(page), fixed=2)
    row = 2
    for place, each in enumerate(sheets.companions):
        for week in each.weeks:
            add_row(sheet, _week(row, each, week, places.parts[place]))
            row += 1
    name_table(sheet, WEEKS, columns, row - 2)


def _week(row: int, each: Companion, week: Week, part: int) -> list[Content]:
    shares = "+".join(f"{PARTS}!$G${part + number}*{days}" for number, days in enumerate(week.days) if days)
    blank = f'G{row}=""'
    check = f'IF({blank},"MISSING",IF(L{row}="","NOT STORED",IF(ABS(K{row}-L{row})<0.000001,"OK","DIFF")))'
    return [
        each.employee,
        each.name,
        week.span.start,
        week.span.last,
        sum(week.days),
        Styled(Formula(shares), _EXACT),
        Styled(week.hours, _HOURS),
        Styled(Formula(f'IF({blank},"",MAX(0,G{row}-{_LIMIT}))'), _HOURS),
        Styled(Formula(f'IF({blank},"",IF(G{row}=0,0,F{row}/G{row}))'), _EXACT),
        Styled(Formula(f'IF({blank},"",I{row}/2)'), _EXACT),
        Styled(Formula(f'IF({blank},"",J{row}*H{row})'), _EXACT),
        Styled(near(week.extra), _EXACT),
        Styled(Formula(check), alignment=RIGHT),
    ]


def _add_parts(book: Workbook, sheets: OvertimeSheets, page: Page) -> None:
    columns = _fitted(_PARTS, sheets)
    sheet = add_list(book, PARTS, columns, page, fixed=2)
    row = 1
    for each in sheets.companions:
        for part in each.parts:
            row += 1
            days = part.span.start, part.span.last, part.span.days
            amounts = Styled(near(part.amount), _EXACT), Styled(Formula(f"F{row}/E{row}"), _EXACT)
            add_row(sheet, [each.employee, each.name, *days, *amounts])
    name_table(sheet, PARTS, columns, row - 1)


def _add_rule(book: Workbook, sheets: OvertimeSheets, page: Page) -> None:
    sheet = add_sheet(book, RULE, _RULES, _wide(page))
    sheet.row_dimensions[1].height = HEADER_HEIGHT
    add_header(sheet, _RULES)
    for what, says, words in _rules(sheets):
        add_row(sheet, [what, Styled(says, alignment=LEFT), words])


def _rules(sheets: OvertimeSheets) -> Iterator[tuple[str, str | int, str]]:
    yield "Hours without overtime", STATUTORY_HOURS, "29 U.S.C. 207(a). The formulas of the sheet Weeks read this cell."
    yield "Workweeks begin on", sheets.rule.first_day, "A fixed and regularly recurring period of 168 hours: 778.105."
    yield "Apportioned", "778.209(a)", "Back over the workweeks of the period during which the bonus was earned."
    yield (
        "Owed for a week",
        "778.209(a)",
        "Half of the hourly rate allocable to the bonus for the week, times its overtime hours.",
    )
    yield "To each week", "778.209(b)", "What was earned in it; of a stretch of days, an equal amount a day."
    yield (
        "Week at the period’s ends",
        "778.104",
        "Gets its days within the period; its overtime counts all its hours, as a workweek stands alone.",
    )
    yield (
        "Of the bonus",
        "",
        "What is paid for this quarter; corrections of other quarters belong to the weeks of those.",
    )
    yield (
        "Not needed",
        "778.210",
        "For a bonus that is a percentage of total earnings, overtime premiums included; nor for exempt employees.",
    )
    yield "Whose", "", _whose(sheets)
    yield "State and other laws", "", f"May ask for more. {COUNSEL}"


def _whose(sheets: OvertimeSheets) -> str:
    rule = sheets.rule
    told = [
        f"units {', '.join(rule.units)} and all below" if rule.units else "",
        f"people {', '.join(rule.people)}" if rule.people else "",
        f"without {', '.join(rule.excepted)}" if rule.excepted else "",
    ]
    return f"Paid in {CURRENCY}: {'; '.join(each for each in told if each)}."


def _fitted(columns: tuple[Column, ...], sheets: OvertimeSheets) -> list[Column]:
    texts = {
        "Employee": [each.employee for each in sheets.companions],
        "Name": [each.name for each in sheets.companions],
    }
    return [column.fitted(texts.get(column.title, ())) for column in columns]


def _wide(page: Page) -> Page:
    return Page(page.heading, page.batch, "landscape")
