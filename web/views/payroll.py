"""What payroll takes away: the workbook and its control totals."""

import io

from flask import Blueprint, render_template, send_file
from flask.typing import ResponseReturnValue

from comp.db import noting, reading
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import payroll, quarters, reads
from exports.payroll_workbook import payroll_workbook
from web.access import route
from web.addresses import chosen_quarter
from web.state import account, engine, now

blueprint = Blueprint("payroll", __name__)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@route(blueprint, "/payroll", Permission.TAKE_PAYROLL)
def index() -> ResponseReturnValue:
    """The control totals of a quarter's last run, and the way to its workbook."""
    with reading(engine()) as session:
        known = quarters.known_quarters(session)
        quarter = chosen_quarter(known)
        view = quarters.view_quarter(session, quarter) if quarter else None
        sheets = payroll.payroll_sheets(session, account(), quarter, now()) if quarter and view and view.run else None
    return render_template("payroll.html", known=known, quarter=quarter, sheets=sheets)


@route(blueprint, "/payroll/<quarter:quarter>/workbook", Permission.TAKE_PAYROLL, fresh=True)
def workbook(quarter: Quarter) -> ResponseReturnValue:
    """The payroll workbook of a quarter's last run."""
    with reading(engine()) as session:
        sheets = payroll.payroll_sheets(session, account(), quarter, now())
    with noting(engine()) as session:
        reads.note_taken(session, account(), f"payroll workbook {quarter}", now(), batch=sheets.batch)
    content = io.BytesIO(payroll_workbook(sheets))
    return send_file(content, mimetype=_XLSX, as_attachment=True, download_name=sheets.file_name)
