"""Everything unusual in a quarter, as an evidence pack tells it: who gets nothing or something else, who decided."""

from collections.abc import Iterable, Iterator, Sequence

from sqlmodel import Session

from comp.evidence import Cell, Table
from comp.figures import span_text
from comp.periods import Quarter
from comp.results import Run
from comp.services.evidence_tables import Doers
from comp.settlement import Settlement
from comp.store import adjustments, corrections, exclusions, funding, guarantees, payout_holds, people, runs, settings
from comp.store import waivers as stored_waivers

Rows = Iterator[Sequence[Cell]]
_COLUMNS = ("what", "employee", "about", "why", "state")
_PEOPLE = ("asked_by", "asked_account", "asked_at", "decided_by", "decided_account", "decided_at", "decided_words")
_NOBODY: tuple[Cell, ...] = ("", "", None, "", "", None, "")
_MOST = 1_000_000


def exceptions(
    session: Session, run: Run, settlement: Settlement, nothing: Iterable[tuple[str, str]], doers: Doers
) -> Table:
    """Everybody who gets nothing or something else than was earned, and every decision that changed what counts.

    `nothing` says whose payout is 0 and why; it is read after the trace.
    """

    def rows() -> Rows:
        yield from _of_the_run(run)
        yield from (("pays 0", employee, "", why, "", *_NOBODY) for employee, why in nothing)
        yield from _of_the_settlement(settlement)
        yield from _leavers(session, run.quarter)
        decided = _Decided(session, run.quarter, doers)
        yield from (*decided.adjustments(), *decided.holds(), *decided.waivers())
        yield from (*decided.exclusions(), *decided.pools(), *decided.guarantees())

    about = "Who is held, gets nothing or something else than was earned; waivers, exclusions, and who decided."
    return Table("exceptions", about, (*_COLUMNS, *_PEOPLE), rows())


def _of_the_run(run: Run) -> Rows:
    for hold in run.held:
        yield "held", hold.employee, "", hold.why, "", *_NOBODY
    for person in run.outside:
        yield "in no plan", person.employee, "", person.why, "", *_NOBODY
    for problem in run.problems:
        yield "problem of the data", "", problem.where, problem.why, "", *_NOBODY


def _of_the_settlement(settlement: Settlement) -> Rows:
    for settled in settlement.settled:
        if settled.payable.minor < 0:
            why = "What is taken back is more than what is paid."
            yield "pays less than 0", settled.employee, f"{settled.currency} {settled.payable}", why, "", *_NOBODY


def _leavers(session: Session, quarter: Quarter) -> Rows:
    days = settings.load_company(session).calendar.span(quarter)
    for employee, until, reason in people.leavers(session, days):
        yield "left", employee, f"employed until {until}, that day excluded", reason, "", *_NOBODY


class _Decided:
    """What two people decide about a quarter, each with who asked and who decided."""

    def __init__(self, session: Session, quarter: Quarter, doers: Doers) -> None:
        self._session, self._quarter, self._of = session, quarter, doers.of

    def adjustments(self) -> Rows:
        """Every adjustment that was proposed."""
        for each in adjustments.load_adjustments(self._session, self._quarter):
            end, why = each.end, f"{each.reason}: {each.words}"
            ended = (*self._of(end.by), end.at, end.words) if end else ("", "", None, "")
            own = "adjustment", each.employee, f"{each.amount.currency} {each.amount}", why, str(each.state)
            yield (*own, *self._of(each.proposed_by), each.proposed_at, *ended)

    def holds(self) -> Rows:
        """Pay of single people that was held back before its release."""
        for each in payout_holds.list_holds(self._session, self._quarter):
            state = "lifted" if each.lifted_by else "held back"
            lifted = *self._of(each.lifted_by), each.lifted_at, each.lifted_words
            yield "held back", each.employee, "", each.why, state, *self._of(each.held_by), each.held_at, *lifted

    def waivers(self) -> Rows:
        """Findings of the data check that the quarter went on in spite of."""
        for each in stored_waivers.load_waivers(self._session, str(self._quarter)):
            made = each.decision
            decided = (*self._of(made.by), made.at, made.words) if made else ("", "", None, "")
            state, about = str(made.outcome) if made else "asked", f"{each.place_kind} {each.place}: {each.what}"
            yield "waiver", "", about, each.reason, state, *self._of(each.asked_by), each.asked_at, *decided

    def exclusions(self) -> Rows:
        """Answers of the quarters that scores may rest on which were left out, or counted again."""
        wanted = set(self._quarter.last_four())
        found = [each for each in exclusions.list_proposals(self._session, None, _MOST) if each.quarter in wanted]
        counts = exclusions.count_answers(self._session, [each.id for each in found])
        for each in reversed(found):
            about = f"{each.kind} {each.id}: {counts.get(each.id, 0)} of {each.unit} in {each.quarter}"
            decided = *self._of(each.decided_by), each.decided_at, each.decided_words
            own = "exclusion of answers", "", about, f"{each.reason}: {each.words}", str(each.state)
            yield (*own, *self._of(each.proposed_by), each.proposed_at, *decided)

    def pools(self) -> Rows:
        """Pools that payouts are scaled to."""
        for each in funding.load_pools(self._session, self._quarter):
            state = "in force" if each.is_in_force else "proposed" if each.is_proposed else "ended"
            confirmed = *self._of(each.confirmed_by), each.confirmed_at, ""
            about = f"funding pool {each.id}: {each.pool.amount} {each.currency}"
            yield "funding pool", "", about, each.words, state, *self._of(each.set_by), each.set_at, *confirmed

    def guarantees(self) -> Rows:
        """Guaranteed pay and draws on days of the quarter."""
        days = settings.load_company(self._session).calendar.span(self._quarter)
        for each in guarantees.load_guarantees(self._session):
            promise = each.guarantee
            if promise.days.meet(days).days:
                about = f"{promise.promise} of {promise.amount} {promise.amount.currency}, {span_text(promise.days)}"
                state = "in force" if each.is_in_force else "proposed" if each.is_proposed else "ended"
                own = "guarantee", each.employee, about, each.words, state
                yield (*own, *self._of(each.set_by), each.set_at, *self._of(each.confirmed_by), None, "")


def correction_table(session: Session, settlement: Settlement, doers: Doers) -> Table:
    """Corrections of the quarter, and those of others that are paid with it, each with its run."""
    sources = {line.source for settled in settlement.settled for line in settled.lines}
    columns = "source", "corrects", "pays_with", "state", "run", "against_run", "made_by", "made_account", "made_at"

    def rows() -> Rows:
        for each in reversed(corrections.list_corrections(session)):
            source = f"correction {each.id}"
            if each.quarter == settlement.quarter or source in sources:
                run, before = (runs.get_run(session, number).name for number in (each.run_id, each.before_run_id))
                paid_with = str(each.pays_with) if each.pays_with else ""
                own = source, str(each.quarter), paid_with, str(each.state), run, before
                made = *doers.of(each.made_by), each.made_at
                yield (*own, *made, *doers.of(each.decided_by), each.decided_at, each.words)

    about = "Corrections of this quarter, and those of earlier ones that it pays: which run of which quarter."
    return Table("corrections", about, (*columns, "decided_by", "decided_account", "decided_at", "words"), rows())
