"""The page in an evidence pack that says what it is, how to check it, and what each of its files holds."""

from collections.abc import Sequence
from textwrap import fill, indent

from comp.evidence import Evidence, pack_name

_WIDTH = 96
_UNPAID = "nothing of it is approved, it is what a calculation gives, and nobody may be paid by it."
_STATES = {
    "calculated": _UNPAID,
    "in review": _UNPAID,
    "approved": "no batch of it is released.",
    "released": "what was released never changes.",
    "closed": "payroll said what it paid.",
}
_CHECKED = """\
verify.py is short, to be read before it is believed. It checks every file against manifest.json; recomputes every
payout from scores, weights, curves, targets and days in exact fractions, with one rounding, half up, at the end;
and walks the audit chain. verify_everything.py, beside it, does that too; it also holds each rule in the trace
against the plan document, whose hash the run keeps, and each column against what it should be; adds settlement
lines up to what is payable, and batches up to their control totals and hashes; and asks the audit chain for what
was approved and released. Both need Python 3.11 or later and nothing else, print what they compared, and end with
0, or with 1 and the first differences."""
_TRUST = """\
Who changes a pack as a whole can change its scripts and manifest.json too. Take the scripts from the product
itself where you can (exports/evidence), hold the head of the chain that they print against one that was kept
elsewhere (the Summary of a released workbook, the anchor log), and the pack against its own SHA-256: the audit
chain notes it as “make evidence” when the pack is made."""
_READ = """\
Tables are UTF-8, comma-separated, every field quoted. Text that a spreadsheet would calculate has an apostrophe
before it. Days are inclusive, times are UTC, amounts are in main units of their currency. A number whose
decimals do not end stands as a division, 1÷3. In the trace, score is what was published and paid on, points ÷
answers what it was made of; a measure gives what its curve has at the score, and a part attains the sum of
weight × gives, times its modifiers, at most each failing gate's cap and its own cap."""
_PRIVATE = """\
People stand by their employee numbers alone: names are not needed to recompute anything. What a number earns and
why it was absent is needed, and is in here, so keep the pack as you keep payroll. Whoever acted for the company
stands by their address, and as the audit chain calls them. Customers, their words and single answers are not in
it, and neither are the bytes of imported files: their hashes are. Released workbooks, which have names, are in it
only where who made the pack may take payroll files."""


def read_me(evidence: Evidence, files: Sequence[tuple[str, str]]) -> bytes:
    """The text of README.txt. `files` are the other files with what each is for."""
    quarter, about = evidence.quarter, evidence.about
    name = pack_name(quarter)
    head = f"Evidence of {quarter}, run {about['run']}"
    parts = [
        f"{head}\n{'=' * len(head)}",
        f"The quarter is {about['state']}: {_STATES[str(about['state'])]}",
        f"Made at {about['made_at']} by {about['made_by']} with {about['product']}.",
        f"To check it:\n\n    python3 -m zipfile -e {name} evidence\n    {_run('verify.py', name)}",
        f"To check everything in it:\n\n    {_run('verify_everything.py', name)}",
        _CHECKED,
        f"What that proves\n\n{_TRUST}",
        f"How to read the tables\n\n{_READ}",
        f"Whose data this is\n\n{_PRIVATE}",
        "What each file holds\n\n" + "\n".join(_line(file, what) for file, what in _told(files)),
    ]
    return ("\n\n".join(parts) + "\n").encode()


def _run(script: str, name: str) -> str:
    return f"python3 -I evidence/{script} {name}"


def _told(files: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [*files, ("manifest.json", "What the pack was made of, and the SHA-256 of every other file.")]


def _line(name: str, about: str) -> str:
    return f"{name}\n{indent(fill(about, _WIDTH), '    ')}"
