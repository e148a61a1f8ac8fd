"""The `Trace` sheets: every piece × measure with its inputs, and live formulas that come to the payout again.

A formula stands beside each of the engine's results and a check column compares them, so that anybody can change a
weight on `Rules` and see what would be paid.
"""

from collections.abc import Callable, Sequence

from comp.money import minor_unit_decimals
from comp.results import Payout, Piece
from comp.settlement import Key
from comp.sheets import PayrollSheets
from exports.cells import PERCENT_FORMAT, RIGHT, Formula, Sheet, Styled, add_row, money_format
from exports.rules_sheet import Rules
from exports.trace_columns import ATTAINS, LETTERS, TITLES, Block, Row
from exports.trace_rules import TracedRules

_EARNS = "#,##0.00####"
_NUDGE = "(1+1E-13)"
"""Lifts a half that binary numbers hold a hair too low, `209587.49999999997`, back to where it rounds up."""


class Trace:
    """Writes trace rows, each payout's together."""

    def __init__(self, sheets: PayrollSheets, rules: Rules, most_rows: int, told: Callable[[int, int], object]) -> None:
        self._sheets = sheets
        self._rules = rules
        self._most_rows, self._told = most_rows, told
        self._traced = TracedRules(sheets.metrics, rules)
        self._written = 0
        self.payouts: dict[Key, str] = {}

    def write(self, sheet: Sheet, title: str) -> int:
        """Write payouts under the header until the sheet is full or all are written; gives the number of rows.

        Which cell has which payout by formula is kept in `payouts`, as formulas on other sheets name it.
        """
        last = 1
        for payout in self._sheets.payouts[self._written :]:
            rows = self._payout(payout, last + 1)
            if last + len(rows) > self._most_rows:
                break
            for row in rows:
                add_row(sheet, [row.get(title) for title in TITLES])
            whose = Key(payout.employee, payout.amount.currency)
            self.payouts[whose] = f"'{title}'!{LETTERS['Payout by formula']}{last + 1}"
            last += len(rows)
            self._written += 1
            self._told(self._written, len(self._sheets.payouts))
        return last - 1

    @property
    def is_complete(self) -> bool:
        """Whether every payout was written."""
        return self._written == len(self._sheets.payouts)

    def _payout(self, payout: Payout, first: int) -> list[Row]:
        rows: list[Row] = []
        earned: list[str] = []
        for piece in payout.pieces:
            block = self._piece(payout, piece, first + len(rows))
            earned.append(block.at("Piece earns"))
            rows += block.rows
        amount = payout.amount
        step = self._rules.share("rounding", amount.currency)
        shown = money_format(amount.currency)
        top = Block(first)
        by_formula = top.at("Payout by formula")
        rows[0] |= {
            "Payout by formula": Styled(Formula(self._rounded(earned, amount.currency)), shown),
            "Payout": Styled(amount.amount, shown),
            "Check": Styled(Formula(f'IF(ABS({by_formula}-{top.at("Payout")})<{step}/2,"OK","DIFF")'), alignment=RIGHT),
        }
        return rows

    def _rounded(self, earned: Sequence[str], currency: str) -> str:
        total = "+".join(earned)
        if currency not in dict(self._sheets.round_to):
            return f"ROUND(({total})*{_NUDGE},{minor_unit_decimals(currency)})"
        step = self._rules.share("rounding", currency)
        return f"ROUND(({total})/{step}*{_NUDGE},0)*{step}"

    def _piece(self, payout: Payout, piece: Piece, first: int) -> Block:
        block = Block(first)
        stretch, version = piece.stretch, piece.stretch.plan.version
        if stretch.forfeited:
            block.rows.append({"Rule": stretch.forfeited})
        else:
            parts = [self._traced.component(block, piece, place) for place in range(len(stretch.plan.components))]
            total = self._traced.total(block, piece, parts)
            block.rows[0] |= {"Total attains": Styled(Formula(total), ATTAINS)}
        block.rows[0] |= self._amounts(block, piece)
        for row in block.rows:
            row |= {
                "Employee": payout.employee,
                "Name": payout.name,
                "Currency": piece.assignment.currency,
                "From": stretch.span.start,
                "To": stretch.span.last,
                "Unit": piece.assignment.unit,
                "Plan version": version,
            }
        return block

    def _amounts(self, block: Block, piece: Piece) -> Row:
        stretch, assignment = piece.stretch, piece.assignment
        money = money_format(assignment.currency)
        pay = (
            f"{block.at('Target amount')}*{block.at('FTE')}"
            if assignment.target_amount is not None
            else f"{block.at('Salary')}*{block.at('FTE')}*{block.at('Target %')}"
        )
        days = f"{block.at('Days counted')}/{block.at('Days in quarter')}"
        earns = f"{block.at('Annual target')}*{block.at('Share of year')}*{days}*{block.at('Total attains')}"
        share = self._rules.share("quarter", stretch.plan.version, self._sheets.run.quarter.number)
        return {
            "Salary": Styled(assignment.annual_salary, money),
            "Target %": Styled(assignment.target_percent, PERCENT_FORMAT),
            "Target amount": Styled(assignment.target_amount, money),
            "FTE": assignment.fte,
            "Annual target": Styled(Formula(pay), money),
            "Share of year": Styled(Formula(share), PERCENT_FORMAT),
            "Days counted": stretch.counted_days,
            "Days in quarter": stretch.days_in_quarter,
            "Eligible": 0 if stretch.forfeited else 1,
            "Piece earns": Styled(Formula(f"{block.at('Eligible')}*{earns}"), _EARNS),
        }
