"""What payroll takes away: whether a quarter can be released, its batches, and the workbook as a preview before."""

import io

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from comp.db import noting, reading
from comp.errors import NotFoundError
from comp.made_files import XLSX
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import confirmations, payroll, quarters, reads, releases
from comp.services.workflow import life_of
from exports.payroll_workbook import payroll_workbook
from web.access import route
from web.addresses import chosen_quarter
from web.starting import started
from web.state import account, engine, now
from web.workbooks import MANY

blueprint = Blueprint("payroll", __name__)


@route(blueprint, "/payroll", Permission.TAKE_PAYROLL)
def index() -> ResponseReturnValue:
    """Whether a quarter's next batch can be released, what it would pay, and every batch that was."""
    with reading(engine()) as session:
        known = quarters.known_quarters(session)
        quarter = chosen_quarter(known)
        is_calculated = bool(quarter and quarters.view_quarter(session, quarter).run)
        ready = releases.ready(session, account(), quarter) if quarter and is_calculated else None
        sheets = payroll.control_view(session, account(), ready.content, now()) if ready else None
        made = releases.list_releases(session)
        confirmed = confirmations.list_confirmations(session, made)
        closing = (
            confirmations.stands_against_closing(session, account(), quarter, ready.content)
            if quarter and ready and releases.is_released(session, quarter)
            else []
        )
        life = life_of(session, quarter) if quarter else None
    return render_template(
        "payroll.html",
        known=known,
        quarter=quarter,
        sheets=sheets,
        ready=ready,
        life=life,
        made=made,
        confirmed=confirmed,
        closing=closing,
        many=MANY,
    )


@route(blueprint, "/payroll/<quarter:quarter>/workbook", Permission.TAKE_PAYROLL, fresh=True)
def workbook(quarter: Quarter) -> ResponseReturnValue:
    """The payroll workbook of a quarter that is not released, as a preview; else the way to its last batch."""
    with reading(engine()) as session:
        made = releases.list_releases(session, quarter)
        sheets = None if made else payroll.payroll_sheets(session, account(), quarter, now())
    if sheets is not None and sheets.people > MANY:
        flash(f"{sheets.people:,} people are many: press “Make the preview”, and a worker writes it.")
        return redirect(url_for("payroll.index", quarter=quarter))
    if sheets is None:
        return redirect(url_for("releases.show", batch=made[0].name))
    with noting(engine()) as session:
        reads.note_taken(session, account(), f"payroll workbook {quarter}", now(), batch=sheets.batch)
    content = io.BytesIO(payroll_workbook(sheets))
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name=sheets.preview_name)


@route(blueprint, "/payroll/<quarter:quarter>/workbook", Permission.TAKE_PAYROLL, ("POST",), fresh=True)
def make_workbook(quarter: Quarter) -> ResponseReturnValue:
    """Let a worker make the preview for many people; its job shows how far it is, and offers the file."""
    with reading(engine()) as session:
        if not quarters.view_quarter(session, quarter).run:
            raise NotFoundError(f"{quarter} has not been calculated: there is nothing to be paid yet.")
    return started("workbook", quarter=str(quarter))
