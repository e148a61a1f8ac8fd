import pytest

from comp.errors import Problem, RefusedError


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("is missing"), "is missing"),
        (Problem("is missing", where="plan"), "plan: is missing"),
        (Problem("is no day", line=3, column="from", value="x"), "line 3, column from ('x'): is no day"),
    ],
)
def test_a_problem_says_where_what_and_why(problem, text):
    assert str(problem) == text


def test_a_refusal_keeps_every_problem_beside_its_sentence():
    error = RefusedError("Two things are wrong.", iter([Problem("one"), Problem("other")]))
    assert str(error) == "Two things are wrong."
    assert [problem.why for problem in error.problems] == ["one", "other"]
