"""The logarithm of Gamma and its derivatives for x > 0, with full relative accuracy at their roots.

On [1, 2] polynomials in x - 3/2, with the roots as factors; below 1 and up to 3 (log Gamma) the
recurrence; beyond, Stirling's asymptotic series as a quotient of polynomials in 1 / x^2.
"""

import math

from ..cpu.elementary import (
    any_exponent_and_fraction,
    inlined,
    log_parts,
    two_product,
    two_sum,
)
from ..cpu.primitives import is_single, quick_sum
from .pairs import product_pair, quotient_pair


@inlined
def loggamma_ratio(u):
    """The ratio log Gamma(y) / ((y - 1) (y - 2)) at u = y - 3/2 in [-1/2, 1/2]."""
    real = type(u)
    if is_single(u):
        p = real(-0.0015235683)
        p = p * u + real(0.0025398345)
        p = p * u - real(0.0031185367)
        p = p * u + real(0.0052737463)
        p = p * u - real(0.009435692)
        p = p * u + real(0.016817866)
        p = p * u - real(0.031308085)
        p = p * u + real(0.06291038)
        p = p * u - real(0.1459599)
        return p * u + real(0.48312896)
    p = real(-7.334070459478102e-06)
    p = p * u + real(1.1216769212872642e-05)
    p = p * u - real(8.90757741572826e-06)
    p = p * u + real(1.4396514473789597e-05)
    p = p * u - real(2.6895887211284206e-05)
    p = p * u + real(4.2347561569951375e-05)
    p = p * u - real(6.623569993433013e-05)
    p = p * u + real(0.00010556896127529217)
    p = p * u - real(0.00016890007917606397)
    p = p * u + real(0.0002712725247592348)
    p = p * u - real(0.0004379951635188451)
    p = p * u + real(0.0007115240822140689)
    p = p * u - real(0.001164414432765809)
    p = p * u + real(0.001922915930442109)
    p = p * u - real(0.0032120740801953314)
    p = p * u + real(0.005446457856644778)
    p = p * u - real(0.009425622448381769)
    p = p * u + real(0.016797098630833108)
    p = p * u - real(0.031308487501011915)
    p = p * u + real(0.06291140107456948)
    p = p * u - real(0.14595989591430608)
    return p * u + real(0.4831289505409809)


@inlined
def digamma_ratio(u):
    """psi(y) / (y - y0), y0 its root, at u = y - 3/2 in [-1/2, 1/2]."""
    real = type(u)
    if is_single(u):
        p = real(0.010019378)
        p = p * u - real(0.016361883)
        p = p * u + real(0.017714819)
        p = p * u - real(0.025793545)
        p = p * u + real(0.040702336)
        p = p * u - real(0.062054716)
        p = p * u + real(0.09500053)
        p = p * u - real(0.14839895)
        p = p * u + real(0.24054185)
        p = p * u - real(0.4236275)
        return p * u + real(0.9510559)
    p = real(0.000150496274531797)
    p = p * u - real(0.0001778874766209317)
    p = p * u + real(5.088359256713193e-05)
    p = p * u - real(0.0001452532590104249)
    p = p * u + real(0.0003525657129214845)
    p = p * u - real(0.00048569093467475745)
    p = p * u + real(0.0006807059809815854)
    p = p * u - real(0.0010365433286342763)
    p = p * u + real(0.001565662645699349)
    p = p * u - real(0.002345477586789274)
    p = p * u + real(0.0035177710275484217)
    p = p * u - real(0.005279939470139633)
    p = p * u + real(0.0079270539912125)
    p = p * u - real(0.011908219923821269)
    p = p * u + real(0.017907246332792722)
    p = p * u - real(0.026975796669013414)
    p = p * u + real(0.040760834015615525)
    p = p * u - real(0.0619221332752211)
    p = p * u + real(0.09498872445132446)
    p = p * u - real(0.14840492305388472)
    p = p * u + real(0.24054248424080213)
    p = p * u - real(0.4236274212814606)
    return p * u + real(0.9510558760318328)


@inlined
def trigamma_unit(u):
    """psi'(y) at u = y - 3/2 in [-1/2, 1/2]."""
    real = type(u)
    if is_single(u):
        p = real(0.03237207)
        p = p * u - real(0.09497997)
        p = p * u + real(0.106181376)
        p = p * u - real(0.10511738)
        p = p * u + real(0.14921324)
        p = p * u - real(0.21193837)
        p = p * u + real(0.27933913)
        p = p * u - real(0.3620364)
        p = p * u + real(0.46297017)
        p = p * u - real(0.57904476)
        p = p * u + real(0.7045485)
        p = p * u - real(0.8287966)
        return p * u + real(0.9348022)
    p = real(-0.001278938454685412)
    p = p * u + real(0.0017386482641446146)
    p = p * u - real(9.919415163535596e-05)
    p = p * u + real(0.00029620141120248987)
    p = p * u - real(0.002425275157726409)
    p = p * u + real(0.0033765080741784974)
    p = p * u - real(0.0038527495389131475)
    p = p * u + real(0.005524001677330345)
    p = p * u - real(0.008155180448357493)
    p = p * u + real(0.01154640369785726)
    p = p * u - real(0.016236821041213323)
    p = p * u + real(0.022836575761072488)
    p = p * u - real(0.031986887742485655)
    p = p * u + real(0.04456723997170479)
    p = p * u - real(0.06174032343749777)
    p = p * u + real(0.08496874472287363)
    p = p * u - real(0.1160407279059793)
    p = p * u + real(0.15705320414057972)
    p = p * u - real(0.21030987298508994)
    p = p * u + real(0.2780808132624014)
    p = p * u - real(0.36214936502562844)
    p = p * u + real(0.4630645251026082)
    p = p * u - real(0.5790416377778707)
    p = p * u + real(0.7045455170012099)
    p = p * u - real(0.82879664423432)
    return p * u + real(0.9348022005446793)


@inlined
def tetragamma_unit(u):
    """psi''(y) at u = y - 3/2 in [-1/2, 1/2]."""
    real = type(u)
    if is_single(u):
        p = real(0.40487316)
        p = p * u - real(0.66094476)
        p = p * u + real(0.5579291)
        p = p * u - real(0.60642636)
        p = p * u + real(0.83284813)
        p = p * u - real(1.0527366)
        p = p * u + real(1.259531)
        p = p * u - real(1.4720012)
        p = p * u + real(1.6682498)
        p = p * u - real(1.8107144)
        p = p * u + real(1.8522648)
        p = p * u - real(1.7371267)
        p = p * u + real(1.409091)
        return p * u - real(0.8287966)
    p = real(0.018516978311971164)
    p = p * u - real(0.01858199103479104)
    p = p * u - real(0.010751877610595154)
    p = p * u + real(0.002762607572907915)
    p = p * u + real(0.028532834668463614)
    p = p * u - real(0.030339330557173937)
    p = p * u + real(0.024868747575191547)
    p = p * u - real(0.03798348247046805)
    p = p * u + real(0.057545102512734245)
    p = p * u - real(0.07699241555496193)
    p = p * u + real(0.10258936317995498)
    p = p * u - real(0.13790065487385939)
    p = p * u + real(0.18409922041123208)
    p = p * u - real(0.24364926116389393)
    p = p * u + real(0.3197996073828939)
    p = p * u - real(0.4158209695857083)
    p = p * u + real(0.5347988795387746)
    p = p * u - real(0.6791440545939236)
    p = p * u + real(0.8496879292410167)
    p = p * u - real(1.0443665332372953)
    p = p * u + real(1.2564256147895676)
    p = p * u - real(1.4721691112606878)
    p = p * u + real(1.6684848799805538)
    p = p * u - real(1.810746825124676)
    p = p * u + real(1.85225810040594)
    p = p * u - real(1.737124913333621)
    p = p * u + real(1.4090910340024372)
    return p * u - real(0.82879664423432)


@inlined
def loggamma_far(v):
    """The rest x (log Gamma(x) - ((x - 1/2) log x - x + log(2 pi) / 2)) for x >= 3."""
    real = type(v)
    if is_single(v):
        p = real(0.05734419)
        p = p * v + real(0.083333336)
        q = real(0.014570217)
        q = q * v + real(0.7214627)
        q = q * v + real(1.0)
        return p / q
    p = real(0.14827379299732404)
    p = p * v + real(2.7891708853821067)
    p = p * v + real(7.148774733368925)
    p = p * v + real(5.133140053745219)
    p = p * v + real(1.2184220228976133)
    p = p * v + real(0.08333333333333333)
    q = real(2.458808270310957)
    q = q * v + real(35.89748769730768)
    q = q * v + real(87.72209519085234)
    q = q * v + real(62.076636755691155)
    q = q * v + real(14.654397608104688)
    q = q * v + real(1.0)
    return p / q


@inlined
def digamma_far(v):
    """The rest x^2 (log x - 1 / (2 x) - psi(x)) for x >= 2."""
    real = type(v)
    if is_single(v):
        p = real(0.020106263)
        p = p * v + real(0.14006352)
        p = p * v + real(0.08333333)
        q = real(0.37188545)
        q = q * v + real(1.7807586)
        q = q * v + real(1.0)
        return p / q
    p = real(0.2790677042202308)
    p = p * v + real(6.921052578185236)
    p = p * v + real(23.947004800093644)
    p = p * v + real(25.465349560299735)
    p = p * v + real(10.325951236979426)
    p = p * v + real(1.6384614459571902)
    p = p * v + real(0.08333333333333333)
    q = real(7.232776579796088)
    q = q * v + real(104.09242625333013)
    q = q * v + real(313.99656387095877)
    q = q * v + real(317.2771640807073)
    q = q * v + real(125.83994953133482)
    q = q * v + real(19.761537351486147)
    q = q * v + real(1.0)
    return p / q


@inlined
def trigamma_far(v):
    """The rest x^3 (psi'(x) - 1 / x - 1 / (2 x^2)) for x >= 2."""
    real = type(v)
    if is_single(v):
        p = real(0.060771596)
        p = p * v + real(0.34528652)
        p = p * v + real(0.16666666)
        q = real(0.67676955)
        q = q * v + real(2.2717035)
        q = q * v + real(1.0)
        return p / q
    p = real(1.156521673933159)
    p = p * v + real(25.716754642851807)
    p = p * v + real(77.36117353332126)
    p = p * v + real(71.91956371755607)
    p = p * v + real(25.746955165057766)
    p = p * v + real(3.6426925574688913)
    p = p * v + real(0.1666666666666666)
    q = real(20.419092186483585)
    q = q * v + real(219.28564603977372)
    q = q * v + real(537.5084497692986)
    q = q * v + real(460.316523899309)
    q = q * v + real(158.75010491679794)
    q = q * v + real(22.056155344812478)
    q = q * v + real(1.0)
    return p / q


@inlined
def tetragamma_far(v):
    """The rest x^4 (-psi''(x) - 1 / x^2 - 1 / x^3) for x >= 2."""
    real = type(v)
    if is_single(v):
        p = real(1.1787033)
        p = p * v + real(1.9831901)
        p = p * v + real(0.5)
        q = real(0.31001437)
        q = q * v + real(3.457661)
        q = q * v + real(4.2997084)
        q = q * v + real(1.0)
        return p / q
    p = real(23.521936853163986)
    p = p * v + real(580.1237573605409)
    p = p * v + real(1957.5278659269045)
    p = p * v + real(2124.2551685332173)
    p = p * v + real(951.145736503875)
    p = p * v + real(190.65897744172293)
    p = p * v + real(16.606875173508193)
    p = p * v + real(0.5)
    q = real(193.0315842351759)
    q = q * v + real(1979.1908074444327)
    q = q * v + real(5030.3455998609725)
    q = q * v + real(4810.393407704838)
    q = q * v + real(2022.4314393607528)
    q = q * v + real(392.16698277694934)
    q = q * v + real(33.54708368034963)
    q = q * v + real(1.0)
    return p / q


@inlined
def unit_argument(x, low, high):
    """The sum x + 1 below 1, x - 1 above 2, less 3/2; held within half of `low` and `high`."""
    real = type(x)
    u = x - real(0.5) if x < real(1) else (x - real(2.5) if x > real(2) else x - real(1.5))
    u = low if u < low else u
    return high if u > high else u


@inlined
def positive_only(x, at_zero, result):
    """The result for x > 0, its limit at 0, NaN below."""
    other = at_zero if x == type(x)(0) else type(x)(math.nan)
    return result if x > type(x)(0) else other


@inlined
def log_as_parts(x):
    """(hi, lo), log x for positive finite x; hi is the rounded logarithm."""
    k, m = any_exponent_and_fraction(x)
    hi, lo = log_parts(k, m - type(x)(1))
    return quick_sum(hi, lo)


@inlined
def loggamma(x):
    """The logarithm of Gamma(x) for x > 0, infinite at 0 and NaN below."""
    real = type(x)
    one, two, three = real(1), real(2), real(3)
    below, above = x < one, x > two
    u = unit_argument(x, real(-0.5), real(0.5))
    first = x if below else (x - two if above else x - one)
    second = x - one if below else (x - three if above else x - two)
    factor = loggamma_ratio(u)
    product, product_low = two_product(first, second)
    body, body_low = two_product(product, factor)
    body_low = body_low + product_low * factor
    far = x > three
    log, log_low = log_as_parts(x if below or far else (x - one if above else one))
    total, dropped = two_sum(body, -log if below else log)
    near = total + (dropped + body_low + (-log_low if below else log_low))
    w = one / x
    large, first_low = two_sum(log, -one)
    shifted, shifted_low = two_product(x, large)
    total, second_low = two_sum(shifted, real(-0.5) * large)
    constant, constant_low = half_log_tau(x)
    total, third_low = two_sum(total, constant)
    rest = (x - real(0.5)) * (log_low + first_low) + (shifted_low + constant_low)
    sum_ = total + (second_low + third_low + (rest + w * loggamma_far(w * w)))
    sum_ = shifted if shifted == real(math.inf) or x == real(math.inf) else sum_
    sum_ = x if x == real(math.inf) else sum_
    return positive_only(x, real(math.inf), sum_ if far else near)


@inlined
def half_log_tau(x):
    """(hi, lo), log(2 pi) / 2 - 1 / 2."""
    real = type(x)
    if is_single(x):
        return real(0.41893855), real(-1.4168145e-08)
    return real(0.4189385332046727), real(1.6728209650585413e-17)


@inlined
def root_of_digamma(x):
    """(hi, lo), the positive root of digamma."""
    real = type(x)
    if is_single(x):
        return real(1.4616321), real(1.243815e-08)
    return real(1.4616321449683622), real(9.549995429965697e-17)


@inlined
def digamma(x):
    """psi(x), the derivative of log Gamma; -inf at 0, NaN below."""
    real = type(x)
    one = real(1)
    below = x < one
    root, root_low = root_of_digamma(x)
    distance = (x - (root - one) if below else x - root) - root_low
    u = unit_argument(x, real(-0.5), real(0.5))
    body = distance * digamma_ratio(u)
    w, w_low = quotient_pair(one, real(0), x, real(0))
    near = (body - w) - w_low if below else body
    hi, lo = log_as_parts(x)
    far = hi + (lo - (real(0.5) * w + w * w * digamma_far(w * w)))
    far = x if x == real(math.inf) else far
    return positive_only(x, real(-math.inf), far if x > real(2) else near)


@inlined
def trigamma(x):
    """psi'(x), infinite at 0, NaN below."""
    real = type(x)
    w, w_low = quotient_pair(real(1), real(0), x, real(0))
    v, v_low = product_pair(w, w_low, w, w_low)
    near = trigamma_unit(unit_argument(x, real(-0.5), real(0.5)))
    near = v + (near + v_low) if x < real(1) else near
    near = v if v == real(math.inf) else near
    far = w + (w_low + v * (real(0.5) + w * trigamma_far(v)))
    return positive_only(x, real(math.inf), far if x > real(2) else near)


@inlined
def tetragamma(x):
    """psi''(x), which is negative; -inf at 0, NaN below."""
    real = type(x)
    w, w_low = quotient_pair(real(1), real(0), x, real(0))
    v, v_low = product_pair(w, w_low, w, w_low)
    cube, cube_low = product_pair(v, v_low, w, w_low)
    near = tetragamma_unit(unit_argument(x, real(-0.5), real(0.5)))
    near = real(-2) * cube + (near - real(2) * cube_low) if x < real(1) else near
    near = -cube if cube == real(math.inf) else near
    far = -(v + (v_low + v * (w + v * tetragamma_far(v))))
    return positive_only(x, real(-math.inf), far if x > real(2) else near)
