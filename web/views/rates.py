"""Exchange rates of quarters, for totals in the group currency: no payout is converted."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from comp.db import Session, reading, writing
from comp.errors import ChangedError, Problem, RefusedError
from comp.exchange import Rate
from comp.figures import counted
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import exchange, quarters, relations
from comp.services.exchange import DoubtfulError, RatesView, Typed
from web.access import route
from web.addresses import chosen_quarter
from web.forms.rates import BlockForm, GroupForm, RatesForm, currencies_of, rates_form
from web.state import account, engine, now

blueprint = Blueprint("rates", __name__)
Form = RatesForm | BlockForm | GroupForm


@route(blueprint, "/rates", Permission.READ_PAYOUTS)
def index() -> ResponseReturnValue:
    """The rates of a quarter, which are missing, and what they were before."""
    with reading(engine()) as session:
        known = known_quarters(session)
    return _page(chosen_quarter(known) or known[0])


def known_quarters(session: Session) -> list[Quarter]:
    """The quarters with data, and today's, the newest first."""
    today = quarters.quarter_of(session, relations.today(session, now()))
    return sorted({*quarters.known_quarters(session), today}, reverse=True)


def _page(quarter: Quarter, wrong: Form | None = None, problems: Sequence[Problem] = ()) -> str:
    """The page; a form that came back with something wrong takes the place of the one that it came from."""
    view = _view(quarter)
    block = wrong if isinstance(wrong, BlockForm) else BlockForm(formdata=None, seen=view.seen)
    group = wrong if isinstance(wrong, GroupForm) else GroupForm(formdata=None, currency=view.group_currency)
    with reading(engine()) as session:
        known = known_quarters(session)
    return render_template(
        "rates.html",
        known=known,
        quarter=quarter,
        view=view,
        form=wrong if isinstance(wrong, RatesForm) else rates_form(view),
        codes=currencies_of(view),
        block=block,
        group=group,
        wrong=wrong,
        problems=problems,
    )


def _view(quarter: Quarter) -> RatesView:
    with reading(engine()) as session:
        return exchange.view(session, account(), quarter)


@route(blueprint, "/rates/group-currency/<quarter:quarter>", Permission.BOOK_ACCRUALS, ("POST",))
def set_group(quarter: Quarter) -> ResponseReturnValue:
    """Set the group currency, from the page of a quarter."""
    form = GroupForm()
    if not form.validate():
        return _page(quarter, form), 422
    with writing(engine()) as session:
        exchange.set_group_currency(session, account(), form.code, now())
    flash(f"Totals are added up in {form.code}. Rates that were set in another currency count no more.")
    return redirect(url_for("rates.index", quarter=quarter))


@route(blueprint, "/rates/<quarter:quarter>", Permission.BOOK_ACCRUALS, ("POST",))
def save(quarter: Quarter) -> ResponseReturnValue:
    """Store the rates that were typed."""
    view = _view(quarter)
    form = rates_form(view, is_posted=True)
    is_sound = form.validate()
    rates = form.rates(currencies_of(view)) if is_sound else []
    if form.errors:
        return _page(quarter, form), 422
    return _saved(quarter, form, rates)


@route(blueprint, "/rates/<quarter:quarter>/block", Permission.BOOK_ACCRUALS, ("POST",))
def save_block(quarter: Quarter) -> ResponseReturnValue:
    """Store the rates of a pasted block: all of them or none."""
    form = BlockForm()
    if not form.validate():
        return _page(quarter, form), 422
    rates, problems = form.rates()
    if problems:
        form.form_errors.append("Nothing of the block is stored.")
        return _page(quarter, form, problems), 422
    return _saved(quarter, form, rates)


def _saved(quarter: Quarter, form: RatesForm | BlockForm, rates: list[Rate]) -> ResponseReturnValue:
    typed = Typed(rates, form.seen.data or "", bool(form.is_sure.data))
    try:
        with writing(engine()) as session:
            changed = exchange.set_rates(session, account(), quarter, typed, now())
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        doubts = refused.problems if isinstance(refused, DoubtfulError) else ()
        return _page(quarter, form, doubts), 409 if isinstance(refused, ChangedError) else 422
    flash(
        f"{counted(changed, 'rate')} of {quarter} stored." if changed else f"The rates of {quarter} are as they were."
    )
    return redirect(url_for("rates.index", quarter=quarter))
