"""Checks all of an evidence pack with Python 3.11 or later alone: python3 -I verify_everything.py PACK.zip.

It runs what verify.py beside it checks. Then it holds the trace against the plan documents and every column of it
against what it should be, adds up settlement and batches, and asks the audit chain for what was approved and released.
"""

import hashlib
import json
import re
import runpy
import sys
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exports.evidence import verify
else:  # the one beside this script, wherever both lie and whoever runs them
    verify = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("verify.py"))))

Row = dict[str, str]
Key = tuple[str, ...]
# Text that a spreadsheet would calculate has one apostrophe more than it should.
HELD_BACK = re.compile("'(?='*(?:[\\s\0]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n\0]))")


class Pack(verify.Pack):
    """The files of a pack, read as what they state."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.quarter: str = self.manifest["quarter"]
        self.decimals = {row["currency"]: int(row["decimals"]) for row in self.rows("rounding")}

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of a table by their columns, without what keeps a spreadsheet from calculating."""
        for row in super().rows(table):
            yield {name: HELD_BACK.sub("", text, count=1) if text[:1] == "'" else text for name, text in row.items()}

    def people(self, table: str) -> Iterator[tuple[Key, list[Row]]]:
        """The rows of a table, those of a person and currency together."""
        for key, rows in groupby(self.rows(table), lambda row: (row["employee"], row["currency"])):
            yield key, list(rows)

    def minor(self, amount: str, currency: str) -> int:
        """An amount in cents, yen or fils."""
        return int(verify.number(amount) * 10 ** self.decimals[currency])


def one_text(value: object) -> str:
    """The one JSON text of a value."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256(text: str) -> str:
    """The hash of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def plans(pack: Pack, check: verify.Check) -> None:
    """Every plan document has the hash that the run kept."""
    for row in pack.rows("plans"):
        text = pack.archive.read(f"plans/{row['plan']}.json")
        check.same(f"plan {row['plan']}", hashlib.sha256(text).hexdigest(), row["sha256"])


def rules(plan: dict[str, Any]) -> Iterator[tuple[Key, Row]]:
    """Every rule of a plan's document by kind, part and place, with what the trace must say of it."""
    for part in plan["components"]:
        of_part = {"part_share": part["share"], "part_cap": part.get("cap", "")}
        for place, each in enumerate(part["measures"], start=1):
            own = {"metric": each["metric"], "weight_in_plan": each["weight"], "curve": one_text(each["curve"])}
            yield ("measure", part["id"], str(place)), of_part | own
    for place, each in enumerate(plan.get("modifiers", ()), start=1):
        yield ("modifier", each["on"], str(place)), {"metric": each["metric"], "curve": one_text(each["curve"])}
    for place, each in enumerate(plan.get("gates", ()), start=1):
        own = {name: each.get(name, "") for name in ("metric", "at_least", "at_most")}
        yield ("gate", each["otherwise"]["on"], str(place)), own | {"gate_cap": each["otherwise"]["cap"]}


def trace(pack: Pack, check: verify.Check) -> None:
    """Every piece has the rules of its plan, and in every column what the script calculates."""
    plans = {row["plan"]: json.loads(pack.archive.read(f"plans/{row['plan']}.json")) for row in pack.rows("plans")}
    totals: dict[tuple[object, ...], Fraction] = {}
    for rows in pack.pieces():
        row, plan = rows[0], plans[rows[0]["plan"]]
        place = f"{row['employee']} {row['currency']} from {row['first_day']}"
        own = list(row)[: list(row).index("rule")]
        check.same(f"{place}, rows that differ", sum(any(each[name] != row[name] for name in own) for each in rows), 0)
        check.same(f"{place}, forfeited", bool(row["forfeited"]), row["rule"] == "forfeited")
        known = row["plan"], *(tuple(each.values())[len(own) :] for each in rows)
        if known not in totals:
            totals[known] = rules_of(pack, check, rows, plan, place)
        piece(pack, check, row, plan, totals[known])


def piece(pack: Pack, check: verify.Check, row: Row, plan: dict[str, Any], attains: Fraction) -> None:
    """What is a person's own: days, absences, the quarter's share, pay code and what is earned."""
    place = f"{row['employee']} {row['currency']} from {row['first_day']}"
    for kind, _, counts in json.loads(row["absences"] or "[]"):
        check.same(f"{place}, absence {kind}", counts, plan.get("absences", {}).get(kind, "100%"))
    share = verify.percent(plan["quarter_shares"][pack.quarter[-2:]])
    check.same(f"{place}, days_counted", verify.number(row["days_counted"]), verify.counted_days(row))
    check.same(f"{place}, share_of_year", verify.number(row["share_of_year"]), share)
    check.same(f"{place}, pay_code", row["pay_code"], plan.get("pay_code", ""))
    check.same(f"{place}, piece_earns", verify.number(row["piece_earns"]), verify.target(row) * attains)


def rules_of(pack: Pack, check: verify.Check, rows: list[Row], plan: dict[str, Any], place: str) -> Fraction:
    """What a piece attains: each rule is as the plan's document states it, and gives what the trace says."""
    if rows[0]["rule"] == "forfeited":
        check.same(f"{place}, rows", len(rows), 1)
        return Fraction(0)
    stated = dict(rules(plan))
    found: dict[Key, Row] = {(row["rule"], row["part"], row["place"]): row for row in rows}
    check.same(f"{place}, rules missing or too many", sorted(stated.keys() ^ found.keys()), [])
    check.same(f"{place}, rows", len(rows), len(found))
    for key in sorted(stated.keys() & found.keys()):
        for column, said in stated[key].items():
            check.same(f"{place}, {' '.join(key)} {found[key]['metric']}, {column}", found[key][column], said)
    attains = verify.attained(pack, rows)
    for row in rows:
        columns(pack, check, row, rows, f"{place}, {row['rule']} {row['part']} {row['place']} {row['metric']}")
        check.same(f"{place}, {row['part']} attains", verify.number(row["part_attains"]), attains.get(row["part"]))
        check.same(f"{place}, total_attains", verify.number(row["total_attains"]), attains["total"])
        check.same(f"{place}, plan_cap", row["plan_cap"], plan.get("cap", ""))
    return attains["total"]


def columns(pack: Pack, check: verify.Check, row: Row, rows: list[Row], place: str) -> None:
    """The score of a rule, what it gives, and of a measure its weight."""
    metric = pack.metrics[row["metric"]]
    if row["score"]:
        check.same(f"{place}, score", verify.number(row["score"]), verify.score(row, metric))
    right = verify.gives(row, metric)
    if row["rule"] == "gate":
        check.same(f"{place}, gives", row["gives"], "holds" if right else "fails")
    else:
        check.same(f"{place}, gives", verify.number(row["gives"]), right)
    if row["rule"] == "measure":
        measures = [each for each in rows if each["rule"] == "measure" and each["part"] == row["part"]]
        check.same(f"{place}, weight", verify.number(row["weight"]), verify.weight(row, measures))


def settlement(pack: Pack, check: verify.Check) -> None:
    """What is payable is what was earned with everything that was added, and has the hash that is approved."""
    digest = hashlib.sha256(f"{pack.quarter}\n{pack.manifest['run']}\n".encode())
    sums: dict[Key, Fraction] = defaultdict(Fraction)
    earned: dict[Key, Fraction] = {}
    payable: dict[Key, Fraction] = {}
    for key, rows in pack.people("settlement"):
        digest.update(f"{key[0]} {key[1]}\n".encode())
        for row in rows:
            minor = pack.minor(row["amount"], key[1])
            digest.update(f"\t{row['kind']} {row['quarter']} {row['source']} {minor}\n".encode())
            sums[key] += verify.number(row["amount"])
            if row["kind"] == "earned":
                earned[key] = verify.number(row["amount"])
    paid: dict[Key, Fraction] = {key: verify.number(text) for key, text in pack.paid.items()}
    for key in sorted(earned.keys() | paid.keys()):
        check.same(f"{' '.join(key)}, earned", str(earned.get(key)), str(paid.get(key)))
    payable |= {(row["employee"], row["currency"]): verify.number(row["payable"]) for row in pack.rows("payable")}
    for key in sorted(sums.keys() | payable.keys()):
        check.same(f"{' '.join(key)}, payable", str(payable.get(key)), str(sums[key]))
    check.same("hash of the settlement", pack.manifest["settlement_sha256"], digest.hexdigest())


def batches(pack: Pack, check: verify.Check) -> None:
    """Every batch has the lines of its hash, and adds up to its control totals and to what was released."""
    booked: dict[str, dict[Key, int]] = defaultdict(lambda: defaultdict(int))
    released: dict[Key, int] = defaultdict(int)
    for row in pack.rows("batch_lines"):
        corrects = () if row["quarter"] == pack.quarter else (row["quarter"],)
        minor, whose = pack.minor(row["amount"], row["currency"]), (row["employee"], row["currency"])
        booked[row["batch"]][row["employee"], row["pay_code"], row["cost_centre"], row["currency"], *corrects] += minor
        released[whose] += minor
    totals: dict[Key, list[tuple[str, int]]] = defaultdict(list)
    for batch in pack.rows("batches"):
        name, lines = batch["batch"], booked.pop(batch["batch"], {})
        texts = sorted("|".join((*key[:4], str(minor), *key[4:])) for key, minor in lines.items())
        check.same(f"{name}, hash of its lines", sha256("\n".join(texts)), batch["content_sha256"])
        employees = sha256("\n".join(sorted({key[0] for key in lines})))
        check.same(f"{name}, hash of its employee numbers", employees, batch["employees_sha256"])
        for key, minor in lines.items():
            totals[name, key[1], key[3]].append((key[0], minor))
    check.same("lines of batches that are not listed", sorted(booked), [])
    for row in pack.rows("control_totals"):
        found = totals.pop((row["batch"], row["pay_code"], row["currency"]), [])
        right = len({employee for employee, _ in found}), len(found), sum(minor for _, minor in found)
        packed = int(row["people"]), int(row["lines"]), pack.minor(row["amount"], row["currency"])
        check.same(f"{row['batch']} {row['pay_code']} {row['currency']}, people, lines, minor units", packed, right)
    check.same("control totals that are missing", sorted(totals), [])
    listed = {file["name"]: file["sha256"] for file in pack.manifest["files"]}
    for row in pack.rows("batch_files"):
        check.same(
            f"{row['file']}, its hash",
            listed.get(f"batches/{row['batch']}/{row['file']}", row["sha256"]),
            row["sha256"],
        )
    for row in pack.rows("payable"):
        minor = pack.minor(row["released"], row["currency"])
        check.same(f"{row['employee']}, released", minor, released[row["employee"], row["currency"]])


def known(pack: Pack, check: verify.Check) -> None:
    """The audit chain knows what was approved and released by its hash."""
    noted: dict[str, set[str]] = defaultdict(set)
    with pack.archive.open("audit-chain.jsonl") as file:
        for line in file:
            _, _, _, action, about, details, *_ = json.loads(line)
            noted[f"{action} {about}"].update(map(str, json.loads(details).values()))
    for batch in pack.rows("batches"):
        hashes = noted[f"freeze release {batch['batch']}"]
        check.same(f"{batch['batch']}, what the chain does not know", {batch["content_sha256"]} - hashes, set())
    for move in pack.rows("moves"):
        hashes = noted[f"{move['act']} quarter {pack.quarter}"] | {""}
        check.same(f"{move['act']} at {move['at']}, what the chain does not know", {move["saw_sha256"]} - hashes, set())


CHECKS = verify.CHECKS | {
    "plan documents against the run": plans,
    "trace, column by column": trace,
    "settlement lines, added up": settlement,
    "batches, added up": batches,
    "audit chain, what it knows": known,
}


def main(path: str) -> int:
    """Run every check and print what it found; 0 where nothing differs."""
    return verify.main(path, CHECKS, Pack)


if __name__ == "__main__":
    sys.exit(
        main(sys.argv[1]) if sys.argv[1:] else "Say which pack: python3 -I verify_everything.py evidence-2026-Q2.zip"
    )
