"""Uploading a plan."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class PlanFileForm(FlaskForm):
    """A plan as a YAML document."""

    file = FileField("File", [FileRequired("Choose a file.")])
