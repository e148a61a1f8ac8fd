"""What a PDF says to whoever reads it: its text, by a program that is not the one that made it."""

import shutil
import subprocess

import pytest


def text_of(content: bytes) -> str:
    """The text of a PDF with single spaces, as a search finds it."""
    found = _run("pdftotext", "-layout", "-", "-", content=content)
    return " ".join(found.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ").split())


def facts_of(content: bytes) -> dict[str, str]:
    """What a PDF says of itself, by name."""
    lines = _run("pdfinfo", "-", content=content).splitlines()
    return {name: text.strip() for name, _, text in (line.partition(":") for line in lines)}


def _run(program: str, *arguments: str, content: bytes) -> str:
    there = shutil.which(program)
    if there is None:
        pytest.skip(f"{program} (poppler-utils) is not installed")
    return subprocess.run([there, *arguments], input=content, capture_output=True, check=True).stdout.decode()  # noqa: S603 - our own
