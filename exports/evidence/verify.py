"""Checks an evidence pack with nothing but Python 3.11 or later, and none of the program that made it.

    python3 -I verify.py evidence-2026-Q2.zip

It recomputes every payout from scores, weights and days, exactly, and says where the pack disagrees with itself.
"""

import csv
import hashlib
import io
import json
import re
import sys
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Any

Row = dict[str, str]
Key = tuple[str, ...]
SHOWN = 10
ZERO = Fraction(0)
TROUBLE = (
    ArithmeticError,
    LookupError,
    OSError,
    EOFError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
    csv.Error,
)
# Text that a spreadsheet would calculate has one apostrophe more than it should.
HELD_BACK = re.compile("'(?='*(?:[\\s\0]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n\0]))")


def number(text: str | None) -> Fraction:
    """12.5, or 1÷3 where decimals do not end; nothing is 0."""
    return Fraction((text or "0").replace("÷", "/"))


def percent(text: str) -> Fraction:
    """40% is 2/5."""
    return Fraction(text.removesuffix("%")) / 100


def half_up(value: Fraction) -> int:
    """The nearest whole number, halves away from zero: the only rounding there is."""
    whole = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return -whole if value < 0 else whole


def one_text(value: object) -> str:
    """The one JSON text of a value."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256(text: str) -> str:
    """The hash of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


class Check:
    """One line of the report: what is compared, how often it was, and where it is not as it should be."""

    def __init__(self, what: str, run: "Callable[[Pack, Check], None]") -> None:
        self.what, self.run, self.count = what, run, 0
        self.wrong: list[str] = []

    def same(self, place: str, packed: object, right: object) -> None:
        """Compare what the pack has with what it should be."""
        self.count += 1
        if packed != right:
            self.wrong.append(f"{place}: the pack has {packed}, it should be {right}")


class Pack:
    """The files of a pack, and what one check hands on to the next."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
        self.quarter: str = self.manifest["quarter"]
        self.metrics = {metric["id"]: metric for metric in json.loads(archive.read("metrics.json"))}
        rounding = {row["currency"]: row for row in self.rows("rounding")}
        self.units = {currency: Fraction(1, 10 ** int(row["decimals"])) for currency, row in rounding.items()}
        self.steps = {currency: number(row["rounded_to"]) for currency, row in rounding.items()}
        self.plans: dict[str, dict[str, Any]] = {}
        self.attained: dict[tuple[object, ...], Fraction] = {}
        self.earned: dict[Key, dict[Key, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        self.paid: dict[Key, Fraction] = {}

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of a table by their columns."""
        with self.archive.open(f"{table}.csv") as file:
            for row in csv.DictReader(io.TextIOWrapper(file, "utf-8-sig", newline=""), strict=True):
                yield {
                    name: HELD_BACK.sub("", text, count=1) if text[:1] == "'" else text for name, text in row.items()
                }

    def people(self, table: str) -> Iterator[tuple[Key, list[Row]]]:
        """The rows of a table, those of a person and currency together."""
        for key, rows in groupby(self.rows(table), lambda row: (row["employee"], row["currency"])):
            yield key, list(rows)

    def minor(self, amount: str, currency: str) -> int:
        """An amount in cents, yen or fils."""
        return int(number(amount) / self.units[currency])


def files(pack: Pack, check: Check) -> None:
    """Every file is the one that the manifest names, and there is no other."""
    listed = {file["name"]: file["sha256"] for file in pack.manifest["files"]}
    for name in sorted({*listed, *pack.archive.namelist()} - {"manifest.json"}):
        digest, found = hashlib.sha256(), "no whole file"
        try:
            with pack.archive.open(name) as file:
                while some := file.read(1 << 20):
                    digest.update(some)
            found = digest.hexdigest()
        except TROUBLE as error:
            found = f"no whole file ({error})"
        check.same(name, found, listed.get(name, "no file at all: the manifest does not name it"))


def plans(pack: Pack, check: Check) -> None:
    """Every plan document has the hash that the run kept."""
    for row in pack.rows("plans"):
        text = pack.archive.read(f"plans/{row['plan']}.json").decode()
        check.same(f"plan {row['plan']}", sha256(text), row["sha256"])
        pack.plans[row["plan"]] = json.loads(text)


def along(curve: dict[str, Any], x: Fraction, better: str) -> Fraction:
    """What a curve gives at x, read from the worse end to the better: steps, or lines through its points."""
    sign = -1 if better == "lower" else 1
    points = sorted((sign * Fraction(at), percent(height)) for at, height in curve["points"])
    reached = sum(at <= sign * x for at, _ in points)
    if reached == 0:
        return percent(curve.get("below", "0%"))
    if curve["shape"] == "step" or (reached == len(points) and curve.get("above") != "extend"):
        return points[reached - 1][1]
    (x0, y0), (x1, y1) = points[min(reached, len(points) - 1) - 1 :][:2]
    return max(ZERO, y0 + (sign * x - x0) * (y1 - y0) / (x1 - x0))


def given(row: Row, better: str) -> Fraction | str:
    """What a measure or modifier gives at its score; of a gate whether it holds."""
    without, score, target = row["without_score"], number(row["score"]), number(row["target"])
    if row["rule"] == "gate":
        low = bool(row["at_least"]) and score < number(row["at_least"])
        high = bool(row["at_most"]) and score > number(row["at_most"])
        return "fails" if (low or high) and not without else "holds"
    if without:
        return Fraction(without == "neutral" or (row["rule"] == "modifier" and without != "zero"))
    curve = json.loads(row["curve"])
    if curve["x"] == "percent_of_target":
        return along(curve, score / target * 100, better)
    return along(curve, score - target if curve["x"] == "points_from_target" else score, better)


def score_of(row: Row, decimals: int) -> Fraction:
    """A score as it is published: from the counts behind it where the pack has them."""
    exact = number(row["score_exact"])
    if row["touchpoints"]:
        exact = sum(
            (percent(share) * Fraction(points, n) for _, share, n, points in json.loads(row["touchpoints"])), ZERO
        )
    elif row["points"]:
        exact = Fraction(int(row["points"]), int(row["answers"]))
    return Fraction(half_up(exact * 10**decimals), 10**decimals)


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


class Piece:
    """One person's days in one assignment under one plan version: what share of its target it attains."""

    def __init__(self, pack: Pack, check: Check, rows: list[Row], place: str) -> None:
        self.check, self.place, self.rows, self.plan = check, place, rows, pack.plans[rows[0]["plan"]]
        self.found: dict[Key, Row] = {(row["rule"], row["part"], row["place"]): row for row in rows}
        self.gives: dict[Key, Any] = {}
        stated = dict(rules(self.plan))
        check.same(f"{place}, rules missing or too many", sorted(stated.keys() ^ self.found.keys()), [])
        check.same(f"{place}, rows", len(rows), len(self.found))
        for key in sorted(stated.keys() & self.found.keys()):
            row, where = self.found[key], f"{place}, {' '.join(key)} {self.found[key]['metric']}"
            for column, said in stated[key].items():
                check.same(f"{where}, {column}", row[column], said)
            metric = pack.metrics[row["metric"]]
            if row["score"]:
                check.same(f"{where}, score", number(row["score"]), score_of(row, metric["decimals"]))
            right = self.gives[key] = given(row, metric["better"])
            check.same(f"{where}, gives", row["gives"] if row["rule"] == "gate" else number(row["gives"]), right)

    def total(self) -> Fraction:
        """The parts by their shares; then what works on the total."""
        parts = (percent(part["share"]) * self.part(part) for part in self.plan["components"])
        total = self.limited(sum(parts, ZERO), "total", self.plan.get("cap", ""))
        for row in self.rows:
            self.check.same(f"{self.place}, total_attains", number(row["total_attains"]), total)
            self.check.same(f"{self.place}, plan_cap", row["plan_cap"], self.plan.get("cap", ""))
        return total

    def part(self, part: dict[str, Any]) -> Fraction:
        """The measures of a part by their weights, which make 100 % of those that did not drop."""
        rows = {key: row for key, row in self.found.items() if key[:2] == ("measure", part["id"]) and key in self.gives}
        kept = {key: row for key, row in rows.items() if row["without_score"] != "renormalise"}
        left = sum((percent(row["weight_in_plan"]) for row in kept.values()), ZERO)
        earned = ZERO
        for key, row in rows.items():
            weight = percent(row["weight_in_plan"]) / left if key in kept else ZERO
            self.check.same(f"{self.place}, {' '.join(key)}, weight", number(row["weight"]), weight)
            earned += weight * self.gives[key]
        return self.limited(earned, part["id"], part.get("cap", ""))

    def limited(self, earned: Fraction, on: str, cap: str) -> Fraction:
        """What was earned × each modifier, at most each failing gate's cap, at most the cap."""
        caps = [cap] if cap else []
        for key, gives in self.gives.items():
            if key[:2] == ("modifier", on):
                earned *= gives
            elif key[:2] == ("gate", on) and gives == "fails":
                caps.append(self.found[key]["gate_cap"])
        earned = min([earned, *map(percent, caps)])
        for row in self.rows:
            if row["part"] == on:
                self.check.same(f"{self.place}, {on} attains", number(row["part_attains"]), earned)
        return earned


def trace(pack: Pack, check: Check) -> None:
    """Every piece earns what its target, its days and its rules give."""
    for key, group in groupby(pack.rows("trace"), lambda row: (row["employee"], row["currency"], row["first_day"])):
        rows, place = list(group), f"{key[0]} {key[1]} from {key[2]}"
        row, plan = rows[0], pack.plans[rows[0]["plan"]]
        own = [name for name in row if name not in ("rule", "part")][: list(row).index("rule")]
        check.same(f"{place}, rows that differ", sum(any(each[name] != row[name] for name in own) for each in rows), 0)
        known = row["plan"], *(tuple(each.values())[len(own) :] for each in rows)
        if known not in pack.attained:
            pack.attained[known] = ZERO if row["forfeited"] else Piece(pack, check, rows, place).total()
        days = Fraction((date.fromisoformat(row["last_day"]) - date.fromisoformat(key[2])).days + 1)
        for kind, away, counts in json.loads(row["absences"] or "[]"):
            check.same(f"{place}, absence {kind}", counts, plan.get("absences", {}).get(kind, "100%"))
            days -= away * (1 - percent(counts))
        share = percent(plan["quarter_shares"][pack.quarter[-2:]])
        check.same(f"{place}, days_counted", number(row["days_counted"]), days)
        check.same(f"{place}, share_of_year", number(row["share_of_year"]), share)
        check.same(f"{place}, pay_code", row["pay_code"], plan.get("pay_code", ""))
        stated = row["target_amount"] or None
        annual = number(stated) if stated else number(row["annual_salary"]) * number(row["target_percent"])
        target = annual * number(row["fte"]) * share * days / int(row["days_in_quarter"])
        check.same(f"{place}, piece_earns", number(row["piece_earns"]), target * pack.attained[known])
        pack.earned[key[:2]][row["pay_code"], row["cost_centre"]] += target * pack.attained[known]


def shared(total: int, parts: list[Fraction]) -> list[int]:
    """Whole numbers in place of exact parts, adding up to a total: by largest remainder, ties by order."""
    together = sum(parts, ZERO)
    if abs(together - total) * 2 > 1:  # rounded to a step that is coarser than the minor unit
        parts = [part * total / together if together else ZERO for part in parts]
    whole = [part.numerator // part.denominator for part in parts]
    order = sorted(range(len(parts)), key=lambda place: (whole[place] - parts[place], place))
    for place in order[: total - sum(whole)]:
        whole[place] += 1
    return whole


def payouts(pack: Pack, check: Check) -> None:
    """Every payout is what its pieces earn, rounded once, and its lines add up to it."""
    for key, rows in pack.people("payouts"):
        parts, unit, step = pack.earned[key], pack.units[key[1]], pack.steps[key[1]]
        paid = pack.paid[key] = half_up(sum(parts.values(), ZERO) / step) * step
        check.same(f"{' '.join(key)}, payout", {row["payout"] for row in rows} - {text(paid, unit)}, set())
        lines = shared(int(paid / unit), [part / unit for part in parts.values()])
        right = [(*place, text(line * unit, unit)) for place, line in zip(parts, lines, strict=True)]
        check.same(f"{' '.join(key)}, lines", [(r["pay_code"], r["cost_centre"], r["line"]) for r in rows], right)
    check.same("payouts or traces that lack the other", sorted(pack.paid.keys() ^ pack.earned.keys()), [])


def text(amount: Fraction, unit: Fraction) -> str:
    """An amount as the pack writes it: 1012.98, or 1013 where the currency has no smaller unit."""
    digits = str(abs(int(amount / unit))).rjust(len(str(unit.denominator)), "0")
    places = len(str(unit.denominator)) - 1
    return ("-" if amount < 0 else "") + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def settlement(pack: Pack, check: Check) -> None:
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
            sums[key] += number(row["amount"])
            if row["kind"] == "earned":
                earned[key] = number(row["amount"])
    for key in sorted(earned.keys() | pack.paid.keys()):
        check.same(f"{' '.join(key)}, earned", str(earned.get(key)), str(pack.paid.get(key)))
    payable |= {(row["employee"], row["currency"]): number(row["payable"]) for row in pack.rows("payable")}
    for key in sorted(sums.keys() | payable.keys()):
        check.same(f"{' '.join(key)}, payable", str(payable.get(key)), str(sums[key]))
    check.same("hash of the settlement", pack.manifest["settlement_sha256"], digest.hexdigest())


def batches(pack: Pack, check: Check) -> None:
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


def chain(pack: Pack, check: Check) -> None:
    """Every entry of the audit chain is sealed with the one before it, and knows what was approved and released."""
    anchors = dict(anchor.split(":") for anchor in pack.manifest["chain"]["anchors"])
    noted: dict[str, set[str]] = defaultdict(set)
    before, head = "", ""
    with pack.archive.open("audit-chain.jsonl") as file:
        for line in file:
            *fields, previous, sealed = json.loads(line)
            here = f"{fields[0]}:{sealed}"
            check.same(f"entry {fields[0]}, its hash", sealed, sha256(f"{previous}\n{one_text(fields)}"))
            check.same(
                f"entry {fields[0]}, the one before it",
                f"{fields[0] - 1}:{previous}",
                before or f"{fields[0] - 1}:{previous}",
            )
            check.same(f"entry {fields[0]}, its anchor", sealed, anchors.get(str(fields[0]), sealed))
            noted[f"{fields[3]} {fields[4]}"].update(map(str, json.loads(fields[5]).values()))
            before = head = here
    check.same("head of the chain", head, pack.manifest["chain"]["head"])
    for batch in pack.rows("batches"):
        known = noted[f"freeze release {batch['batch']}"]
        check.same(f"{batch['batch']}, what the chain does not know", {batch["content_sha256"]} - known, set())
    for move in pack.rows("moves"):
        known = noted[f"{move['act']} quarter {pack.quarter}"] | {""}
        check.same(f"{move['act']} at {move['at']}, what the chain does not know", {move["saw_sha256"]} - known, set())


CHECKS = (
    ("files against the manifest", files),
    ("plan documents against the run", plans),
    ("trace, recomputed", trace),
    ("payouts, recomputed", payouts),
    ("settlement lines, added up", settlement),
    ("batches, added up", batches),
    ("audit chain, walked", chain),
)


def main(path: str) -> int:
    """Run every check and print what it found; 0 where nothing differs."""
    try:
        pack = Pack(zipfile.ZipFile(path))
    except TROUBLE as error:
        print(f"DIFFERS  {path} is no evidence pack that can be read: {error}")
        return 1
    checks = [Check(what, run) for what, run in CHECKS]
    for check in checks:
        try:
            check.run(pack, check)
        except TROUBLE as error:
            check.wrong.append(f"cannot be checked to its end: {type(error).__name__} {error}")
    print(f"{pack.quarter}, run {pack.manifest['run']}, {pack.manifest['state']}, made {pack.manifest['made_at']}")
    for check in checks:
        print(f"{check.what:<34}{check.count:>14,} compared{len(check.wrong):>9,} differ")
    for check in checks:
        for wrong in check.wrong[:SHOWN]:
            print(f"DIFFERS  {check.what}: {wrong}")
    count = sum(len(check.wrong) for check in checks)
    print(f"Head of the audit chain: {pack.manifest['chain']['head']}. Hold it against one that was kept elsewhere.")
    print(f"{count:,} differ. The first of each kind stand above." if count else "Nothing differs.")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if sys.argv[1:] else "Say which pack: python3 -I verify.py evidence-2026-Q2.zip")
