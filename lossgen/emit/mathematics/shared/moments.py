"""Moments of an exponential over [0, 1]: (e^x - 1) / x and its derivatives, without cancellation.

The n-th is the integral of s^n e^(s x) over s from 0 to 1. Near 0, further on the negative side
where the closed form cancels for longer, it is a polynomial in |x| whose terms are all positive,
times e^x where x is negative; elsewhere the closed form, in pairs; and beyond 64 the power is
divided before it can overflow.
"""

import math

from ..cpu.elementary import inlined, maximum, minimum, power_of_two, two_sum
from ..cpu.primitives import is_single
from .pairs import exp_over, exp_parts, expm1_pair, product_pair, quotient, quotient_pair


@inlined
def exp_moment0(x):
    """(e^x - 1) / x, 1 at 0."""
    real = type(x)
    hi, lo = expm1_pair(x, real(0))
    result = exp_over(x, real(0), x, real(0)) if x > real(64) else quotient(hi, lo, x, real(0))
    return real(1) if x == real(0) else ended_moment(x, result)


@inlined
def ended_moment(x, result):
    """The result, or what a moment is at the infinities."""
    result = x if x == type(x)(math.inf) else result
    return type(x)(0) if x == type(x)(-math.inf) else result


@inlined
def power_within(x):
    """(hi, lo), e^x for x up to 64; no smaller than about 2^-120."""
    real = type(x)
    p, p_low, n = exp_parts(minimum(x, real(64)), real(0))
    scale = power_of_two(maximum(n, real(-120)))
    return p * scale, p_low * scale


@inlined
def closed_moment(factor, factor_low, constant, power, power_low, w, w_low, v, v_low):
    """((factor e^x + constant) w) v as pairs, w and v powers of 1 / x: a moment's closed form."""
    product, product_low = product_pair(factor, factor_low, power, power_low)
    total, dropped = two_sum(product, constant)
    hi, lo = product_pair(total, dropped + product_low, w, w_low)
    return hi * v + (hi * v_low + lo * v)


@inlined
def near_moment(rising, falling, x, power, power_low):
    """The polynomial of the side on which x lies; the one of the negative side times e^x."""
    hi, lo = product_pair(falling, type(x)(0), power, power_low)
    return rising if x > type(x)(0) else hi + lo


@inlined
def moment1_rising(y):
    """The integral of s^1 e^(s y) for y in [0, 1.5]."""
    real = type(y)
    if is_single(y):
        p = real(6.0715206e-06)
        p = p * y + real(7.256426e-06)
        p = p * y + real(0.0002038587)
        p = p * y + real(0.001155821)
        p = p * y + real(0.0069670924)
        p = p * y + real(0.033325274)
        p = p * y + real(0.12500137)
        p = p * y + real(0.33333325)
        return p * y + real(0.5)
    p = real(1.822609981099664e-12)
    p = p * y + real(2.2982574294988553e-12)
    p = p * y + real(1.8429783356665585e-10)
    p = p * y + real(1.8327622622339319e-09)
    p = p * y + real(2.3137489592301186e-08)
    p = p * y + real(2.5029706502981874e-07)
    p = p * y + real(2.4803656115822906e-06)
    p = p * y + real(2.2045719495935846e-05)
    p = p * y + real(0.00017361117356991628)
    p = p * y + real(0.0011904761710039965)
    p = p * y + real(0.0069444444483517526)
    p = p * y + real(0.033333333332870946)
    p = p * y + real(0.12500000000002753)
    p = p * y + real(0.33333333333333276)
    return p * y + real(0.5)


@inlined
def moment1_falling(y):
    """The integral of s^1 e^(y - s y) for y in [0, 1.5]."""
    real = type(y)
    if is_single(y):
        p = real(6.274541e-07)
        p = p * y + real(1.2877939e-06)
        p = p * y + real(2.7868506e-05)
        p = p * y + real(0.0001948017)
        p = p * y + real(0.0013913286)
        p = p * y + real(0.008332429)
        p = p * y + real(0.041666828)
        p = p * y + real(0.16666666)
        return p * y + real(0.5)
    p = real(1.1559131345609194e-13)
    p = p * y + real(2.477632004831698e-13)
    p = p * y + real(1.3648374208726506e-11)
    p = p * y + real(1.5470092947866882e-10)
    p = p * y + real(2.0985883101241052e-09)
    p = p * y + real(2.503782927828934e-08)
    p = p * y + real(2.755865311783606e-07)
    p = p * y + real(2.755723055959737e-06)
    p = p * y + real(2.480159142629397e-05)
    p = p * y + real(0.00019841269711205628)
    p = p * y + real(0.0013888888891523345)
    p = p * y + real(0.00833333333330202)
    p = p * y + real(0.04166666666666852)
    p = p * y + real(0.16666666666666663)
    return p * y + real(0.5)


@inlined
def moment2_rising(y):
    """The integral of s^2 e^(s y) for y in [0, 2.5]."""
    real = type(y)
    if is_single(y):
        p = real(1.09381354e-07)
        p = p * y - real(6.7565975e-07)
        p = p * y + real(6.896581e-06)
        p = p * y + real(5.7253706e-06)
        p = p * y + real(0.00018133987)
        p = p * y + real(0.0010086817)
        p = p * y + real(0.0059776064)
        p = p * y + real(0.027766284)
        p = p * y + real(0.10000283)
        p = p * y + real(0.24999969)
        return p * y + real(0.33333334)
    p = real(7.447711401831066e-16)
    p = p * y - real(8.317138324301523e-15)
    p = p * y + real(1.4668376120529633e-13)
    p = p * y + real(2.631884954520468e-14)
    p = p * y + real(1.2864637901601465e-11)
    p = p * y + real(1.30172170894471e-10)
    p = p * y + real(1.8108559090741203e-09)
    p = p * y + real(2.1159495488867382e-08)
    p = p * y + real(2.296964970830422e-07)
    p = p * y + real(2.254636495380828e-06)
    p = p * y + real(1.9841310239450075e-05)
    p = p * y + real(0.00015432096534892523)
    p = p * y + real(0.0010416666753580357)
    p = p * y + real(0.0059523809500980655)
    p = p * y + real(0.027777777778154895)
    p = p * y + real(0.09999999999996495)
    p = p * y + real(0.2500000000000015)
    return p * y + real(0.3333333333333333)


@inlined
def moment2_falling(y):
    """The integral of s^2 e^(y - s y) for y in [0, 2.5]."""
    real = type(y)
    if is_single(y):
        p = real(4.2683874e-09)
        p = p * y - real(5.8648922e-08)
        p = p * y + real(5.044954e-07)
        p = p * y - real(1.3217006e-06)
        p = p * y + real(1.0275313e-05)
        p = p * y + real(4.194125e-05)
        p = p * y + real(0.00040453582)
        p = p * y + real(0.0027731329)
        p = p * y + real(0.016668195)
        p = p * y + real(0.083333105)
        return p * y + real(0.33333334)
    p = real(1.2139987203653342e-17)
    p = p * y - real(2.8842379117696476e-16)
    p = p * y + real(4.291864281261134e-15)
    p = p * y - real(2.6453559732914596e-14)
    p = p * y + real(2.719520677158222e-13)
    p = p * y + real(8.331970714310751e-13)
    p = p * y + real(2.4971501943577442e-11)
    p = p * y + real(3.167449017880306e-10)
    p = p * y + real(4.182653616309823e-09)
    p = p * y + real(5.0095185868466066e-08)
    p = p * y + real(5.511546906543608e-07)
    p = p * y + real(5.511458267255267e-06)
    p = p * y + real(4.960317725959849e-05)
    p = p * y + real(0.00039682539596635856)
    p = p * y + real(0.0027777777779542123)
    p = p * y + real(0.01666666666664601)
    p = p * y + real(0.08333333333333447)
    return p * y + real(0.3333333333333333)


@inlined
def moment3_rising(y):
    """The integral of s^3 e^(s y) for y in [0, 3.5]."""
    real = type(y)
    if is_single(y):
        p = real(1.2692372e-09)
        p = p * y - real(1.8687105e-08)
        p = p * y + real(1.9902903e-07)
        p = p * y - real(7.3870956e-07)
        p = p * y + real(5.331475e-06)
        p = p * y + real(1.0572138e-05)
        p = p * y + real(0.00015026859)
        p = p * y + real(0.0009145991)
        p = p * y + real(0.005215369)
        p = p * y + real(0.023807012)
        p = p * y + real(0.083333775)
        p = p * y + real(0.19999997)
        return p * y + real(0.25)
    p = real(1.784343106130307e-19)
    p = p * y - real(4.7170580461252116e-18)
    p = p * y + real(9.068886485948325e-17)
    p = p * y - real(7.573719894429144e-16)
    p = p * y + real(9.110724906648364e-15)
    p = p * y + real(2.6894074715855e-15)
    p = p * y + real(7.970179760555215e-13)
    p = p * y + real(8.921351797943172e-12)
    p = p * y + real(1.3182394423558902e-10)
    p = p * y + real(1.6674568583798634e-09)
    p = p * y + real(1.968796389472164e-08)
    p = p * y + real(2.1197439875901958e-07)
    p = p * y + real(2.0668034663289553e-06)
    p = p * y + real(1.8037514979003367e-05)
    p = p * y + real(0.00013888889038155713)
    p = p * y + real(0.000925925925422321)
    p = p * y + real(0.005208333333443431)
    p = p * y + real(0.023809523809509747)
    p = p * y + real(0.0833333333333342)
    p = p * y + real(0.19999999999999998)
    return p * y + real(0.25)


@inlined
def moment3_falling(y):
    """The integral of s^3 e^(y - s y) for y in [0, 3.5]."""
    real = type(y)
    if is_single(y):
        p = real(1.6880922e-12)
        p = p * y - real(1.7144874e-11)
        p = p * y + real(2.2874908e-10)
        p = p * y + real(3.3616027e-10)
        p = p * y + real(1.3609414e-08)
        p = p * y + real(1.5144377e-07)
        p = p * y + real(1.6433352e-06)
        p = p * y + real(1.6557624e-05)
        p = p * y + real(0.00014878158)
        p = p * y + real(0.0011904946)
        p = p * y + real(0.008333327)
        p = p * y + real(0.05)
        return p * y + real(0.25)
    p = real(2.220250547268255e-23)
    p = p * y + real(9.033562792814387e-22)
    p = p * y - real(2.4566212109861768e-20)
    p = p * y + real(6.685984136896911e-19)
    p = p * y - real(3.7706952608647886e-18)
    p = p * y + real(9.820863541526508e-17)
    p = p * y + real(6.562670028294227e-16)
    p = p * y + real(1.8088836171668837e-14)
    p = p * y + real(2.8269356732331647e-13)
    p = p * y + real(4.598849373748554e-12)
    p = p * y + real(6.880326241300626e-11)
    p = p * y + real(9.635756013694367e-10)
    p = p * y + real(1.2526014951261659e-08)
    p = p * y + real(1.503126854974273e-07)
    p = p * y + real(1.6534391302429093e-06)
    p = p * y + real(1.653439154524344e-05)
    p = p * y + real(0.00014880952380610674)
    p = p * y + real(0.001190476190476857)
    p = p * y + real(0.008333333333333264)
    p = p * y + real(0.05)
    return p * y + real(0.25)


@inlined
def exp_moment1(x):
    """((x - 1) e^x + 1) / x^2, 1/2 at 0."""
    real = type(x)
    size = minimum(abs(x), real(1.5))
    power, power_low = power_within(x)
    near = near_moment(moment1_rising(size), moment1_falling(size), x, power, power_low)
    w, w_low = quotient_pair(real(1), real(0), x, real(0))
    shifted, shifted_low = two_sum(maximum(minimum(x, real(64)), real(-120)), real(-1))
    far = closed_moment(shifted, shifted_low, real(1), power, power_low, w, w_low, w, w_low)
    y, y_low = quotient_pair(x, real(0), real(1) - w, real(0))
    far = exp_over(x, real(0), y, y_low) if x > real(64) else far
    return near if abs(x + real(0.375)) < real(1.125) else ended_moment(x, far)


@inlined
def exp_moment2(x):
    """(((x - 1)^2 + 1) e^x - 2) / x^3, 1/3 at 0."""
    real = type(x)
    size = minimum(abs(x), real(2.5))
    power, power_low = power_within(x)
    near = near_moment(moment2_rising(size), moment2_falling(size), x, power, power_low)
    w, w_low = quotient_pair(real(1), real(0), x, real(0))
    v, v_low = product_pair(w, w_low, w, w_low)
    shifted, shifted_low = two_sum(maximum(minimum(x, real(64)), real(-120)), real(-1))
    square, square_low = product_pair(shifted, shifted_low, shifted, shifted_low)
    factor, dropped = two_sum(square, real(1))
    far = closed_moment(
        factor, dropped + square_low, real(-2), power, power_low, w, w_low, v, v_low
    )
    y, y_low = quotient_pair(x, real(0), real(1) - w * (real(2) - real(2) * w), real(0))
    far = exp_over(x, real(0), y, y_low) if x > real(64) else far
    return near if abs(x + real(0.625)) < real(1.875) else ended_moment(x, far)


@inlined
def exp_moment3(x):
    """((x - 1) ((x - 1)^2 + 3) - 2) e^x + 6) / x^4, 1/4 at 0."""
    real = type(x)
    size = minimum(abs(x), real(3.5))
    power, power_low = power_within(x)
    near = near_moment(moment3_rising(size), moment3_falling(size), x, power, power_low)
    w, w_low = quotient_pair(real(1), real(0), x, real(0))
    v, v_low = product_pair(w, w_low, w, w_low)
    v, v_low = product_pair(w, w_low, v, v_low)
    shifted, shifted_low = two_sum(maximum(minimum(x, real(64)), real(-120)), real(-1))
    square, square_low = product_pair(shifted, shifted_low, shifted, shifted_low)
    square, dropped = two_sum(square, real(3))
    product, product_low = product_pair(shifted, shifted_low, square, square_low + dropped)
    factor, dropped = two_sum(product, real(-2))
    far = closed_moment(
        factor, product_low + dropped, real(6), power, power_low, w, w_low, v, v_low
    )
    y, y_low = quotient_pair(
        x, real(0), real(1) - w * (real(3) - w * (real(6) - real(6) * w)), real(0)
    )
    far = exp_over(x, real(0), y, y_low) if x > real(64) else far
    return near if abs(x + real(0.875)) < real(2.625) else ended_moment(x, far)
