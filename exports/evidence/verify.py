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
SHOWN = 10
HELD_BACK = re.compile("'(?='*(?:[\\s\0]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n\0]))")  # keeps text from being a formula


def number(text: str) -> Fraction:  # 12.5, or 1÷3 where decimals do not end
    return Fraction(text.replace("÷", "/"))


def percent(text: str) -> Fraction:
    return Fraction(text.removesuffix("%")) / 100


def half_up(value: Fraction) -> int:  # to the nearest whole number, halves away from zero: the only rounding there is
    whole = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return -whole if value < 0 else whole


def one_text(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Check:
    """One line of the report: what is compared, how often it was, and where it is not as it should be."""

    def __init__(self, what: str, run: "Callable[[Pack, Check], None]") -> None:
        self.what, self.run, self.count, self.wrong = what, run, 0, list[str]()

    def same(self, place: str, packed: object, right: object) -> None:
        self.count += 1
        if packed != right:
            self.wrong.append(f"{place}: the pack has {packed}, it should be {right}")


class Pack:
    """The files of a pack, and what one check hands on to the next."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
        self.quarter: str = self.manifest["quarter"]
        self.plans: dict[str, dict[str, Any]] = {}
        self.earned: dict[tuple[str, str], dict[tuple[str, str], Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        self.paid: dict[tuple[str, str], Fraction] = {}
        self.attained: dict[tuple[object, ...], Fraction] = {}
        self.metrics = {metric["id"]: metric for metric in json.loads(archive.read("metrics.json"))}
        rounding = {row["currency"]: row for row in self.rows("rounding")}
        self.units = {currency: Fraction(1, 10 ** int(row["decimals"])) for currency, row in rounding.items()}
        self.steps = {currency: number(row["rounded_to"]) for currency, row in rounding.items()}

    def rows(self, table: str) -> Iterator[Row]:
        with self.archive.open(f"{table}.csv") as file:
            for row in csv.DictReader(io.TextIOWrapper(file, "utf-8-sig", newline=""), strict=True):
                yield {column: HELD_BACK.sub("", text, count=1) if text[:1] == "'" else text for column, text in row.items()}

    def minor(self, amount: str, currency: str) -> int:
        return int(number(amount) / self.units[currency])


def files(pack: Pack, check: Check) -> None:
    listed = {file["name"]: file["sha256"] for file in pack.manifest["files"]}
    for name in sorted({*listed, *pack.archive.namelist()} - {"manifest.json"}):
        digest = hashlib.sha256()
        try:
            with pack.archive.open(name) as file:
                while some := file.read(1 << 20):
                    digest.update(some)
            check.same(name, digest.hexdigest(), listed.get(name, "no file at all: the manifest does not name it"))
        except (KeyError, EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
            check.same(name, f"no whole file ({error})", listed.get(name))


def plans(pack: Pack, check: Check) -> None:
    for row in pack.rows("plans"):
        text = pack.archive.read(f"plans/{row['plan']}.json").decode()
        check.same(f"plan {row['plan']}", sha256(text), row["sha256"])
        pack.plans[row["plan"]] = json.loads(text)


def along(curve: dict[str, Any], x: Fraction, better: str) -> Fraction:
    """What a curve gives at x: on its points a step or a line at a time, from the worst end to the better."""
    sign = -1 if better == "lower" else 1
    points = sorted((sign * Fraction(at), percent(height)) for at, height in curve["points"])
    reached = sum(at <= sign * x for at, _ in points)
    if reached == 0:
        return percent(curve.get("below", "0%"))
    if curve["shape"] == "step" or (reached == len(points) and curve.get("above") != "extend"):
        return points[reached - 1][1]
    (x0, y0), (x1, y1) = points[min(reached, len(points) - 1) - 1 :][:2]
    return max(Fraction(0), y0 + (sign * x - x0) * (y1 - y0) / (x1 - x0))


def given(row: Row, better: str) -> Fraction | str:
    """What a measure or modifier gives at its score, or whether a gate holds."""
    without, score = row["without_score"], number(row["score"] or "0")
    if row["rule"] == "gate":
        fails = (row["at_least"] and score < number(row["at_least"])) or (row["at_most"] and score > number(row["at_most"]))
        return "fails" if fails and not without else "holds"
    if without:
        return Fraction(without == "neutral" or (row["rule"] == "modifier" and without != "zero"))
    curve = json.loads(row["curve"])
    target = number(row["target"] or "0")
    axes = {"points_from_target": lambda: score - target, "percent_of_target": lambda: score / target * 100}
    return along(curve, axes.get(curve["x"], lambda: score)(), better)


def score_of(row: Row, decimals: int) -> Fraction:
    """A score as it is published: from the counts behind it where the pack has them."""
    exact = number(row["score_exact"])
    if row["touchpoints"]:
        exact = sum((percent(share) * points / n for _, share, n, points in json.loads(row["touchpoints"])), Fraction(0))
    elif row["points"]:
        exact = Fraction(int(row["points"]), int(row["answers"]))
    return Fraction(half_up(exact * 10**decimals), 10**decimals)


def rules(plan: dict[str, Any]) -> Iterator[tuple[tuple[str, str, str], Row]]:
    """Every rule of a plan's document by kind, part and place, with what the trace must say of it."""
    for part in plan["components"]:
        of_part = {"part_share": part["share"], "part_cap": part.get("cap", "")}
        for place, measure in enumerate(part["measures"], start=1):
            own = {"metric": measure["metric"], "weight_in_plan": measure["weight"], "curve": one_text(measure["curve"])}
            yield ("measure", part["id"], str(place)), of_part | own
    for place, each in enumerate(plan.get("modifiers", ()), start=1):
        yield ("modifier", each["on"], str(place)), {"metric": each["metric"], "curve": one_text(each["curve"])}
    for place, each in enumerate(plan.get("gates", ()), start=1):
        limits = {name: each.get(name, "") for name in ("metric", "at_least", "at_most")}
        yield ("gate", each["otherwise"]["on"], str(place)), limits | {"gate_cap": each["otherwise"]["cap"]}


def attained(pack: Pack, check: Check, rows: list[Row], place: str) -> Fraction:
    """What share of its target a piece earns: measures, then modifiers, gates and caps, part by part."""
    plan = pack.plans[rows[0]["plan"]]
    stated, found = dict(rules(plan)), {(row["rule"], row["part"], row["place"]): row for row in rows}
    check.same(f"{place}, rules", sorted(set(found) ^ set(stated)) + ["a rule twice"] * (len(rows) - len(found)), [])
    gives: dict[tuple[str, str, str], Any] = {}
    for key in sorted(set(stated) & set(found)):
        row, where = found[key], f"{place}, {' '.join(key)} {found[key]['metric']}"
        for column, text in stated[key].items():
            check.same(f"{where}, {column}", row[column], text)
        metric = pack.metrics[row["metric"]]
        if row["score"]:
            check.same(f"{where}, score", number(row["score"]), score_of(row, metric["decimals"]))
        gives[key] = given(row, metric["better"])
        check.same(f"{where}, gives", row["gives"] if key[0] == "gate" else number(row["gives"]), gives[key])

    def limited(earned: Fraction, on: str, cap: str | None) -> Fraction:
        for key in gives:
            earned *= gives[key] if key[:2] == ("modifier", on) else 1
        failing = [found[key]["gate_cap"] for key in gives if key[:2] == ("gate", on) and gives[key] == "fails"]
        earned = min([earned, *map(percent, failing + [cap] * bool(cap))])
        for row in rows:
            check.same(f"{place}, {on} attains", number(row["part_attains"]) if row["part"] == on else earned, earned)
        return earned

    total = Fraction(0)
    for part in plan["components"]:
        keys = [key for key in gives if key[:2] == ("measure", part["id"])]
        dropped = {key for key in keys if found[key]["without_score"] == "renormalise"}
        left = sum((percent(found[key]["weight_in_plan"]) for key in keys if key not in dropped), Fraction(0))
        weights = {key: Fraction(0) if key in dropped else percent(found[key]["weight_in_plan"]) / left for key in keys}
        for key in keys:
            check.same(f"{place}, {' '.join(key)}, weight", number(found[key]["weight"]), weights[key])
        earned = sum((weights[key] * gives[key] for key in keys), Fraction(0))
        total += percent(part["share"]) * limited(earned, part["id"], part.get("cap"))
    return limited(total, "total", plan.get("cap"))


def trace(pack: Pack, check: Check) -> None:
    for key, group in groupby(pack.rows("trace"), lambda row: (row["employee"], row["currency"], row["first_day"])):
        rows, place = list(group), f"{key[0]} {key[1]} from {key[2]}"
        row = rows[0]
        own = list(row)[: list(row).index("rule")]
        check.same(f"{place}, all rows alike", [each for each in rows if any(each[name] != row[name] for name in own)], [])
        known = row["plan"], *(tuple(each[name] for name in each if name not in own) for each in rows)
        if known not in pack.attained:
            pack.attained[known] = Fraction(0) if row["forfeited"] else attained(pack, check, rows, place)
        plan = pack.plans[row["plan"]]
        days = Fraction((date.fromisoformat(row["last_day"]) - date.fromisoformat(row["first_day"])).days + 1)
        for kind, away, counts in json.loads(row["absences"] or "[]"):
            check.same(f"{place}, absence {kind}", counts, plan.get("absences", {}).get(kind, "100%"))
            days -= away * (1 - percent(counts))
        share = percent(plan["quarter_shares"][pack.quarter[-2:]])
        check.same(f"{place}, days_counted", number(row["days_counted"]), days)
        check.same(f"{place}, share_of_year", number(row["share_of_year"]), share)
        amount, salary, of_it = (number(row[name] or "0") for name in ("target_amount", "annual_salary", "target_percent"))
        target = (amount if row["target_amount"] else salary * of_it) * number(row["fte"])
        earns = target * share * days / int(row["days_in_quarter"]) * pack.attained[known]
        check.same(f"{place}, piece_earns", number(row["piece_earns"]), earns)
        pack.earned[key[0], key[1]][row["pay_code"], row["cost_centre"]] += earns


def shared(total: int, parts: list[Fraction]) -> list[int]:
    """Whole numbers in place of exact parts, adding up to a total: by largest remainder, ties by order."""
    together = sum(parts, Fraction(0))
    if abs(together - total) * 2 > 1:  # rounded to a step that is coarser than the minor unit
        parts = [part * total / together if together else Fraction(0) for part in parts]
    whole = [part.numerator // part.denominator for part in parts]
    for place in sorted(range(len(parts)), key=lambda place: (whole[place] - parts[place], place))[: total - sum(whole)]:
        whole[place] += 1
    return whole


def payouts(pack: Pack, check: Check) -> None:
    for key, group in groupby(pack.rows("payouts"), lambda row: (row["employee"], row["currency"])):
        rows, parts, unit, step = list(group), pack.earned[key], pack.units[key[1]], pack.steps[key[1]]
        pack.paid[key] = half_up(sum(parts.values(), Fraction(0)) / step) * step
        lines = shared(int(pack.paid[key] / unit), [part / unit for part in parts.values()])
        right = [(*place, pack.paid[key], line * unit) for place, line in zip(parts, lines, strict=True)]
        packed = [(row["pay_code"], row["cost_centre"], number(row["payout"]), number(row["line"])) for row in rows]
        check.same(f"{key[0]} {key[1]}, payout", sorted({str(line[2]) for line in packed}), [str(pack.paid[key])])
        check.same(f"{key[0]} {key[1]}, lines", [line[:2] + line[3:] for line in packed], [line[:2] + line[3:] for line in right])
    check.same("payouts without a trace, or traces without a payout", sorted(set(pack.paid) ^ set(pack.earned)), [])


def settlement(pack: Pack, check: Check) -> None:
    digest = hashlib.sha256(f"{pack.quarter}\n{pack.manifest['run']}\n".encode())
    sums: dict[tuple[str, str], Fraction] = {}
    earned: dict[tuple[str, str], Fraction] = {}
    for key, group in groupby(pack.rows("settlement"), lambda row: (row["employee"], row["currency"])):
        rows = list(group)
        sums[key] = sum((number(row["amount"]) for row in rows), Fraction(0))
        earned |= {key: number(row["amount"]) for row in rows if row["kind"] == "earned"}
        told = (f"\t{row['kind']} {row['quarter']} {row['source']} {pack.minor(row['amount'], key[1])}\n" for row in rows)
        digest.update(f"{key[0]} {key[1]}\n{''.join(told)}".encode())
    for key in sorted({*earned, *pack.paid}):
        check.same(f"{' '.join(key)}, earned", str(earned.get(key)), str(pack.paid.get(key)))
    payable = {(row["employee"], row["currency"]): number(row["payable"]) for row in pack.rows("payable")}
    for key in sorted({*sums, *payable}):
        check.same(f"{' '.join(key)}, payable", str(payable.get(key)), str(sums.get(key)))
    check.same("hash of the settlement", pack.manifest["settlement_sha256"], digest.hexdigest())


def batches(pack: Pack, check: Check) -> None:
    booked: dict[str, dict[tuple[str, ...], int]] = defaultdict(lambda: defaultdict(int))
    released: dict[tuple[str, str], int] = defaultdict(int)
    for row in pack.rows("batch_lines"):
        corrects = "" if row["quarter"] == pack.quarter else row["quarter"]
        minor = pack.minor(row["amount"], row["currency"])
        booked[row["batch"]][row["employee"], row["pay_code"], row["cost_centre"], row["currency"], corrects] += minor
        released[row["employee"], row["currency"]] += minor
    totals: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for batch in pack.rows("batches"):
        lines = booked.pop(batch["batch"], {})
        texts = sorted("|".join((*key[:4], str(minor), *key[4:][: bool(key[4])])) for key, minor in lines.items())
        check.same(f"{batch['batch']}, hash of its lines", sha256("\n".join(texts)), batch["content_sha256"])
        numbers = sha256("\n".join(sorted({key[0] for key in lines})))
        check.same(f"{batch['batch']}, hash of its employee numbers", numbers, batch["employees_sha256"])
        for key, minor in lines.items():
            totals[batch["batch"], key[1], key[3]].append((key[0], minor))
    check.same("lines of batches that are not listed", sorted(booked), [])
    for row in pack.rows("control_totals"):
        found, unit = totals.pop((row["batch"], row["pay_code"], row["currency"]), []), pack.units[row["currency"]]
        right = len({employee for employee, _ in found}), len(found), sum(minor for _, minor in found) * unit
        packed = int(row["people"]), int(row["lines"]), number(row["amount"])
        check.same(f"{row['batch']} {row['pay_code']} {row['currency']}, people, lines, amount", packed, right)
    check.same("control totals that are missing", sorted(totals), [])
    for row in pack.rows("payable"):
        minor = released.pop((row["employee"], row["currency"]), 0)
        check.same(f"{row['employee']} {row['currency']}, released", pack.minor(row["released"], row["currency"]), minor)


def chain(pack: Pack, check: Check) -> None:
    anchors = {each["number"]: each["hash"] for each in pack.manifest["chain"]["anchors"]}
    noted: dict[str, set[str]] = defaultdict(set)
    last: list[Any] = []
    with pack.archive.open("audit-chain.jsonl") as file:
        for line in file:
            entry = json.loads(line)
            check.same(f"entry {entry[0]}, its hash", entry[7], sha256(f"{entry[6]}\n{one_text(entry[:6])}"))
            check.same(f"entry {entry[0]}, the entry before it", (entry[0] - 1, entry[6]), (last[0], last[7]) if last else (entry[0] - 1, entry[6]))
            check.same(f"entry {entry[0]}, an anchor", anchors.get(entry[0], entry[7]), entry[7])
            noted[f"{entry[3]} {entry[4]}"].update(str(value) for value in json.loads(entry[5]).values())
            last = entry
    check.same("head of the chain", f"{last[0]}:{last[7]}" if last else "", pack.manifest["chain"]["head"])
    for batch in pack.rows("batches"):
        check.same(f"{batch['batch']} in the chain", batch["content_sha256"] in noted[f"freeze release {batch['batch']}"], True)
    for move in pack.rows("moves"):
        seen = noted[f"{move['act']} quarter {pack.quarter}"]
        check.same(f"{move['act']} at {move['at']} in the chain", not move["saw_sha256"] or move["saw_sha256"] in seen, True)


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
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        print(f"{path} is no evidence pack that can be read: {error}")
        return 1
    checks = [Check(what, run) for what, run in CHECKS]
    for check in checks:
        try:
            check.run(pack, check)
        except (ArithmeticError, LookupError, OSError, EOFError, TypeError, ValueError, zipfile.BadZipFile, zlib.error, csv.Error) as error:
            check.wrong.append(f"cannot be checked to its end: {type(error).__name__} {error}")
    print(f"{pack.quarter}, run {pack.manifest['run']}, {pack.manifest['state']}, made {pack.manifest['made_at']}")
    for check in checks:
        print(f"{check.what:<34}{check.count:>12,} compared{len(check.wrong):>8,} differ")
    for check in checks:
        for wrong in check.wrong[:SHOWN]:
            print(f"DIFFERS  {check.what}: {wrong}")
    wrong = sum(len(check.wrong) for check in checks)
    print(f"Head of the audit chain: {pack.manifest['chain']['head']}. Hold it against a workbook's Summary.")
    print("Nothing differs." if not wrong else f"{wrong:,} differ. The first of each kind stand above.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if len(sys.argv) == 2 else "Say which pack: python3 -I verify.py evidence-2026-Q2.zip")
