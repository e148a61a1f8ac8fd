"""ZIPs that grow file by file, and names of files that no text makes unsafe or alike."""

import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.archive import growing_archive, safe_name, safe_names


def test_the_same_files_give_the_same_bytes_and_only_their_owner_reads_them(tmp_path):
    for name in ("a.zip", "b.zip"):
        with (tmp_path / name).open("wb") as file, growing_archive(file) as add:
            add("2026-Q2/1.pdf", b"one" * 1000)
            add("2026-Q2/2.pdf", b"two")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as made:
        assert made.testzip() is None
        assert [(each.filename, each.external_attr >> 16) for each in made.infolist()] == [
            ("2026-Q2/1.pdf", 0o600),
            ("2026-Q2/2.pdf", 0o600),
        ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("10417", "10417"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("A/B\\C", "A_B_C"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("", "_"),
        (".", "_"),
        ("ünï", "_n_"),
        ("a" * 200, "a" * 80),
    ],
)
def test_a_name_is_safe_whatever_the_text(text, name):
    assert safe_name(text) == name


@settings(max_examples=60)
@given(st.lists(st.text(max_size=8), unique=True, max_size=12))
def test_no_two_texts_have_the_same_name_whatever_the_system(texts):
    names = safe_names(texts)
    assert list(names) == texts
    assert len({name.lower() for name in names.values()}) == len(texts)
    assert all(name.isascii() and "/" not in name and not name.startswith(".") for name in names.values())


def test_names_that_differ_in_capitals_alone_get_a_number():
    assert safe_names(["a1", "A1", "a/1", "a_1"]) == {"a1": "a1", "A1": "A1-2", "a/1": "a_1", "a_1": "a_1-2"}
