"""Proposals to leave answers out: what each does to scores and pay, and the decision."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from comp.db import noting, reading, writing
from comp.errors import ChangedError, RefusedError
from comp.exclusion_effect import Effect, differences
from comp.exclusions import REASONS, Act
from comp.roles import Permission
from comp.services import exclusion_pages, exclusions, reads
from comp.services.exclusion_pages import ProposalView
from web.access import route
from web.forms.exclusions import DecideForm, ReturnForm, decide_form
from web.state import account, engine, now

blueprint = Blueprint("exclusions", __name__)
_TOLD = {
    Act.GRANT: "Proposal {} is granted. Scores read the answers as decided from now on.",
    Act.REFUSE: "Proposal {} is refused. Nothing was changed.",
}


@route(blueprint, "/exclusions", Permission.READ_ANSWERS)
def index() -> ResponseReturnValue:
    """Every proposal that one may see, those that wait first."""
    page = max(1, request.args.get("page", 1, type=int))
    with reading(engine()) as session:
        found = exclusions.list_for(session, account(), page)
    return render_template("exclusions.html", found=found, page=page, most=exclusions.PAGE, reasons=REASONS)


@route(blueprint, "/exclusions/<int:number>", Permission.READ_ANSWERS)
def show(number: int) -> ResponseReturnValue:
    """A proposal with its answers, what it would do, and who may decide it."""
    return _page(_view(number))


def _view(number: int) -> ProposalView:
    with reading(engine()) as session:
        view = exclusion_pages.view_proposal(session, account(), number)
    others = view.named - {account().employee}
    if view.effect and others:
        with noting(engine()) as session:
            reads.note_read(session, account(), view.effect.pay[0].quarter, others, now())
    return view


def _page(
    view: ProposalView, form: DecideForm | None = None, back: ReturnForm | None = None, changed: list[str] | None = None
) -> str:
    return render_template(
        "exclusion.html",
        view=view,
        form=form or (decide_form(view.effect) if view.effect else None),
        back=back or ReturnForm(),
        changed=changed or [],
        reasons=REASONS,
    )


@route(blueprint, "/exclusions/<int:number>/decide", Permission.DECIDE_EXCLUSIONS, ("POST",), fresh=True)
def decide(number: int) -> ResponseReturnValue:
    """Grant or refuse a proposal on the effect that one saw; where it is another by now, tell what differs."""
    form, view = DecideForm(), _view(number)
    if view.effect is None:
        raise ChangedError(f"Proposal {number} is {view.proposal.state} already. Nothing was changed.")
    if not form.validate():
        return _page(view, form), 422
    if form.seen.data != view.effect.fingerprint:
        return _again(view, view.effect, form)
    act = Act.GRANT if request.form.get("act") == Act.GRANT else Act.REFUSE
    do = exclusions.grant if act is Act.GRANT else exclusions.refuse
    try:
        with writing(engine()) as session:
            do(session, account(), number, form.words.data or "", view.effect, now())
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        return _page(view, form), 409 if isinstance(refused, ChangedError) else 422
    flash(_TOLD[act].format(number))
    return redirect(url_for("exclusions.show", number=number))


def _again(view: ProposalView, effect: Effect, form: DecideForm) -> ResponseReturnValue:
    """The page as it is now, with what differs from what was seen; the words stay as they were typed."""
    changed = differences(form.seen_figures(), effect.figures)
    fresh = decide_form(effect)
    form.seen.data, form.figures.data = effect.fingerprint, fresh.figures.object_data
    return _page(view, form, changed=changed), 409


@route(blueprint, "/exclusions/<int:number>/withdraw", Permission.PROPOSE_EXCLUSIONS, ("POST",))
def withdraw(number: int) -> ResponseReturnValue:
    """Take one's own proposal back before anybody decides it."""
    with writing(engine()) as session:
        exclusions.withdraw(session, account(), number, now())
    flash(f"Proposal {number} is withdrawn.")
    return redirect(url_for("exclusions.show", number=number))


@route(blueprint, "/exclusions/<int:number>/return", Permission.PROPOSE_EXCLUSIONS, ("POST",))
def give_back(number: int) -> ResponseReturnValue:
    """Propose to let answers count again that are left out; somebody else decides that too."""
    back = ReturnForm()
    if not back.validate():
        return _page(_view(number), back=back), 422
    with writing(engine()) as session:
        again = exclusions.propose_return(session, account(), number, back.words.data or "", now())
    flash(f"Proposal {again} is stored. The answers stay out until somebody else grants it.")
    return redirect(url_for("exclusions.show", number=again))
