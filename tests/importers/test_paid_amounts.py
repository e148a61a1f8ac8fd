"""Payroll's list of paid amounts: read exactly, with every problem told at once."""

import pytest

from comp.errors import RefusedError
from comp.money import Money
from comp.paid_check import PaidAmount
from importers.paid_amounts import read_paid_amounts


def read(text):
    return read_paid_amounts(text.encode(), "paid.csv")


def problems(text):
    with pytest.raises(RefusedError) as refused:
        read(text)
    return [str(problem) for problem in refused.value.problems]


def test_numbers_stay_text_and_amounts_are_exact():
    found = read("Employee,Currency,Amount,Pay code\n0017,eur,1335.94,LOYQ\n'18,JPY,98765,\n19,KWD,-1.5,X\n")
    assert found == [
        PaidAmount("0017", "LOYQ", Money(133594, "EUR")),
        PaidAmount("18", "", Money(98765, "JPY")),
        PaidAmount("19", "X", Money(-1500, "KWD")),
    ]


def test_without_a_column_for_them_there_are_no_pay_codes():
    assert read("amount,employee,currency\n1,2,EUR\n") == [PaidAmount("2", None, Money(100, "EUR"))]


def test_where_semicolons_part_the_cells_a_comma_stands_before_decimals():
    assert read("employee;currency;amount\n1;EUR;12,50\n2;EUR;3.25\n")[0].amount == Money(1250, "EUR")


def test_every_row_that_cannot_be_read_is_told_and_nothing_is_taken():
    assert problems(
        'employee,currency,amount\n,EUR,1\n2,XXX,1\n3,EUR,1\'000\n4,JPY,1.5\n5,EUR,NaN\n6,EUR,"1,50"\n'
    ) == [
        "line 2, column employee: is empty. Fill it in, or take the row out.",
        "line 3, column currency ('XXX'): is no currency such as EUR.",
        'line 4, column amount ("1\'000"): is no plain amount such as 1335.94.',
        "line 5, column amount ('1.5'): has more decimals than JPY has.",
        "line 6, column amount ('NaN'): is no plain amount such as 1335.94.",
        "line 7, column amount ('1,50'): is no plain amount such as 1335.94.",
    ]


def test_the_columns_must_be_there_once():
    assert problems("employee,amount,amount\n1,2,3\n") == [
        "line 1, column currency: is not there, or stands twice",
        "line 1, column amount: is not there, or stands twice",
    ]
    assert problems("employee,currency,amount,pay_code,pay code\n1,EUR,3,a,b\n") == [
        "line 1, column pay_code: is not there, or stands twice"
    ]
