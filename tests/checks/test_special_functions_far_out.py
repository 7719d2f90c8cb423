"""Special functions of the reference at the ends of the range, against mpmath where it is quick."""

import time

import mpmath as mp
import pytest

from lossgen.checks import far

TINY = ["1e-20", "3e-25", "1e-80"]


@pytest.mark.parametrize("u", TINY)
@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_polygamma_of_tiny_numbers(u, order):
    with mp.workdps(100):
        number = mp.mpf(u)
        assert mp.almosteq(far.polygamma(order, number), mp.psi(order, number), rel_eps=1e-90)


@pytest.mark.parametrize("u", TINY)
def test_log_gamma_of_tiny_numbers(u):
    with mp.workdps(100):
        number = mp.mpf(u)
        assert mp.almosteq(far.loggamma(number), mp.loggamma(number), rel_eps=1e-90)


def test_tail_of_erfc():
    with mp.workdps(60):
        u = mp.mpf(2) ** 200
        series = mp.exp(-(u**2)) / (u * mp.sqrt(mp.pi))
        assert mp.almosteq(mp.erfc(u) / series, 1, rel_eps=1e-50)
        assert 0 < far.erfc(mp.mpf("1e300")) < mp.mpf(2) ** -1200
        assert far.erfc(mp.mpf("-1e300")) == 2
        assert far.erfc(mp.inf) == 0


def test_smallest_numbers_take_no_time():
    started = time.perf_counter()
    with mp.workdps(1500):
        far.loggamma(mp.mpf(5e-324))
        far.polygamma(1, mp.mpf(5e-324))
    assert time.perf_counter() - started < 2


def test_wrong_series_is_seen():
    with mp.workdps(100):
        number = mp.mpf(TINY[0])
        short = -mp.log(number) - mp.euler * number
        assert not mp.almosteq(short, mp.loggamma(number), rel_eps=1e-90)
