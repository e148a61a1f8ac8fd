"""Holding back one person's pay of a quarter, and lifting what somebody else held."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from comp.db import writing
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import payout_holds
from web.access import route
from web.forms.releases import HoldForm, LiftForm, require_sound
from web.state import account, engine, now

blueprint = Blueprint("payout_holds", __name__)


@route(blueprint, "/hold/<quarter:quarter>/<path:employee>", Permission.HOLD_PAYOUTS, ("POST",), fresh=True)
def hold(quarter: Quarter, employee: str) -> ResponseReturnValue:
    """Hold back what a quarter pays somebody, until somebody else lifts it."""
    form = HoldForm()
    require_sound(form)
    words = form.seen.data or "", form.why.data or ""
    with writing(engine()) as session:
        payout_holds.hold_back(session, account(), quarter, employee, words, now())
    flash(f"What {quarter} pays {employee} is held back. Somebody else can lift it.")
    return redirect(url_for("payouts.show", quarter=quarter, employee=employee))


@route(blueprint, "/lift/<quarter:quarter>/<path:employee>", Permission.HOLD_PAYOUTS, ("POST",), fresh=True)
def lift(quarter: Quarter, employee: str) -> ResponseReturnValue:
    """Let pay that somebody else held back be paid, with the next batch where the quarter is released."""
    form = LiftForm()
    require_sound(form)
    with writing(engine()) as session:
        payout_holds.lift(session, account(), quarter, employee, form.words.data or "", now())
    flash(f"What {quarter} pays {employee} is no longer held back.")
    return redirect(url_for("payouts.show", quarter=quarter, employee=employee))
