"""Polynomials and quotients of them for the logarithm of Gamma and its derivatives."""

from ..cpu.elementary import inlined
from ..cpu.primitives import is_single, quick_sum


@inlined
def loggamma_ratio(u):
    """(hi, lo), log Gamma(y) / ((y - 1) (y - 2)) at u = y - 3/2 in [-1/2, 1/2]."""
    real = type(u)
    if is_single(u):
        p = real(-0.0014945706)
        p = p * u + real(0.002446214)
        p = p * u - real(0.0031334485)
        p = p * u + real(0.005326267)
        p = p * u - real(0.009433304)
        p = p * u + real(0.016808053)
        p = p * u - real(0.0313082)
        p = p * u + real(0.062911056)
        p = p * u - real(0.1459599)
        hi, lo = quick_sum(real(0.48312896), p * u)
        return hi, lo + real(-1.2616783e-08)
    p = real(-7.756962340941774e-06)
    p = p * u + real(1.2142155689936575e-05)
    p = p * u - real(8.361033296188174e-06)
    p = p * u + real(1.3183305110939813e-05)
    p = p * u - real(2.7197574645112477e-05)
    p = p * u + real(4.3029142079082546e-05)
    p = p * u - real(6.614293926977234e-05)
    p = p * u + real(0.00010535468851496457)
    p = p * u - real(0.0001689174466243894)
    p = p * u + real(0.0002713138176516203)
    p = p * u - real(0.00043799313159433446)
    p = p * u + real(0.0007115190586139315)
    p = p * u - real(0.0011644145792436922)
    p = p * u + real(0.001922916313404526)
    p = p * u - real(0.0032120740740428986)
    p = p * u + real(0.005446457839101548)
    p = p * u - real(0.009425622448514548)
    p = p * u + real(0.01679709863127466)
    p = p * u - real(0.03130848750101084)
    p = p * u + real(0.06291140107456439)
    p = p * u - real(0.14595989591430608)
    hi, lo = quick_sum(real(0.4831289505409809), p * u)
    return hi, lo + real(1.7286145080696964e-17)


@inlined
def digamma_ratio(u):
    """(hi, lo), psi(y) / (y - y0), y0 its root, at u = y - 3/2 in [-1/2, 1/2]."""
    real = type(u)
    if is_single(u):
        p = real(0.0108049875)
        p = p * u - real(0.016361794)
        p = p * u + real(0.017174954)
        p = p * u - real(0.025793582)
        p = p * u + real(0.0408372)
        p = p * u - real(0.062054712)
        p = p * u + real(0.0949858)
        p = p * u - real(0.14839895)
        p = p * u + real(0.2405425)
        p = p * u - real(0.4236275)
        hi, lo = quick_sum(real(0.9510559), p * u)
        return hi, lo + real(-8.132872e-09)
    p = real(0.0001173702872472059)
    p = p * u - real(0.00017789806538483956)
    p = p * u + real(9.851369383520282e-05)
    p = p * u - real(0.00014523954592583042)
    p = p * u + real(0.0003227891223041181)
    p = p * u - real(0.00048569852331206193)
    p = p * u + real(0.000691316894601793)
    p = p * u - real(0.0010365409879702448)
    p = p * u + real(0.0015632884234737941)
    p = p * u - real(0.0023454780267915852)
    p = p * u + real(0.003518117383300063)
    p = p * u - real(0.005279939418390332)
    p = p * u + real(0.007927020871832894)
    p = p * u - real(0.011908219927578253)
    p = p * u + real(0.017907248366564092)
    p = p * u - real(0.026975796668854038)
    p = p * u + real(0.04076083393931914)
    p = p * u - real(0.06192213327522459)
    p = p * u + real(0.09498872445291456)
    p = p * u - real(0.1484049230538847)
    p = p * u + real(0.24054248424078684)
    p = p * u - real(0.4236274212814606)
    hi, lo = quick_sum(real(0.9510558760318328), p * u)
    return hi, lo + real(4.343503951698568e-17)


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
