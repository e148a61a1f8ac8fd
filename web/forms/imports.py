"""Uploading a file."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField, TextAreaField

from comp.intake import Kind

KINDS = {
    Kind.UNITS: "Units: the tree of business units",
    Kind.PEOPLE: "People: one row for each assignment",
    Kind.ABSENCES: "Absences",
    Kind.METRICS: "Metrics and questions (YAML)",
    Kind.TARGETS: "Targets",
    Kind.ANSWERS: "Answers: survey responses, Qualtrics or own layout",
    Kind.RESULTS: "Results: stated values or counts",
    Kind.PERSONAL_RESULTS: "Personal results",
}


class UploadForm(FlaskForm):
    """A file of a kind, and what cannot be read off it."""

    kind = SelectField("What the file holds", choices={str(kind): label for kind, label in KINDS.items()})
    file = FileField("File", [FileRequired("Choose a file.")])
    unit = StringField("Unit for all rows")
    date_order = SelectField(
        "Days are written",
        choices={
            "": "as the file shows",
            "dmy": "day, month, year",
            "mdy": "month, day, year",
            "ymd": "year, month, day",
        },
    )
    columns = TextAreaField("Columns")

    def mapping(self) -> dict[str, str]:
        """The columns that are mapped to fields, one `column = field` on each line."""
        pairs = (line.rpartition("=") for line in (self.columns.data or "").splitlines())
        return {left.strip(): right.strip() for left, sign, right in pairs if sign and left.strip() and right.strip()}
