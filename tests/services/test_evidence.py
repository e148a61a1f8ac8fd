"""The pack of a stored quarter, checked by its own script: as it is, and after somebody changed it."""

import csv
import hashlib
import io
import json
import runpy
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from comp.chain import Anchor
from comp.db import Engine, connect, reading, writing
from comp.errors import NotFoundError
from comp.periods import Quarter
from comp.roles import Role
from comp.services import audit, evidence
from comp.services.calculation import calculate_quarter
from comp.services.evidence import gather
from exports.evidence import verify, verify_everything
from exports.evidence.pack import SCRIPTS, write_pack
from tests import paid
from tests.exports.packs import changed, differences, found_by_the_short_one
from tests.released import HR, account
from tests.stored import NOW, Q3, calculated, company, publish, taken
from web.database import disposed

AUDITOR = account(7, Role.AUDITOR)
Q4 = Quarter(2025, 4)


def made(engine: Engine, quarter=Q3, by=AUDITOR, now=NOW, anchors=()) -> bytes:
    """The pack of a quarter."""
    file = io.BytesIO()
    with reading(engine) as session:
        write_pack(file, gather(session, by, quarter, now, anchors))
    return file.getvalue()


def table(pack: bytes, name: str) -> list[dict[str, str]]:
    """The rows of one of its tables."""
    text = zipfile.ZipFile(io.BytesIO(pack)).read(f"{name}.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def manifest(pack: bytes) -> dict:
    return json.loads(zipfile.ZipFile(io.BytesIO(pack)).read("manifest.json"))


def two_quarters(engine: Engine) -> None:
    """A third quarter that is paid, corrected, and paid again with the fourth."""
    company(
        engine, results="unit,quarter,metric,value\nU,2025-Q3,k,100\nV,2025-Q3,k,50\nU,2025-Q4,k,80\nV,2025-Q4,k,80\n"
    )
    publish(engine)
    paid.release(engine, Q3)
    taken(engine, "results", "unit,quarter,metric,value\nU,2025-Q3,k,110\n")
    paid.correct(engine, Q3)
    paid.release(engine, Q4)


@pytest.fixture(scope="module")
def released(sqlite_template, tmp_path_factory):
    """The two quarters, made once: nothing here changes what they pay."""
    path = tmp_path_factory.mktemp("evidence") / "company.db"
    shutil.copy(sqlite_template, path)
    with disposed(connect(f"sqlite:///{path}")) as engine:
        two_quarters(engine)
        yield engine


@pytest.fixture(scope="module")
def pack(released) -> bytes:
    """The pack of a paid quarter."""
    return made(released)


def test_the_pack_of_a_paid_quarter_with_a_correction_is_recomputed_on_both_databases(engine, tmp_path, capsys):
    two_quarters(engine)
    pack = made(engine, Q4)
    assert differences(pack, tmp_path / "pack.zip", capsys) == []
    (line,) = [row for row in table(pack, "settlement") if row["kind"] == "correction"]
    assert (line["employee"], line["quarter"], line["source"], line["amount"]) == (
        "1",
        "2025-Q3",
        "correction 1",
        "100.00",
    )
    (correction,) = table(pack, "corrections")
    assert (correction["source"], correction["run"], correction["against_run"]) == (
        "correction 1",
        "2025-Q3/2",
        "2025-Q3/1",
    )
    assert [row["released"] for row in table(pack, "payable")] == ["900.00", "1600.00"]


def test_a_quarter_that_is_only_calculated_has_a_pack_that_says_so(sqlite_engine, tmp_path, capsys):
    company(sqlite_engine)
    publish(sqlite_engine)
    calculated(sqlite_engine)
    pack = made(sqlite_engine)
    assert differences(pack, tmp_path / "pack.zip", capsys) == []
    assert (manifest(pack)["state"], manifest(pack)["batches"], table(pack, "batches")) == ("calculated", [], [])
    assert "nothing of it is approved" in zipfile.ZipFile(io.BytesIO(pack)).read("README.txt").decode()


def test_the_manifest_names_what_made_it_and_every_file_with_its_hash(released):
    pack = made(released, anchors=[Anchor(1, "0" * 64)])
    told = manifest(pack)
    assert (told["quarter"], told["state"], told["run"], told["batches"]) == (
        "2025-Q3",
        "released",
        "2025-Q3/1",
        ["2025-Q3-B1"],
    )
    assert (told["database"]["kind"], told["made_by"]) == ("sqlite", AUDITOR.email)
    assert told["chain"]["anchors"][0] == f"1:{'0' * 64}"
    with zipfile.ZipFile(io.BytesIO(pack)) as opened:
        assert {each["name"] for each in told["files"]} == set(opened.namelist()) - {"manifest.json"}
        for each in told["files"]:
            content = opened.read(each["name"])
            assert (hashlib.sha256(content).hexdigest(), len(content)) == (each["sha256"], each["bytes"])


def test_the_same_state_gives_the_same_bytes_but_for_when_the_pack_was_made(released):
    assert made(released) == made(released)
    one, other = made(released), made(released, now=NOW + timedelta(days=1))
    with zipfile.ZipFile(io.BytesIO(one)) as first, zipfile.ZipFile(io.BytesIO(other)) as second:
        differ = [name for name in first.namelist() if first.read(name) != second.read(name)]
        assert {info.date_time for info in first.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert differ == ["README.txt", "manifest.json"]


def test_inputs_stand_by_their_hashes_and_nobody_by_name(released):
    pack = made(released, by=account(8, Role.HR))
    inputs = table(pack, "inputs")
    assert [(row["kind"], row["file"], row["accepted_by"]) for row in inputs][:2] == [
        ("metrics", "metrics.csv", "hr@example.org"),
        ("units", "units.csv", "hr@example.org"),
    ]
    assert all(len(row["sha256"]) == 64 for row in inputs)
    with zipfile.ZipFile(io.BytesIO(pack)) as opened:
        texts = {name: opened.read(name).decode() for name in opened.namelist()}
    assert not [name for name, text in texts.items() if "Ann" in text or "Bob" in text]


def test_a_file_that_came_after_the_run_is_none_of_its_inputs(sqlite_engine):
    company(sqlite_engine)
    publish(sqlite_engine)
    with writing(sqlite_engine) as session:
        calculate_quarter(session, Q3, "hr@example.org", NOW - timedelta(hours=1))
    assert table(made(sqlite_engine), "inputs") == []


def test_released_workbooks_are_in_the_pack_of_who_may_take_payroll_files_only(released):
    name = "batches/2025-Q3-B1/payroll-2025-Q3-B1.xlsx"
    assert name in zipfile.ZipFile(io.BytesIO(made(released))).namelist()
    assert name not in zipfile.ZipFile(io.BytesIO(made(released, by=HR))).namelist()


def test_who_may_not_take_evidence_finds_none(released):
    with reading(released) as session, pytest.raises(NotFoundError):
        gather(session, account(9, Role.APPROVER), Q3, NOW)


def test_a_quarter_that_was_not_calculated_has_none(sqlite_engine):
    with reading(sqlite_engine) as session, pytest.raises(NotFoundError, match="has not been calculated"):
        gather(session, AUDITOR, Q3, NOW)


def test_the_chain_begins_with_the_entry_before_the_quarter_s_first(released):
    with zipfile.ZipFile(io.BytesIO(made(released))) as opened:
        lines = [json.loads(line) for line in opened.read("audit-chain.jsonl").splitlines()]
    with reading(released) as session:
        assert f"{lines[-1][0]}:{lines[-1][-1]}" == str(audit.head(session))
        evidence_first = evidence._first_entry(session, Quarter(2030, 1))
    assert lines[0][0] == 1
    assert evidence_first == 1


def test_making_one_is_noted_with_its_hash_and_changes_no_input(released):
    with reading(released) as session:
        before = audit.head(session).number
    with writing(released) as session:
        evidence.note_made(session, AUDITOR, Q3, NOW, "ab" * 32, 10)
        assert not audit.is_changed_since(session, before)
        (entry,) = audit.search(session, "evidence 2025-Q3", 1)
    assert json.loads(entry.entry.details) == {"sha256": "ab" * 32, "size": 10}


def put(column: str, value: str, where: int = 0, name: str = "trace"):
    """A change of one cell of a table's row."""

    def change(text: str) -> str:
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
        rows[where][column] = value
        return written(rows)

    return change


def written(rows: list[dict[str, str]]) -> str:
    made = io.StringIO(newline="")
    writer = csv.DictWriter(made, list(rows[0]), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return "\ufeff" + made.getvalue()


def without_row(place: int):
    def change(text: str) -> str:
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
        del rows[place]
        return written(rows)

    return change


def replaced(old: str, new: str):
    return lambda text: text.replace(old, new)


PAYOUT = "payouts, recomputed: 1 EUR: the pack has "
LONG = ""  # what the short script does not look at

CHANGES = [
    # file, what is done to it, what verify.py names, what verify_everything.py names
    ("payouts.csv", put("payout", "1000.01"), f"{PAYOUT}[('1000.01', 'LOY'", "[('1000.00', 'LOY'"),
    ("payouts.csv", put("line", "999.99"), f"{PAYOUT}[('1000.00', 'LOY', '', '999.99')]", PAYOUT),
    ("payouts.csv", put("cost_centre", "9"), f"{PAYOUT}[('1000.00', 'LOY', '9', '1000.00')]", PAYOUT),
    ("payouts.csv", without_row(0), f"{PAYOUT}[], it should be", PAYOUT),
    ("rounding.csv", put("rounded_to", "300"), f"{PAYOUT}[('1000.00'", "should be [('900.00'"),
    ("trace.csv", put("score", "101"), LONG, "measure c 1 k, score: the pack has 101, it should be 100"),
    ("trace.csv", put("score_exact", "101"), PAYOUT, "measure c 1 k, score: the pack has 100, it should be 101"),
    ("trace.csv", put("gives", "1.01"), LONG, "measure c 1 k, gives: the pack has 101/100, it should be 1"),
    ("trace.csv", put("weight", "0.5"), LONG, "measure c 1 k, weight: the pack has 1/2, it should be 1"),
    ("trace.csv", put("weight_in_plan", "90%"), LONG, "weight_in_plan: the pack has 90%, it should be 100%"),
    ("trace.csv", put("part_share", "90%"), PAYOUT, "part_share: the pack has 90%, it should be 100%"),
    ("trace.csv", put("part_cap", "50%"), PAYOUT, "part_cap: the pack has 50%, it should be"),
    ("trace.csv", put("plan_cap", "50%"), PAYOUT, "plan_cap: the pack has 50%, it should be"),
    ("trace.csv", put("without_score", "zero"), PAYOUT, "measure c 1 k, gives: the pack has 1, it should be 0"),
    ("trace.csv", put("part_attains", "2"), LONG, "c attains: the pack has 2, it should be 1"),
    ("trace.csv", put("total_attains", "2"), LONG, "total_attains: the pack has 2, it should be 1"),
    ("trace.csv", put("piece_earns", "2"), LONG, "piece_earns: the pack has 2, it should be 1000"),
    ("trace.csv", put("target_amount", "8000"), PAYOUT, "piece_earns: the pack has 1000, it should be 2000"),
    ("trace.csv", put("fte", "0.5"), PAYOUT, "piece_earns: the pack has 1000, it should be 500"),
    ("trace.csv", put("last_day", "2025-09-29"), PAYOUT, "days_counted: the pack has 92, it should be 91"),
    ("trace.csv", put("days_in_quarter", "91"), PAYOUT, "piece_earns: the pack has 1000, it should be"),
    ("trace.csv", put("absences", '[["leave",46,"0%"]]'), PAYOUT, "absence leave: the pack has 0%, it should be 100%"),
    ("trace.csv", put("days_counted", "91"), LONG, "days_counted: the pack has 91, it should be 92"),
    ("trace.csv", put("share_of_year", "0.5"), PAYOUT, "share_of_year: the pack has 1/2, it should be 1/4"),
    ("trace.csv", put("pay_code", "X"), PAYOUT, "pay_code: the pack has X, it should be LOY"),
    ("trace.csv", put("forfeited", "Left."), LONG, "forfeited: the pack has True, it should be False"),
    ("trace.csv", put("rule", "forfeited"), PAYOUT, "forfeited: the pack has False, it should be True"),
    ("trace.csv", without_row(0), PAYOUT, "1 EUR, earned: the pack has 1000, it should be 0"),
    ("trace.csv", put("place", "2"), LONG, "rules missing or too many"),
    (
        "settlement.csv",
        put("amount", "1000.01"),
        LONG,
        "1 EUR, earned: the pack has 100001/100, it should be 1000",
    ),
    ("settlement.csv", put("source", "run 2025-Q3/9"), LONG, "hash of the settlement"),
    ("payable.csv", put("payable", "0.00"), LONG, "1 EUR, payable: the pack has 0, it should be 1000"),
    ("payable.csv", put("released", "0.00"), LONG, "1, released: the pack has 0, it should be 100000"),
    ("batch_lines.csv", put("amount", "1000.01"), LONG, "2025-Q3-B1, hash of its lines"),
    ("batch_lines.csv", put("batch", "2025-Q3-B2"), LONG, "lines of batches that are not listed"),
    ("batch_lines.csv", put("employee", "3"), LONG, "hash of its employee numbers"),
    ("control_totals.csv", put("amount", "3000.01"), LONG, "people, lines, minor units"),
    ("batches.csv", put("content_sha256", "0" * 64), LONG, "2025-Q3-B1, what the chain does not know"),
    ("batch_files.csv", put("sha256", "0" * 64), LONG, "payroll-2025-Q3-B1.xlsx, its hash"),
    (
        "moves.csv",
        put("saw_sha256", "0" * 64, 2),
        LONG,
        "approve at 2026-04-03T09:30:00Z, what the chain does not know",
    ),
    (
        "audit-chain.jsonl",
        replaced('"approve","quarter 2025-Q3"', '"approve","quarter 2025-Q2"'),
        "its hash",
        "its hash",
    ),
    ("audit-chain.jsonl", lambda text: "\n".join(text.split("\n")[:-2]), "head of the chain", "head of the chain"),
    ("plans/p@2025-01-01.json", replaced("200%", "300%"), LONG, "plan p@2025-01-01"),
    ("plans.csv", put("sha256", "0" * 64), LONG, "plan documents against the run: plan p@2025-01-01"),
]


@pytest.mark.parametrize("case", CHANGES, ids=lambda case: f"{case[0]} {case[3]}")
def test_whoever_changes_a_pack_and_puts_its_manifest_right_is_still_found(pack, case, tmp_path, capsys):
    name, change, told_shortly, told = case
    other = changed(pack, {name: change})
    found = differences(other, tmp_path / "pack.zip", capsys)
    assert any(told in line for line in found), found
    assert not any("files against the manifest" in line for line in found)
    shortly = found_by_the_short_one(other, tmp_path / "pack.zip", capsys)
    assert any(told_shortly in line for line in shortly) if told_shortly else shortly == []


BOTH = pytest.mark.parametrize("script", [verify, verify_everything], ids=lambda script: script.__name__)


@BOTH
@pytest.mark.parametrize("name", sorted({name for name, *_ in CHANGES} | {"README.txt", "metrics.json", "verify.py"}))
def test_a_file_that_is_not_the_one_that_was_packed_is_named(pack, name, script, tmp_path, capsys):
    other = changed(pack, {name: lambda text: f"{text}\n"}, cleverly=False)
    found = differences(other, tmp_path / "pack.zip", capsys, script)
    assert any(line.startswith(f"DIFFERS  files against the manifest: {name}: ") for line in found)


@BOTH
def test_a_file_that_nobody_packed_is_named(pack, script, tmp_path, capsys):
    (found,) = differences(with_file(pack, "more.csv"), tmp_path / "pack.zip", capsys, script)
    assert "more.csv" in found
    assert "the manifest does not name it" in found


@BOTH
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_packed_twice_is_named(pack, script, tmp_path, capsys):
    """Other programs may unpack the first of them, and Python reads the last."""
    found = differences(with_file(pack, "payouts.csv"), tmp_path / "pack.zip", capsys, script)
    assert "files against the manifest: names that stand twice: the pack has ['payouts.csv']" in found[0]


def with_file(pack: bytes, name: str) -> bytes:
    """A pack with one file more than its manifest knows."""
    buffer = io.BytesIO(pack)
    with zipfile.ZipFile(buffer, "a") as opened:
        opened.writestr(name, "1")
    return buffer.getvalue()


@BOTH
def test_a_member_that_is_cut_short_is_named(pack, script, tmp_path, capsys):
    with zipfile.ZipFile(io.BytesIO(pack)) as opened:
        info = opened.getinfo("trace.csv")
    start = info.header_offset + 60
    cut = pack[:start] + bytes(info.compress_size - 60) + pack[start + info.compress_size - 60 :]
    found = differences(cut, tmp_path / "pack.zip", capsys, script)
    assert any("files against the manifest: trace.csv: the pack has no whole file" in line for line in found)
    assert any("payouts, recomputed: cannot be checked to its end" in line for line in found)


@BOTH
def test_what_is_no_pack_is_said_to_be_none(pack, script, tmp_path, capsys):
    (found,) = differences(pack[:-100], tmp_path / "pack.zip", capsys, script)
    assert "is no evidence pack that can be read" in found


@pytest.mark.parametrize("name", SCRIPTS)
def test_each_script_runs_by_itself_from_any_folder_and_needs_the_name_of_a_pack(
    pack, name, tmp_path, monkeypatch, capsys
):
    (tmp_path / "pack.zip").write_bytes(pack)
    monkeypatch.chdir(tmp_path)
    path = Path(verify.__file__).with_name(name)
    for arguments, ends in ((["pack.zip"], 0), ([], f"Say which pack: python3 -I {name} evidence-2026-Q2.zip")):
        monkeypatch.setattr("sys.argv", [name, *arguments])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(path), run_name="__main__")
        assert ended.value.code == ends
    assert capsys.readouterr().out.endswith("Nothing differs.\n")
