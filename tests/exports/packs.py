"""Evidence packs of small companies, made without a database; and packs that somebody changed."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping

from comp.calculate import calculate
from comp.chain import ORIGIN, Entry, Sealed, seal
from comp.evidence import Evidence, PlanDocument, Table
from comp.evidence_settlement import payable, rounding, settlement_lines
from comp.evidence_trace import PAYOUTS, TRACE, TraceRows
from comp.facts import Facts
from comp.paid_lines import settled_run
from comp.plan_documents import write_plan
from comp.store.plans import canonical_text
from exports.evidence import verify, verify_everything
from exports.evidence.pack import write_pack
from tests.exports.books import MOMENT

RUN = "1"
_UNRELEASED = ("moves", "batches", "batch_lines", "control_totals", "batch_files")


def evidence_of(facts: Facts) -> Evidence:
    """The evidence of a company's only run, of which nothing was approved."""
    run = calculate(facts)
    settlement = settled_run(run, RUN)
    documents = tuple(PlanDocument(plan, canonical_text(write_plan(plan))) for plan in facts.plans)
    hashes = [(each.plan.version, hashlib.sha256(each.text.encode()).hexdigest()) for each in documents]
    traced = TraceRows()
    chain = _chain()
    about = {
        "format": 1,
        "quarter": str(facts.quarter),
        "state": "calculated",
        "run": RUN,
        "settlement_sha256": settlement.sha256,
        "chain": {"head": f"{chain[-1].entry.number}:{chain[-1].hash}", "anchors": []},
        "product": "Loyalty Pay",
        "made_by": "auditor@example.com",
        "made_at": "2025-10-06T09:30:00Z",
    }
    tables = (
        rounding(settlement, dict(run.round_to)),
        Table("plans", "Plans.", ("plan", "sha256"), hashes),
        Table("trace", "Trace.", TRACE, traced.rows(run.payouts)),
        Table("payouts", "Payouts.", PAYOUTS, traced.payouts),
        settlement_lines(settlement),
        payable(settlement, {}),
        *(
            Table(name, "Nothing.", ("batch",), ())
            for name in ("moves", "batches", "batch_lines", "control_totals", "batch_files")
        ),
    )
    return Evidence(facts.quarter, about, documents, run.metrics, tables, chain, ())


def _chain() -> list[Sealed]:
    sealed, previous = [], ORIGIN
    for number, about in enumerate(("batch 1", "run 2025-Q3 1", "quarter 2025-Q3"), start=1):
        sealed.append(seal(Entry(number, MOMENT, "account 1", "note", about, '{"rows":4}'), previous))
        previous = sealed[-1].hash
    return sealed


def pack_of(evidence: Evidence) -> bytes:
    """The bytes of a pack."""
    file = io.BytesIO()
    write_pack(file, evidence)
    return file.getvalue()


def differences(pack: bytes, path, capsys, script=verify_everything) -> list[str]:
    """What a script says of a pack: the lines that name a difference."""
    path.write_bytes(pack)
    code = script.main(str(path))
    told = capsys.readouterr().out
    found = [line for line in told.splitlines() if line.startswith("DIFFERS")]
    assert code == (1 if found else 0), told
    return found


def found_by_the_short_one(pack: bytes, path, capsys) -> list[str]:
    """What `verify.py` says of a pack."""
    return differences(pack, path, capsys, verify)


def changed(pack: bytes, changes: Mapping[str, Callable[[str], str | None]], *, cleverly: bool = True) -> bytes:
    """A pack in which somebody changed some files, or took them out; cleverly: with the manifest put right."""
    with zipfile.ZipFile(io.BytesIO(pack)) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    for name, change in changes.items():
        made = change(files[name].decode())
        assert made is None or made.encode() != files[name], f"{name} was not changed"
        files |= {name: (made or "").encode()}
    if cleverly:
        manifest = json.loads(files["manifest.json"])
        for file in manifest["files"]:
            file["sha256"] = hashlib.sha256(files[file["name"]]).hexdigest()
        files["manifest.json"] = json.dumps(manifest).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return buffer.getvalue()
