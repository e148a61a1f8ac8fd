"""HR's analysis: several quarters' pay and scores as a workbook to pivot, with charts."""

import io
from datetime import datetime

from flask import Blueprint, render_template, send_file
from flask.typing import ResponseReturnValue

from comp.db import noting, reading
from comp.made_files import XLSX
from comp.periods import Quarter
from comp.results import StoredRun
from comp.roles import Permission
from comp.services import analysis, quarters
from web import analysing
from web.access import route
from web.forms.analysis import AnalysisForm, analysis_form
from web.starting import started
from web.state import account, engine, now

blueprint = Blueprint("analysis", __name__)
LARGE = 2_000
"""From how many payouts on a worker makes the file, while one goes on with other things."""


@route(blueprint, "/analysis", Permission.TAKE_ANALYSIS)
def index() -> ResponseReturnValue:
    """Which quarters the workbook shall have, and what stands in it."""
    return _page(_form())


def _form() -> AnalysisForm:
    with reading(engine()) as session:
        return analysis_form(quarters.calculated_quarters(session))


def _page(form: AnalysisForm) -> ResponseReturnValue:
    return render_template("analysis.html", form=form), 422 if form.errors else 200


@route(blueprint, "/analysis", Permission.TAKE_ANALYSIS, ("POST",), fresh=True)
def take() -> ResponseReturnValue:
    """The workbook at once, or, of many people and quarters, the job that makes it."""
    form = _form()
    if not form.validate():
        return _page(form)
    last, count, moment = Quarter.parse(form.last.data), int(form.count.data or 1), now()
    with reading(engine()) as session:
        found = analysis.runs_of(session, last, count)
        payouts = analysis.count_payouts(session, account(), found, moment)
    if payouts > LARGE:
        return started("analysis", quarter=str(last), quarters=str(count))
    return _sent(found, moment)


def _sent(found: list[StoredRun], moment: datetime) -> ResponseReturnValue:
    with noting(engine()) as session:
        analysis.note_taken(session, account(), found, moment)
    content = io.BytesIO()
    analysing.write(engine(), account(), found, content, moment)
    content.seek(0)
    name = analysing.about(account(), found, moment).file_name
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name=name)
