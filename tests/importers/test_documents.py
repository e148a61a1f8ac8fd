"""YAML files: text stays text, and what could mean something else than it says is refused with its line."""

import pytest

from comp.errors import RefusedError
from comp.intake import Kind
from importers.documents import read_yaml
from importers.files import read_file


def refused(text):
    with pytest.raises(RefusedError) as caught:
        read_yaml(text if isinstance(text, bytes) else text.encode(), "plan.yaml")
    return caught.value


def test_numbers_days_and_words_are_read_as_they_are_written():
    text = "employee: 000123\nweight: 40.10\nfrom: 2026-07-31\nanswer: on\nyes: no\nbig: 1e3\nnothing: ~\nempty:\n"
    assert read_yaml(text.encode(), "plan.yaml") == {
        "employee": "000123",
        "weight": "40.10",
        "from": "2026-07-31",
        "answer": "on",
        "yes": "no",
        "big": "1e3",
        "nothing": None,
        "empty": None,
    }


def test_a_byte_order_mark_is_no_part_of_the_text():
    assert read_yaml("\ufeffa: b".encode(), "plan.yaml") == {"a": "b"}


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("a: 1\nb: &x 2\nc: *x\n", 3, "aliases (*name) are not read here; write the value out"),
        ("a: 1\n<<: *x\n", 2, "aliases (*name) are not read here; write the value out"),
        ("a: 1\nb: !!int x\n", 2, "tags (tag:yaml.org,2002:int) are not read here; write the value alone"),
        ("a: !!float 1.5\n", 1, "tags (tag:yaml.org,2002:float) are not read here; write the value alone"),
        ("a: !!timestamp x\n", 1, "tags (tag:yaml.org,2002:timestamp) are not read here; write the value alone"),
        (
            "a: !!python/object/apply:os.system [ls]\n",
            1,
            "tags (tag:yaml.org,2002:python/object/apply:os.system) are not read here; write the value alone",
        ),
        ("a: !own {b: c}\n", 1, "tags (!own) are not read here; write the value alone"),
        ("a: 1\nb: 2\na: 3\n", 3, "'a' stands twice in the same place"),
        ("? [a, b]\n: c\n", 1, "a key must be a single word or text"),
        ('a: 1\nb: "x\\0y"\n', 2, "control characters are not read; take them out"),
        ('a: "\\ud800"\n', 1, "control characters are not read; take them out"),
        ("a: 1\nb: x\x07y\n", 2, "control characters are not read; take them out"),
        ("a: b\n---\nc: d\n", 2, "but found another document"),
        ("a: [1, 2\nb: 3\n", 2, "did not find expected ',' or ']'"),
        ("a: 1\n\tb: 2\n", 2, "found character '\\t' that cannot start any token"),
    ],
)
def test_what_could_mean_something_else_is_refused_with_its_line(text, line, why):
    error = refused(text)
    assert str(error) == "plan.yaml cannot be read as YAML."
    (problem,) = error.problems
    assert problem.line == line
    assert why in problem.why or why.startswith("did not find")


def test_an_anchor_that_nothing_refers_to_does_no_harm():
    assert read_yaml(b"a: &x 1\n", "plan.yaml") == {"a": "1"}


def test_a_document_nested_beyond_reason_is_refused():
    assert refused("[" * 5_000).problems[0].why == "is nested too deeply to be a plan, metrics or scenario file"


def test_another_encoding_is_named_with_its_line():
    error = refused("a: b\nc: é\n".encode("latin-1"))
    assert [str(problem) for problem in error.problems] == [
        "line 2 ('byte 0xe9'): is not UTF-8; save the file as UTF-8"
    ]


@pytest.mark.parametrize("text", ["", "# only a remark\n", "~"])
def test_a_file_without_a_document_is_empty(text):
    assert str(refused(text)) == "plan.yaml is empty."


def test_a_file_larger_than_any_document_is_refused():
    assert str(refused(b"x" * 2_000_001)) == (
        "plan.yaml is larger than 2,000,000 bytes: not a plan, metrics or scenario file."
    )


def test_a_metrics_file_that_describes_nothing_is_refused():
    with pytest.raises(RefusedError, match=r"metrics\.yaml describes no question and no metric\."):
        read_file(Kind.METRICS, b"metrics: {}\n", "metrics.yaml")


def test_a_metrics_file_that_is_no_mapping_is_a_problem():
    assert read_file(Kind.METRICS, b"- nps\n", "metrics.yaml").problems


@pytest.mark.parametrize("text", ["{q: {scale: 1-5, labels: {'²': x}}}", "{q: {scale: [1, 1_0]}}"])
def test_questions_with_numbers_that_are_none_are_problems(text):
    assert read_file(Kind.METRICS, f"questions: {text}\n".encode(), "metrics.yaml").problems


def test_a_share_of_answers_that_are_no_numbers_is_a_problem():
    text = b"metrics: {m: {statistic: share, question: satisfaction, answers: [--5, '5-']}}\n"
    assert read_file(Kind.METRICS, text, "metrics.yaml").problems
