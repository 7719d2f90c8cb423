"""Modified Bessel functions of order 0 and 1, scaled, their ratio and its slope.

Up to 8 power series in z = x^2 / 4, whose terms are all positive; beyond, sqrt(x) e^-x I(x) as a
polynomial in 1 / x. The ratio and its slope: polynomials in z up to 2, in a quotient up to 12, in
1 / x beyond.
"""

import math

from ..cpu.elementary import (
    any_exponent_and_fraction,
    inlined,
    log_parts,
    power_of_two,
    sqrt,
    two_product,
    two_sum,
)
from ..cpu.primitives import is_single, quick_sum
from .logarithms import relative_of
from .pairs import exp_parts, product_pair, quotient, quotient_pair


@inlined
def i0_near(z):
    """(hi, lo), (I0(x) - 1) / z at z = x^2 / 4 up to 16."""
    real = type(z)
    if is_single(z):
        p = real(1.3665516e-13)
        p = p * z + real(5.6113803e-12)
        p = p * z + real(6.485323e-10)
        p = p * z + real(3.904407e-08)
        p = p * z + real(1.930846e-06)
        p = p * z + real(6.9438596e-05)
        p = p * z + real(0.0017361204)
        p = p * z + real(0.027777772)
        p = p * z + real(0.25)
        hi, lo = quick_sum(real(1.0), p * z)
        return hi, lo + real(-4.0306364e-10)
    p = real(9.104658168772839e-25)
    p = p * z + real(1.137624326945453e-22)
    p = p * z + real(2.6346159444023516e-20)
    p = p * z + real(4.347089137582253e-18)
    p = p * z + real(6.277658847925618e-16)
    p = p * z + real(7.593902751143498e-14)
    p = p * z + real(7.594069392796097e-12)
    p = p * z + real(6.151186777692459e-10)
    p = p * z + real(3.936759908378227e-08)
    p = p * z + real(1.9290123452215943e-06)
    p = p * z + real(6.944444444514675e-05)
    p = p * z + real(0.001736111111110469)
    p = p * z + real(0.02777777777777808)
    p = p * z + real(0.24999999999999994)
    hi, lo = quick_sum(real(1.0), p * z)
    return hi, lo + real(1.3182866334240535e-18)


@inlined
def i1_near(z):
    """(hi, lo), (2 I1(x) / x - 1) / z at z = x^2 / 4 up to 16."""
    real = type(z)
    if is_single(z):
        p = real(1.2567776e-14)
        p = p * z + real(5.488522e-13)
        p = p * z + real(7.2489445e-11)
        p = p * z + real(4.8724367e-09)
        p = p * z + real(2.7592316e-07)
        p = p * z + real(1.1572535e-05)
        p = p * z + real(0.00034722613)
        p = p * z + real(0.0069444394)
        p = p * z + real(0.083333336)
        hi, lo = quick_sum(real(0.5), p * z)
        return hi, lo + real(-5.043595e-11)
    p = real(5.574611537519818e-26)
    p = p * z + real(7.710728535297724e-24)
    p = p * z + real(1.8756980479473766e-21)
    p = p * z + real(3.3456847815159046e-19)
    p = p * z + real(5.231050513924782e-17)
    p = p * z + real(6.903590673316024e-15)
    p = p * z + real(7.594065532986959e-13)
    p = p * z + real(6.834652221214635e-11)
    p = p * z + real(4.920949874515432e-09)
    p = p * z + real(2.7557319220781965e-07)
    p = p * z + real(1.1574074074124914e-05)
    p = p * z + real(0.00034722222222217393)
    p = p * z + real(0.006944444444444468)
    p = p * z + real(0.08333333333333333)
    hi, lo = quick_sum(real(0.5), p * z)
    return hi, lo + real(1.180369566632896e-19)


@inlined
def i0_far(t):
    """(hi, lo), sqrt(x) e^-x I0(x) at t = 16 / x - 1, x >= 8."""
    real = type(t)
    if is_single(t):
        p = real(1.08543546e-07)
        p = p * t + real(3.6275804e-07)
        p = p * t + real(1.4763197e-06)
        p = p * t + real(1.1112021e-05)
        p = p * t + real(0.00013621709)
        p = p * t + real(0.0033605557)
        hi, lo = quick_sum(real(0.4021765), p * t)
        return hi, lo + real(1.0056587e-08)
    p = real(-6.074722650959367e-11)
    p = p * t - real(2.025438737874294e-11)
    p = p * t + real(4.581342402165601e-10)
    p = p * t + real(1.5275467417496326e-10)
    p = p * t - real(1.6200976015659744e-09)
    p = p * t - real(5.714862261587537e-10)
    p = p * t + real(3.6396389556962735e-09)
    p = p * t + real(1.5199335746044247e-09)
    p = p * t - real(5.955180166138565e-09)
    p = p * t - real(3.505824891958385e-09)
    p = p * t + real(7.4314820325885184e-09)
    p = p * t + real(7.552493708494739e-09)
    p = p * t - real(5.405200232193564e-09)
    p = p * t - real(1.3408880010116514e-08)
    p = p * t - real(6.7475390656473775e-09)
    p = p * t + real(7.554681539549806e-09)
    p = p * t + real(2.154835707189747e-08)
    p = p * t + real(3.932584514090382e-08)
    p = p * t + real(8.872219954736385e-08)
    p = p * t + real(2.973598586751581e-07)
    p = p * t + real(1.4838475657117183e-06)
    p = p * t + real(1.1143033790941235e-05)
    p = p * t + real(0.00013621607439193295)
    p = p * t + real(0.0033605519836678614)
    hi, lo = quick_sum(real(0.4021765094450081), p * t)
    return hi, lo + real(-2.4058173229657618e-17)


@inlined
def i1_far(t):
    """(hi, lo), sqrt(x) e^-x I1(x) at t = 16 / x - 1, x >= 8."""
    real = type(t)
    if is_single(t):
        p = real(-1.2321698e-07)
        p = p * t - real(4.2043143e-07)
        p = p * t - real(1.8249666e-06)
        p = p * t - real(1.5004811e-05)
        p = p * t - real(0.0002192374)
        p = p * t - real(0.009749581)
        hi, lo = quick_sum(real(0.38939846), p * t)
        return hi, lo + real(3.4538772e-09)
    p = real(6.28539719468819e-11)
    p = p * t + real(1.8549366450448927e-11)
    p = p * t - real(4.746478278352598e-10)
    p = p * t - real(1.4032111953575679e-10)
    p = p * t + real(1.681659124870703e-09)
    p = p * t + real(5.30098355883313e-10)
    p = p * t - real(3.789786335557258e-09)
    p = p * t - real(1.4395293679467224e-09)
    p = p * t + real(6.238070513739384e-09)
    p = p * t + real(3.4269988744312706e-09)
    p = p * t - real(7.885401711536595e-09)
    p = p * t - real(7.642873529730448e-09)
    p = p * t + real(5.973194937912099e-09)
    p = p * t + real(1.4034438732952513e-08)
    p = p * t + real(6.734809395076236e-09)
    p = p * t - real(8.42782076445081e-09)
    p = p * t - real(2.337398877187893e-08)
    p = p * t - real(4.312916788312882e-08)
    p = p * t - real(1.0001287666917768e-07)
    p = p * t - real(3.483855770466801e-07)
    p = p * t - real(1.8349101330343633e-06)
    p = p * t - real(1.5038547200520024e-05)
    p = p * t - real(0.00021923576383388224)
    p = p * t - real(0.009749577193235737)
    hi, lo = quick_sum(real(0.38939845902587233), p * t)
    return hi, lo + real(-5.925333822708398e-18)


@inlined
def ratio_near(u):
    """(hi, lo), I1(x) / (x I0(x)) at u = x^2 / 4 - 1/2, |x| <= 2."""
    real = type(u)
    if is_single(u):
        p = real(0.0014436467)
        p = p * u - real(0.002832204)
        p = p * u + real(0.0047011822)
        p = p * u - real(0.009137759)
        p = p * u + real(0.017942248)
        p = p * u - real(0.035004828)
        p = p * u + real(0.068890825)
        p = p * u - real(0.14174609)
        hi, lo = quick_sum(real(0.40602046), p * u)
        return hi, lo + real(7.778619e-09)
    p = real(-1.157572512481432e-06)
    p = p * u + real(2.2559424413822477e-06)
    p = p * u - real(2.940195386171925e-06)
    p = p * u + real(5.718776486457768e-06)
    p = p * u - real(1.1898857143783417e-05)
    p = p * u + real(2.3152747559053503e-05)
    p = p * u - real(4.4823315463044156e-05)
    p = p * u + real(8.721741823221588e-05)
    p = p * u - real(0.00016974780059933706)
    p = p * u + real(0.0003302945797074975)
    p = p * u - real(0.0006426818836312491)
    p = p * u + real(0.0012505306604931206)
    p = p * u - real(0.002433298651805534)
    p = p * u + real(0.004734868084241512)
    p = p * u - real(0.009214427245590382)
    p = p * u + real(0.017940364711841045)
    p = p * u - real(0.03499949890375368)
    p = p * u + real(0.06889083412137187)
    p = p * u - real(0.1417461863336088)
    hi, lo = quick_sum(real(0.4060204706113457), p * u)
    return hi, lo + real(1.860526133336824e-17)


@inlined
def ratio_mid(t):
    """(1 + 2 x) (1 - I1(x) / I0(x)) at t = (x - 5) / (x + 5), x from 2 to 12."""
    real = type(t)
    if is_single(t):
        p = real(4.0228453)
        p = p * t - real(0.0988415)
        p = p * t - real(6.092089)
        p = p * t + real(3.0198152)
        p = p * t + real(2.8869956)
        p = p * t - real(3.7192595)
        p = p * t + real(1.2479206)
        p = p * t + real(0.53963554)
        p = p * t - real(0.86286205)
        p = p * t + real(0.6291645)
        p = p * t - real(0.41855645)
        return p * t + real(1.1727855)
    p = real(-2.9842028048048026)
    p = p * t - real(3.0908272691300556)
    p = p * t + real(5.474290285001579)
    p = p * t + real(4.27364854544421)
    p = p * t - real(1.6565124838709862)
    p = p * t - real(1.4840827267446235)
    p = p * t - real(6.249645138301191)
    p = p * t - real(0.4429819877477619)
    p = p * t + real(9.90724310890743)
    p = p * t - real(0.15552784687930138)
    p = p * t - real(5.9198115444699955)
    p = p * t - real(0.7264552711890081)
    p = p * t + real(0.16139366156349674)
    p = p * t + real(4.3988310659279835)
    p = p * t + real(0.45536071253470056)
    p = p * t - real(6.159969307506957)
    p = p * t + real(2.879729243865757)
    p = p * t + real(2.892618448299399)
    p = p * t - real(3.7053440652623038)
    p = p * t + real(1.2476975761787865)
    p = p * t + real(0.5390329528654102)
    p = p * t - real(0.8628580821875325)
    p = p * t + real(0.6291741004152899)
    p = p * t - real(0.4185564748914477)
    return p * t + real(1.1727854925150625)


@inlined
def ratio_far(t):
    """The product x (1 - I1(x) / I0(x)) at t = 24 / x - 1, x >= 12."""
    real = type(t)
    if is_single(t):
        p = real(2.2930453e-06)
        p = p * t + real(2.1228961e-05)
        p = p * t + real(0.00026843642)
        p = p * t + real(0.005690316)
        return p * t + real(0.50544083)
    p = real(-1.3474448737203295e-11)
    p = p * t - real(9.70799571243595e-12)
    p = p * t + real(8.205267865211758e-11)
    p = p * t + real(8.937538544506813e-11)
    p = p * t - real(1.77649079768404e-10)
    p = p * t - real(3.3044029360418873e-10)
    p = p * t - real(2.4995352095027723e-11)
    p = p * t + real(3.541122031494753e-10)
    p = p * t + real(5.105646001701813e-10)
    p = p * t + real(7.425952679776918e-10)
    p = p * t + real(1.5358240600042232e-09)
    p = p * t + real(4.098699278633683e-09)
    p = p * t + real(1.3949540834098382e-08)
    p = p * t + real(6.0057561675027e-08)
    p = p * t + real(3.2631177275043147e-07)
    p = p * t + real(2.267847302170149e-06)
    p = p * t + real(2.0800070891076383e-05)
    p = p * t + real(0.00026838311413695517)
    p = p * t + real(0.005690425384019448)
    return p * t + real(0.5054408516649119)


@inlined
def slope_near(u):
    """(hi, lo), the derivative of I1 / I0 at u = x^2 / 4 - 1/2, |x| <= 2."""
    real = type(u)
    if is_single(u):
        p = real(0.0060133724)
        p = p * u - real(0.011160778)
        p = p * u + real(0.015341529)
        p = p * u - real(0.025909053)
        p = p * u + real(0.044514764)
        p = p * u - real(0.07301483)
        p = p * u + real(0.115393184)
        p = p * u - real(0.17323206)
        p = p * u + real(0.23945558)
        p = p * u - real(0.28745693)
        hi, lo = quick_sum(real(0.2642743), p * u)
        return hi, lo + real(-1.4228527e-08)
    p = real(-9.917437302936116e-06)
    p = p * u + real(1.9250306234873882e-05)
    p = p * u - real(2.211259619912581e-05)
    p = p * u + real(3.971087796477308e-05)
    p = p * u - real(8.09765830377543e-05)
    p = p * u + real(0.0001490595364448052)
    p = p * u - real(0.0002696537257975556)
    p = p * u + real(0.0004902817147687636)
    p = p * u - real(0.0008879389340034803)
    p = p * u + real(0.0015981386104941707)
    p = p * u - real(0.0028573204997147305)
    p = p * u + real(0.005068923309099342)
    p = p * u - real(0.008908034094974265)
    p = p * u + real(0.015474886225930164)
    p = p * u - real(0.02649523322255666)
    p = p * u + real(0.04452019447916454)
    p = p * u - real(0.07294949123235339)
    p = p * u + real(0.11539114617919272)
    p = p * u - real(0.1732350334784411)
    p = p * u + real(0.2394556738955982)
    p = p * u - real(0.28745689075808445)
    hi, lo = quick_sum(real(0.2642742842777369), p * u)
    return hi, lo + real(1.0843077390383836e-17)


@inlined
def slope_mid(t):
    """(hi, lo), (1 + x)^2 times it at t = (x - 5) / (x + 5), x from 2 to 12."""
    real = type(t)
    if is_single(t):
        p = real(-2.6671994)
        p = p * t + real(7.167961)
        p = p * t + real(15.247596)
        p = p * t - real(22.41214)
        p = p * t - real(10.141613)
        p = p * t + real(25.443853)
        p = p * t - real(5.6338735)
        p = p * t - real(11.054511)
        p = p * t + real(8.791488)
        p = p * t - real(1.3090813)
        p = p * t - real(1.7815151)
        p = p * t + real(1.6183195)
        p = p * t - real(0.9387686)
        hi, lo = quick_sum(real(0.834838), p * t)
        return hi, lo + real(-2.4038632e-08)
    p = real(-44.34408788693053)
    p = p * t - real(21.427909971008845)
    p = p * t + real(55.727215216301644)
    p = p * t - real(7.601619654836911)
    p = p * t - real(15.32372259840645)
    p = p * t + real(54.92724774262587)
    p = p * t - real(9.502394488481903)
    p = p * t - real(40.79542259223627)
    p = p * t - real(18.25092212008843)
    p = p * t - real(10.80179366373198)
    p = p * t + real(61.49964552834986)
    p = p * t + real(31.108789531573866)
    p = p * t - real(64.8296197740596)
    p = p * t - real(17.440651298138654)
    p = p * t + real(25.719320546296757)
    p = p * t + real(11.818788898806295)
    p = p * t + real(8.926395124521573)
    p = p * t - real(23.08536173648779)
    p = p * t - real(9.365629395063031)
    p = p * t + real(25.49799490923205)
    p = p * t - real(5.6867655827762285)
    p = p * t - real(11.056834926726246)
    p = p * t + real(8.793376189863533)
    p = p * t - real(1.3090339934259458)
    p = p * t - real(1.781545305393163)
    p = p * t + real(1.6183191673036081)
    p = p * t - real(0.9387684824165671)
    hi, lo = quick_sum(real(0.8348379493122792), p * t)
    return hi, lo + real(4.903539991038754e-18)


@inlined
def slope_far(t):
    """(hi, lo), x^2 times it at t = 24 / x - 1, x >= 12."""
    real = type(t)
    if is_single(t):
        p = real(2.0615602e-07)
        p = p * t + real(6.5358734e-07)
        p = p * t + real(2.2733013e-06)
        p = p * t + real(1.2880294e-05)
        p = p * t + real(9.228326e-05)
        p = p * t + real(0.00086756813)
        p = p * t + real(0.011917616)
        hi, lo = quick_sum(real(0.5111313), p * t)
        return hi, lo + real(-1.0159481e-08)
    p = real(-4.154404483049779e-11)
    p = p * t - real(8.59587754713627e-11)
    p = p * t + real(2.709583422584687e-10)
    p = p * t + real(6.644456648358288e-10)
    p = p * t - real(6.828874574237551e-10)
    p = p * t - real(2.375846967136955e-09)
    p = p * t + real(3.9358316426722844e-10)
    p = p * t + real(4.97692519004177e-09)
    p = p * t + real(2.4792397781707166e-09)
    p = p * t - real(5.351368379806723e-09)
    p = p * t - real(7.709769866597747e-09)
    p = p * t - real(2.2571267933026013e-09)
    p = p * t + real(4.53809566867396e-09)
    p = p * t + real(9.151421143529588e-09)
    p = p * t + real(1.3627262646458025e-08)
    p = p * t + real(2.3139794533734857e-08)
    p = p * t + real(5.075870800182738e-08)
    p = p * t + real(1.4432190786753442e-07)
    p = p * t + real(5.180419324921198e-07)
    p = p * t + real(2.3182226186891614e-06)
    p = p * t + real(1.2970795990999223e-05)
    p = p * t + real(9.227167243588681e-05)
    p = p * t + real(0.0008675495550656166)
    p = p * t + real(0.011917616996318745)
    hi, lo = quick_sum(real(0.5111312770489315), p * t)
    return hi, lo + real(4.9119035805184645e-19)


@inlined
def quarter_square(size, limit):
    """(hi, lo), x^2 / 4 for |x| held below a limit."""
    half = type(size)(0.5) * (limit if size > limit else size)
    return two_product(half, half)


@inlined
def far_argument(size, limit):
    """2 c / x - 1 for x >= c."""
    x = limit if size < limit else size
    return (limit + limit) / x - type(size)(1)


# The rounding of z = x^2 / 4 is put back through the derivative of the logarithm of I0 or
# 2 I1(x) / x by z, which is within some percent 1 / (1/4 + sqrt(z + 9/16)) or
# 1 / (3/4 + sqrt(z + 25/16)) (Amos 1974).


@inlined
def i0e(x):
    """I0(x) e^-|x|."""
    real = type(x)
    size = abs(x)
    z, z_low = quarter_square(size, real(8))
    ratio, ratio_low = i0_near(z)
    product, product_low = product_pair(z, real(0), ratio, ratio_low)
    p, p_low = two_sum(real(1), product)
    p_low = p_low + (product_low + z_low * p / (real(0.25) + sqrt(z + real(0.5625))))
    e, e_low, n = exp_parts(-size, real(0))
    near = scaled_near(p, p_low, e, e_low, n)
    hi, lo = i0_far(far_argument(size, real(8)))
    return hi_over_root(hi, lo, size) if size > real(8) else near


@inlined
def i1e(x):
    """I1(x) e^-|x|."""
    real = type(x)
    size = abs(x)
    z, z_low = quarter_square(size, real(8))
    ratio, ratio_low = i1_near(z)
    product, product_low = product_pair(z, real(0), ratio, ratio_low)
    p, p_low = two_sum(real(1), product)
    p_low = p_low + (product_low + z_low * p / (real(0.75) + sqrt(z + real(1.5625))))
    e, e_low, n = exp_parts(-size, real(0))
    p, p_low = product_pair(p, p_low, real(0.5) * size, real(0))
    near = scaled_near(p, p_low, e, e_low, n)
    hi, lo = i1_far(far_argument(size, real(8)))
    result = hi_over_root(hi, lo, size) if size > real(8) else near
    return -result if x < real(0) else (x if x == real(0) else result)


@inlined
def scaled_near(p, p_low, e, e_low, n):
    """(p + p_low) (e + e_low) 2^n, for n from -12 to 0."""
    lowest = type(p)(-20)
    hi, lo = product_pair(p, p_low, e, e_low)
    return (hi + lo) * power_of_two(lowest if n < lowest else n)


@inlined
def hi_over_root(hi, lo, x):
    """(hi + lo) / sqrt(x)."""
    return (hi + lo) / sqrt(x)


@inlined
def log_i0(x):
    """The logarithm of I0(x), log(1 + z P(z)) up to 8, |x| + log(e^-|x| I0(x)) beyond."""
    real = type(x)
    one, zero = real(1), real(0)
    size = abs(x)
    far = size > real(8)
    z, z_low = quarter_square(size, real(8))
    p, p_low = i0_near(z)
    product, product_low = product_pair(z, zero, p, p_low)
    product_low = product_low + z_low * (one + product) / (real(0.25) + sqrt(z + real(0.5625)))
    total, dropped = two_sum(one, product)
    hi, lo = i0_far(far_argument(size, real(8)))
    square, square_low = product_pair(hi, lo, hi, lo)
    k_x, m_x = any_exponent_and_fraction(size if far else one)
    ratio, ratio_low = quotient_pair(square, square_low, m_x, zero)
    k, m = any_exponent_and_fraction(ratio if far else total)
    f = m - one
    low = relative_of(ratio_low if far else dropped + product_low, k, f)
    log, log_low = log_parts(k - k_x if far else k, f)
    half = real(0.5)
    sum_, rest = two_sum(size if far else zero, half * log if far else log)
    log_low = half * (log_low + low) if far else log_low + low
    return sum_ + (rest + log_low) if size < real(math.inf) else size


@inlined
def middle_argument(size):
    """The argument (x - 5) / (x + 5) for x from 2 to 12."""
    real = type(size)
    x = real(2) if size < real(2) else size
    x = real(12) if x > real(12) else x
    return (x - real(5)) / (x + real(5))


@inlined
def bessel_ratio(x):
    """I1(x) / I0(x), the mean length of a von Mises direction; 1 less a small part above 2."""
    real = type(x)
    one, two, last = real(1), real(2), real(12)
    size = abs(x)
    z, _ = quarter_square(size, two)
    hi, lo = ratio_near(z - real(0.5))
    near = size * (hi + lo)
    middle = ratio_mid(middle_argument(size)) / (one + two * size)
    far = ratio_far(far_argument(size, last)) / size
    result = one - (middle if size < last else far) if size > two else near
    return -result if x < real(0) else (x if x == real(0) else result)


@inlined
def bessel_ratio_slope(x):
    """The derivative of I1 / I0: 1 - A / x - A^2 with A = I1 / I0, and 1/2 at 0."""
    real = type(x)
    two, last = real(2), real(12)
    size = abs(x)
    z, _ = quarter_square(size, two)
    hi, lo = slope_near(z - real(0.5))
    near = hi + lo
    hi, lo = slope_mid(middle_argument(size))
    total, dropped = two_sum(real(1), last if size > last else size)
    square, square_low = product_pair(total, dropped, total, dropped)
    middle = quotient(hi, lo, square, square_low)
    hi, lo = slope_far(far_argument(size, last))
    hi, lo = quotient_pair(hi, lo, size, real(0))
    far = quotient(hi, lo, size, real(0))
    return (middle if size < last else far) if size > two else near
