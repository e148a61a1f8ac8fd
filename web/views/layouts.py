"""Payroll layouts: the list, one in plain words, copying and changing one as its document."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from comp.db import reading, writing
from comp.errors import ChangedError, Problem, RefusedError
from comp.payroll_layouts import Layout
from comp.roles import Permission
from comp.services import layouts, payroll_maps
from comp.services.layouts import KnownLayout
from exports.documents import layout_yaml
from importers.documents import read_yaml
from importers.payroll_layouts import built_in_layouts
from importers.places import located
from web.access import route
from web.forms.layouts import LayoutForm, RemoveForm
from web.layout_words import in_words, rules, says
from web.state import account, engine, now

blueprint = Blueprint("layouts", __name__)
_NAME = "the layout"


@route(blueprint, "/payroll/layouts", Permission.READ_LAYOUTS)
def index() -> ResponseReturnValue:
    """Every layout, the company's own first."""
    with reading(engine()) as session:
        found = layouts.list_layouts(session, built_in_layouts())
    return render_template("layouts.html", layouts=found)


@route(blueprint, "/payroll/layouts/<name>", Permission.READ_LAYOUTS)
def show(name: str) -> ResponseReturnValue:
    """One layout in plain words, with its columns, its sources and what it still needs."""
    with reading(engine()) as session:
        known = layouts.find_layout(session, built_in_layouts(), name)
        view = payroll_maps.view_maps(session, known.layout)
    removal = RemoveForm(formdata=None, seen=known.sha256)
    return render_template(
        "layout.html",
        known=known,
        layout=known.layout,
        maps=view.maps,
        words=in_words(known.layout),
        says=says,
        rules=rules,
        removal=removal,
        document=layout_yaml(known.layout),
    )


@route(blueprint, "/payroll/layouts/<name>/change", Permission.WRITE_LAYOUTS, fresh=True)
def change(name: str) -> ResponseReturnValue:
    """The document of an own layout, or of a copy of one that comes with the product."""
    with reading(engine()) as session:
        known = layouts.find_layout(session, built_in_layouts(), name)
        taken = {each.layout.id for each in layouts.list_layouts(session, built_in_layouts())}
    document = layout_yaml(known.layout) if known.is_own else _copied(known.layout, taken)
    return _change(known, LayoutForm(formdata=None, document=document, seen=known.sha256 if known.is_own else ""))


def _copied(layout: Layout, taken: set[str]) -> str:
    """A document under a name of its own, which uses the maps of the one that it was copied from."""
    number = next(number for number in range(1, len(taken) + 2) if f"{layout.id}-own-{number}" not in taken)
    text = layout_yaml(layout).replace(f"id: {layout.id}\n", f"id: {layout.id}-own-{number}\n", 1)
    own = f"{layout.name} (own)"
    return text.replace(f"name: {layout.name}\n", f"name: {own}\nmaps: {layout.maps_of}\n", 1)


def _change(known: KnownLayout, form: LayoutForm, problems: Sequence[Problem] = ()) -> str:
    lines = (form.document.data or "").splitlines()
    return render_template(
        "layout_change.html", known=known, layout=known.layout, form=form, problems=problems, lines=lines
    )


@route(blueprint, "/payroll/layouts/<name>/change", Permission.WRITE_LAYOUTS, ("POST",), fresh=True)
def save(name: str) -> ResponseReturnValue:
    """Store the document; where it cannot stand, say why at its lines."""
    with reading(engine()) as session:
        known = layouts.find_layout(session, built_in_layouts(), name)
    form = LayoutForm()
    if not form.validate():
        return _change(known, form), 422
    content = (form.document.data or "").encode()
    try:
        document = read_yaml(content, _NAME)
        with writing(engine()) as session:
            layout = layouts.save_layout(
                session, built_in_layouts(), document, form.seen.data or "", account().email, now()
            )
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        status = 409 if isinstance(refused, ChangedError) else 422
        return _change(known, form, _at_lines(refused.problems, content)), status
    flash(f"The layout {layout.name} is stored.")
    return redirect(url_for("layouts.show", name=layout.id))


def _at_lines(problems: Sequence[Problem], content: bytes) -> Sequence[Problem]:
    """Problems at their lines; those of a text that is no YAML have theirs already."""
    return problems if all(problem.line for problem in problems) else located(problems, content)


@route(blueprint, "/payroll/layouts/<name>/remove", Permission.WRITE_LAYOUTS, ("POST",), fresh=True)
def remove(name: str) -> ResponseReturnValue:
    """Drop a layout of the company's own, with its maps."""
    seen = RemoveForm().seen.data or ""
    with writing(engine()) as session:
        layout = layouts.forget_layout(session, built_in_layouts(), name, seen, account().email, now())
    flash(f"The layout {layout.name} is removed.")
    return redirect(url_for("layouts.index"))
