"""The maps of a payroll layout: pay codes, company codes, payroll's numbers of people."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from comp.db import Session, reading, writing
from comp.errors import ChangedError, Problem, RefusedError
from comp.payroll_layouts import WORKBOOK_CODES, Layout
from comp.payroll_maps import PayrollMaps
from comp.roles import Permission
from comp.services import layouts, payroll_maps
from comp.services.payroll_maps import MapsView
from importers.payroll_layouts import built_in_layouts
from importers.payroll_numbers import read_numbers
from web.access import route
from web.forms.layouts import (
    CompaniesForm,
    NumbersForm,
    PayCodesForm,
    RemoveForm,
    companies_form,
    company_fields,
    is_shared,
    pay_codes_form,
)
from web.state import account, engine, now

blueprint = Blueprint("layout_maps", __name__)
_CUT_SHORT = "The form came back without some of its fields. Load the page again and repeat it."
_SHOWN = 50
Form = PayCodesForm | CompaniesForm | NumbersForm
Content = TypeVar("Content")
Save = Callable[[Session, Layout, Content, str, str, datetime], PayrollMaps]


@route(blueprint, "/payroll/layouts/<name>/maps", Permission.READ_LAYOUTS)
def show(name: str) -> ResponseReturnValue:
    """All maps of a layout."""
    layout, view = _view(name)
    return _page(layout, view)


def _view(name: str) -> tuple[Layout, MapsView]:
    with reading(engine()) as session:
        is_workbook = name == WORKBOOK_CODES.id
        layout = WORKBOOK_CODES if is_workbook else layouts.find_layout(session, built_in_layouts(), name).layout
        return layout, payroll_maps.view_maps(session, layout)


def _page(layout: Layout, view: MapsView, wrong: Form | None = None, problems: Sequence[Problem] = ()) -> str:
    """The page; a form that came back with something wrong takes the place of the one that it came from."""
    companies = wrong if isinstance(wrong, CompaniesForm) else companies_form(view)
    return render_template(
        "layout_maps.html",
        layout=layout,
        view=view,
        wrong=wrong,
        problems=problems,
        pay_codes=wrong if isinstance(wrong, PayCodesForm) else pay_codes_form(view),
        companies=companies,
        rules=list(company_fields(companies)),
        numbers=wrong if isinstance(wrong, NumbersForm) else NumbersForm(formdata=None, seen=view.seen_numbers),
        removal=RemoveForm(formdata=None, seen=view.seen_numbers),
        is_shared=is_shared(layout),
        shown=_SHOWN,
    )


@route(blueprint, "/payroll/layouts/<name>/maps/pay-codes", Permission.WRITE_LAYOUTS, ("POST",), fresh=True)
def save_pay_codes(name: str) -> ResponseReturnValue:
    """Store the payroll system's code for each pay code."""
    layout, view = _view(name)
    form = pay_codes_form(view, is_posted=True)
    codes = form.codes(view)
    return _saved(layout, view, form, codes, payroll_maps.save_pay_codes, "pay codes")


@route(blueprint, "/payroll/layouts/<name>/maps/company-codes", Permission.WRITE_LAYOUTS, ("POST",), fresh=True)
def save_companies(name: str) -> ResponseReturnValue:
    """Store the rules for company codes."""
    layout, view = _view(name)
    form = companies_form(view, request.form.get("rows", ""))
    return _saved(layout, view, form, form.rules(), payroll_maps.save_companies, "company codes")


@route(blueprint, "/payroll/layouts/<name>/maps/numbers", Permission.WRITE_LAYOUTS, ("POST",), fresh=True)
def save_numbers(name: str) -> ResponseReturnValue:
    """Take a table of payroll's numbers in place of the numbers that there are."""
    layout, view = _view(name)
    form = NumbersForm()
    if not form.validate():
        return _page(layout, view, form), 422
    try:
        numbers = read_numbers(form.file.data.read(), form.file.data.filename or "the file")
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        return _page(layout, view, form, refused.problems), 422
    return _saved(layout, view, form, numbers, payroll_maps.save_numbers, "employee numbers")


@route(blueprint, "/payroll/layouts/<name>/maps/numbers/remove", Permission.WRITE_LAYOUTS, ("POST",), fresh=True)
def remove_numbers(name: str) -> ResponseReturnValue:
    """Let payroll know people by HR's numbers again."""
    layout, _ = _view(name)
    seen = RemoveForm().seen.data or ""
    with writing(engine()) as session:
        payroll_maps.save_numbers(session, layout, {}, seen, account().email, now())
    flash(f"{layout.name} knows people by HR's numbers.")
    return redirect(url_for("layout_maps.show", name=name))


def _saved(
    layout: Layout, view: MapsView, form: Form, content: Content | None, save: Save[Content], what: str
) -> ResponseReturnValue:
    """Store what a form holds, or show it again with what is wrong."""
    if content is None:
        form.form_errors.append(_CUT_SHORT)
    if content is None or not form.validate():
        return _page(layout, view, form), 422
    try:
        with writing(engine()) as session:
            save(session, layout, content, form.seen.data or "", account().email, now())
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        status = 409 if isinstance(refused, ChangedError) else 422
        return _page(layout, view, form, refused.problems), status
    flash(f"The {what} of {layout.name} are stored.")
    return redirect(url_for("layout_maps.show", name=layout.id))
