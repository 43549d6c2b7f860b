"""The code of a lesson, and how often one may try."""

import re

from alexnet_viz.classroom.codes import Attempts, is_code, new_code


def test_a_code_is_a_word_and_two_figures() -> None:
    codes = {new_code() for _ in range(200)}
    assert all(re.fullmatch(r"[a-z]+ [1-9]\d", code) for code in codes)
    assert len(codes) > 150


def test_a_code_fits_in_any_case_with_or_without_its_space() -> None:
    assert all(is_code(given, "cedar 41") for given in ("cedar 41", "CEDAR41", " Cedar  41 ", "ce dar 41"))
    assert not any(
        is_code(given, "cedar 41") for given in ("cedar 14", "cedar", "", "cedar 411", "\u0441edar 41", "x" * 9999)
    )


def test_ten_wrong_codes_a_minute_may_be_tried_from_an_address() -> None:
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    for _ in range(10):
        assert attempts.may_try("192.168.1.7")
        attempts.was_wrong("192.168.1.7")
    assert not attempts.may_try("192.168.1.7")
    assert attempts.may_try("192.168.1.8")
    now[0] = 60.0
    assert attempts.may_try("192.168.1.7")


def test_many_addresses_take_no_more_memory() -> None:
    attempts = Attempts(lambda: 0.0)
    for each in range(10_100):
        attempts.was_wrong(str(each))
    assert len(attempts._wrong) == 10_000
