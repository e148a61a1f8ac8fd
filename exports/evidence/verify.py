"""Recomputes every payout of an evidence pack with nothing but Python 3.11 or later: python3 -I verify.py PACK.zip.

It holds each file against the manifest, calculates each payout from the trace, exactly, compares it with payouts.csv,
and walks the audit chain. verify_everything.py beside it does the same, and checks all the rest of a pack.
"""

import csv
import hashlib
import io
import json
import sys
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

Row = dict[str, str]


class Pack:
    """The files of a pack, and what each payout comes to once it is calculated."""

    def __init__(self, path: str) -> None:
        self.archive, self.paid = zipfile.ZipFile(path), dict[tuple[str, str], str]()
        self.manifest: dict[str, Any] = json.loads(self.archive.read("manifest.json"))
        self.metrics = {metric["id"]: metric for metric in json.loads(self.archive.read("metrics.json"))}

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of a table by their columns."""
        with self.archive.open(f"{table}.csv") as file:
            yield from csv.DictReader(io.TextIOWrapper(file, "utf-8-sig", newline=""), strict=True)

    def pieces(self) -> Iterator[list[Row]]:
        """The trace: the rules on one person's days in one assignment together, a row each."""
        for _, rows in groupby(self.rows("trace"), lambda row: (row["employee"], row["currency"], row["first_day"])):
            yield list(rows)


class Check:
    """One line of the report: what is compared, how often it was, and where it is not as it should be."""

    def __init__(self, what: str) -> None:
        self.what, self.count, self.wrong = what, 0, list[str]()

    def same(self, place: str, packed: object, right: object) -> None:
        """Compare what the pack has with what it should be."""
        self.count += 1
        if packed != right:
            self.wrong.append(f"{place}: the pack has {packed}, it should be {right}")


def number(text: str) -> Fraction:
    """12.5, or 1÷3 where decimals do not end; nothing is 0."""
    return Fraction((text or "0").replace("÷", "/"))


def percent(text: str) -> Fraction:
    """40% is 2/5."""
    return Fraction(text.removesuffix("%")) / 100


def half_up(value: Fraction) -> int:
    """The nearest whole number, halves away from zero."""
    whole = int(abs(value) + Fraction(1, 2))
    return -whole if value < 0 else whole


def score(row: Row, metric: dict[str, Any]) -> Fraction:
    """What is published: points by answers where they are known, with as many decimals as the metric has."""
    exact = number(row["score_exact"])
    if row["touchpoints"]:
        exact = sum((percent(share) * Fraction(p, n) for _, share, n, p in json.loads(row["touchpoints"])), Fraction(0))
    elif row["points"]:
        exact = Fraction(int(row["points"]), int(row["answers"]))
    return Fraction(half_up(exact * 10 ** metric["decimals"]), 10 ** metric["decimals"])


def height(curve: dict[str, Any], x: Fraction, better: str) -> Fraction:
    """What a curve gives at x, read from the worse end to the better: steps, or lines through its points."""
    sign = -1 if better == "lower" else 1
    points = sorted((sign * Fraction(at), percent(gives)) for at, gives in curve["points"])
    reached = sum(at <= sign * x for at, _ in points)
    if reached == 0:
        return percent(curve.get("below", "0%"))
    if curve["shape"] == "step" or (reached == len(points) and curve.get("above") != "extend"):
        return points[reached - 1][1]
    (x0, y0), (x1, y1) = points[min(reached, len(points) - 1) - 1 :][:2]
    return max(Fraction(0), y0 + (sign * x - x0) * (y1 - y0) / (x1 - x0))


def gives(row: Row, metric: dict[str, Any]) -> Fraction:
    """What a measure or modifier has from its curve at its score; of a gate 1 where it holds, else 0."""
    without, published, target = row["without_score"], score(row, metric), number(row["target"])
    if row["rule"] == "gate":
        low = row["at_least"] and published < number(row["at_least"])
        high = row["at_most"] and published > number(row["at_most"])
        return Fraction(bool(without or not (low or high)))
    if without:
        return Fraction(without == "neutral" or (row["rule"] == "modifier" and without != "zero"))
    curve = json.loads(row["curve"])
    if curve["x"] == "percent_of_target":
        return height(curve, published / target * 100, metric["better"])
    return height(curve, published - target if curve["x"] == "points_from_target" else published, metric["better"])


def weight(row: Row, measures: Sequence[Row]) -> Fraction:
    """What a measure counts for in its part: those that did not drop for want of a score share 100 %."""
    if row["without_score"] == "renormalise":
        return Fraction(0)
    kept = (each["weight_in_plan"] for each in measures if each["without_score"] != "renormalise")
    return percent(row["weight_in_plan"]) / sum(map(percent, kept))


def attained(pack: Pack, rows: Sequence[Row]) -> dict[str, Fraction]:
    """What each part of a plan attains of its target, and the total; nothing where it is forfeited."""
    measures = [row for row in rows if row["rule"] == "measure"]
    shares = {row["part"]: percent(row["part_share"]) for row in measures}
    attains: dict[str, Fraction] = {}
    for part in shares:
        own = [row for row in measures if row["part"] == part]
        earned = sum((weight(row, own) * gives(row, pack.metrics[row["metric"]]) for row in own), Fraction(0))
        attains[part] = limited(earned, part, own[0]["part_cap"], pack, rows)
    together = sum((shares[part] * attains[part] for part in shares), Fraction(0))
    return attains | {"total": limited(together, "total", rows[0]["plan_cap"], pack, rows)}


def limited(earned: Fraction, on: str, cap: str, pack: Pack, rows: Sequence[Row]) -> Fraction:
    """What was earned × each modifier, at most the cap of each gate that fails, and at most its own cap."""
    caps = [cap] if cap else []
    for row in rows:
        if row["part"] == on and row["rule"] == "modifier":
            earned *= gives(row, pack.metrics[row["metric"]])
        elif row["part"] == on and row["rule"] == "gate" and not gives(row, pack.metrics[row["metric"]]):
            caps.append(row["gate_cap"])
    return min([earned, *map(percent, caps)])


def counted_days(row: Row) -> Fraction:
    """The days from the first to the last, less what absences do not count."""
    days = Fraction((date.fromisoformat(row["last_day"]) - date.fromisoformat(row["first_day"])).days + 1)
    for _, away, counts in json.loads(row["absences"] or "[]"):
        days -= away * (1 - percent(counts))
    return days


def target(row: Row) -> Fraction:
    """What a piece earns at 100 %: the target of the year × FTE × the quarter's share of the year × days."""
    stated, salary = number(row["target_amount"]), number(row["annual_salary"]) * number(row["target_percent"])
    of_quarter = (stated if row["target_amount"] else salary) * number(row["fte"]) * number(row["share_of_year"])
    return of_quarter * counted_days(row) / int(row["days_in_quarter"])


def shared(whole: int, parts: Sequence[Fraction]) -> list[int]:
    """A whole number in whole parts: by largest remainder, ties by order."""
    together = sum(parts, Fraction(0))
    if abs(together - whole) * 2 > 1:  # rounded to a step that is coarser than the minor unit
        parts = [part * whole / together if together else Fraction(0) for part in parts]
    cut = [part.numerator // part.denominator for part in parts]
    order = sorted(range(len(parts)), key=lambda place: (cut[place] - parts[place], place))
    for place in order[: whole - sum(cut)]:
        cut[place] += 1
    return cut


def payouts(pack: Pack, check: Check) -> None:
    """Every payout is what its pieces earn, rounded once, half up; its lines add up to it."""
    earned: dict[tuple[str, str], dict[tuple[str, str], Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    known: dict[tuple[object, ...], Fraction] = {}  # what the same rules with the same scores attain, once
    for rows in pack.pieces():
        rules = tuple(tuple(row.values())[list(row).index("rule") :] for row in rows)
        if rules not in known:
            known[rules] = attained(pack, rows)["total"]
        row = rows[0]
        earned[row["employee"], row["currency"]][row["pay_code"], row["cost_centre"]] += target(row) * known[rules]
    packed: dict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
    for row in pack.rows("payouts"):
        line = row["payout"], row["pay_code"], row["cost_centre"], row["line"]
        packed[row["employee"], row["currency"]].append(line)
    rounding = {row["currency"]: (int(row["decimals"]), number(row["rounded_to"])) for row in pack.rows("rounding")}
    for whose in sorted(packed.keys() | earned.keys()):
        decimals, step = rounding[whose[1]]
        parts = earned[whose]
        minor = int(half_up(sum(parts.values(), Fraction(0)) / step) * step * 10**decimals)
        lines = shared(minor, [part * 10**decimals for part in parts.values()])
        texts = [str(Decimal(each).scaleb(-decimals)) for each in (minor, *lines)]
        pack.paid[whose] = texts[0]
        right = [(texts[0], *place, line) for place, line in zip(parts, texts[1:], strict=True)]
        check.same(" ".join(whose), packed[whose], right)


def files(pack: Pack, check: Check) -> None:
    """Every file is the one that the manifest names, and there is no other."""
    listed = {file["name"]: file["sha256"] for file in pack.manifest["files"]}
    names = pack.archive.namelist()
    check.same("names that stand twice", sorted({name for name in names if names.count(name) > 1}), [])
    for name in sorted({*listed, *names} - {"manifest.json"}):
        try:
            with pack.archive.open(name) as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a file, it is told
            found = f"no whole file ({error})"
        check.same(name, found, listed.get(name, "no file at all: the manifest does not name it"))


def chain(pack: Pack, check: Check) -> None:
    """Every entry of the audit chain is sealed with the hash of the one before it, up to the head."""
    anchors = dict(anchor.split(":") for anchor in pack.manifest["chain"]["anchors"])
    head = before = ""
    for line in pack.archive.open("audit-chain.jsonl"):
        *fields, previous, sealed = json.loads(line)
        entry = f"{previous}\n{json.dumps(fields, ensure_ascii=False, separators=(',', ':'))}"
        place, follows = f"entry {fields[0]}", f"{fields[0] - 1}:{previous}"
        check.same(f"{place}, its hash", sealed, hashlib.sha256(entry.encode()).hexdigest())
        check.same(f"{place}, the one before it", follows, before or follows)
        check.same(f"{place}, its anchor", sealed, anchors.get(str(fields[0]), sealed))
        before = head = f"{fields[0]}:{sealed}"
    check.same("head of the chain", head, pack.manifest["chain"]["head"])


CHECKS: dict[str, Callable[[Any, Check], None]] = {
    "files against the manifest": files,
    "payouts, recomputed": payouts,
    "audit chain, walked": chain,
}


def main(path: str, checks: dict[str, Callable[[Any, Check], None]] = CHECKS, kind: type[Pack] = Pack) -> int:
    """Run every check and print what it found; 0 where nothing differs."""
    try:
        pack = kind(path)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a pack, it is told
        print(f"DIFFERS  {path} is no evidence pack that can be read: {error}")
        return 1
    print("{quarter}, run {run}, {state}, made {made_at}".format_map(pack.manifest))
    done = [Check(what) for what in checks]
    for check in done:
        try:
            checks[check.what](pack, check)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a pack, it is told
            check.wrong.append(f"cannot be checked to its end: {type(error).__name__} {error}")
        print(f"{check.what:<34}{check.count:>14,} compared{len(check.wrong):>9,} differ")
    for check in done:
        for wrong in check.wrong[:10]:
            print(f"DIFFERS  {check.what}: {wrong}")
    count = sum(len(check.wrong) for check in done)
    print(f"Head of the audit chain: {pack.manifest['chain']['head']}. Hold it against one that was kept elsewhere.")
    print(f"{count:,} differ. The first of each kind stand above." if count else "Nothing differs.")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if sys.argv[1:] else "Say which pack: python3 -I verify.py evidence-2026-Q2.zip")
