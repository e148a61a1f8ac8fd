"""The sample company's files, as its HR system, its finance team and its survey tools would write them."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from comp.intake import Kind
from comp.periods import Quarter
from web.demo.customers import LAST, QUARTERS, Response, responses
from web.demo.organisation import PLACES, Row, Staff, unit_rows

ZONE = "Europe/Lisbon"
PLANS = ("service-2025.yaml", "service-2026.yaml", "stores-2026.yaml")

_QUALTRICS_ZONE = "America/Denver"
_LABELS = {1: "Definitely not", 2: "Probably not", 3: "Might or might not", 4: "Probably", 5: "Definitely"}
_QUALTRICS = (
    ("StartDate", "Start Date", "startDate"),
    ("EndDate", "End Date", "endDate"),
    ("Status", "Response Type", "status"),
    ("Progress", "Progress", "progress"),
    ("Finished", "Finished", "finished"),
    ("RecordedDate", "Recorded Date", "recordedDate"),
    ("ResponseId", "Response ID", "_recordId"),
    ("RecipientEmail", "Recipient Email", "recipientEmail"),
    ("Q1_NPS_GROUP", "How likely are you to recommend us? - Group", "QID1_NPS_GROUP"),
    ("Q1", "How likely are you to recommend us?", "QID1"),
    ("Q2", "How satisfied are you?", "QID2"),
    ("Q3", "Would you buy from us again?", "QID3"),
    ("Q4", "What would you like to tell us?", "QID4_TEXT"),
    ("unit", "unit", "unit"),
    ("touchpoint", "touchpoint", "touchpoint"),
    ("segment", "segment", "segment"),
)
QUALTRICS_COLUMNS = {"Q1": "recommend", "Q2": "satisfaction", "Q3": "repurchase", "Q4": "comment"}
"""How the survey's questions map onto the product's."""


def write_files(folder: Path) -> list[tuple[Kind, Path, dict[str, str]]]:
    """Write every file into a folder; gives them in the order of import, with the columns that need mapping."""
    staff = Staff()
    written: list[tuple[Kind, Path, dict[str, str]]] = [
        (Kind.UNITS, _write(folder / "units.csv", _table(unit_rows(staff))), {}),
        (Kind.METRICS, _write(folder / "metrics.yaml", document("metrics.yaml")), {}),
        (Kind.PEOPLE, _write(folder / "people.csv", _table(staff.rows)), {}),
        (Kind.ABSENCES, _write(folder / "absences.csv", _table(staff.absences())), {}),
        (Kind.TARGETS, _write(folder / "targets.csv", _table(_targets())), {}),
        (Kind.RESULTS, _write(folder / "results.csv", _table(_results())), {}),
    ]
    for quarter in QUARTERS:
        service, others = _split(responses(quarter))
        written += [
            (Kind.ANSWERS, _write_qualtrics(folder, quarter, service), QUALTRICS_COLUMNS),
            (Kind.ANSWERS, _write(folder / f"answers-{quarter}.csv", _table(map(_answer, others))), {}),
        ]
    return written


def document(name: str) -> bytes:
    """One of the YAML documents that come with the sample company."""
    return (files("web.demo") / "documents" / name).read_bytes()


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _table(rows: Iterable[Row]) -> bytes:
    rows = list(rows)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _split(found: Iterable[Response]) -> tuple[list[Response], list[Response]]:
    """The service group asks with Qualtrics, the others with a tool of their own."""
    service: list[Response] = []
    others: list[Response] = []
    for response in found:
        (service if response.place.parent == "SERVICE" else others).append(response)
    return service, others


def _answer(response: Response) -> Row:
    return {
        "response": response.key,
        "unit": response.place.unit,
        "answered_on": f"{response.at:%Y-%m-%d}",
        "touchpoint": response.touchpoint,
        "segment": response.segment,
        "customer": response.customer,
        "recommend": _text(response.recommend),
        "satisfaction": _text(response.satisfaction),
        "repurchase": _text(response.repurchase),
        "comment": response.comment,
    }


def _text(answer: int | None) -> str:
    return "" if answer is None else str(answer)


def _write_qualtrics(folder: Path, quarter: Quarter, found: Sequence[Response]) -> Path:
    """The last quarter as UTF-16 TSV, the others as CSV, as the tool offers both."""
    is_tsv = quarter == LAST
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter="\t" if is_tsv else ",")
    moments = {"startDate", "endDate", "recordedDate"}
    writer.writerow([field for field, _, _ in _QUALTRICS])
    writer.writerow([label for _, label, _ in _QUALTRICS])
    writer.writerow(
        [
            json.dumps({"ImportId": import_id, **({"timeZone": _QUALTRICS_ZONE} if import_id in moments else {})})
            for _, _, import_id in _QUALTRICS
        ]
    )
    writer.writerows(_qualtrics_row(response, number) for number, response in enumerate(found))
    name = f"qualtrics-service-{quarter}.{'tsv' if is_tsv else 'csv'}"
    return _write(folder / name, text.getvalue().encode("utf-16" if is_tsv else "utf-8-sig"))


def _qualtrics_row(response: Response, number: int) -> list[str]:
    """A response as Qualtrics writes it; every 200th is a preview that somebody of the team made."""
    moment = _in_qualtrics_zone(response.at)
    score = response.recommend
    group = "" if score is None else "Promoter" if score > 8 else "Passive" if score > 6 else "Detractor"  # noqa: PLR2004
    status = "1" if number % 200 == 199 else "0"  # noqa: PLR2004
    again = "" if response.repurchase is None else _LABELS[response.repurchase]
    return [
        moment,
        moment,
        status,
        "100",
        "1",
        moment,
        response.key,
        response.customer,
        group,
        _text(score),
        _text(response.satisfaction),
        again,
        response.comment,
        response.place.unit,
        response.touchpoint,
        response.segment,
    ]


def _in_qualtrics_zone(moment: datetime) -> str:
    there = moment.replace(tzinfo=ZoneInfo(ZONE)).astimezone(ZoneInfo(_QUALTRICS_ZONE))
    return f"{there:%Y-%m-%d %H:%M:%S}"


def _targets() -> Iterable[Row]:
    for year in ("2025", "2026"):
        yield {"unit": "AURELIA", "quarter": year, "metric": "operating-income", "target": "100"}
        yield {"unit": "AURELIA", "quarter": year, "metric": "csat", "target": "82"}
        yield {"unit": "SERVICE", "quarter": year, "metric": "nps", "target": "40"}
        yield {"unit": "STORES", "quarter": year, "metric": "nps", "target": "45"}
    yield {"unit": "REP-OSA", "quarter": "2026", "metric": "csat", "target": "85"}


def _results() -> Iterable[Row]:
    incomes = ("96.4", "101.2", "108.9", "99.5", "103.1", "104.6")
    for quarter, income in zip(QUARTERS, incomes, strict=True):
        income_row = {"unit": "AURELIA", "quarter": str(quarter), "metric": "operating-income", "value": income}
        yield {**income_row, "answers": ""}
        stated = {"unit": "", "quarter": str(quarter), "metric": "first-time-fix", "value": "", "answers": ""}
        for place in PLACES:
            known = place.parent == "SERVICE" and (quarter, place.unit) != (LAST, "FIELD-DE")
            if known:
                rate = 84 + (len(place.unit) * 7 + quarter.number * 3 + quarter.year) % 11 - 4
                value = "95.5" if place.unit == "REP-OSA" else f"{rate}.{quarter.number}"
                yield {**stated, "unit": place.unit, "value": value, "answers": str(place.people * 60)}
