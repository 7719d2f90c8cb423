"""Elementary functions that LLVM inlines and vectorises, and sums and extremes of fixed order.

Every function takes float32 or float64 and stays in that width: typed constants, no call into
libm, no branch, so that a caller's loop becomes packed instructions. Called from plain Python
the same source runs on NumPy scalars.

Largest errors seen, in units in the last place of the exact result (float32: 70 million
arguments of one operand; float64: 50,000), and time in a loop in cache (ns an element, float32
and float64, one thread of a shared Xeon with 256-bit vectors):

    exp, exp_sum    0.97  0.93   0.36  0.9     tanh         1.65  1.65   0.9   2.1
    expm1           0.88  0.97   0.53  1.3     log_cosh     1.97  1.81   1.3   3.5
    log             0.84  0.81   0.60  1.3     sech2        2.72  2.03   0.5   1.3
    log1p           0.92  0.80   0.75  1.5     log1mexp     1.81  1.86   2.2   5.4
    sigmoid         1.46  1.24   0.60  1.4     power        0.97  0.92   2.4   5.5
    softplus        1.55  1.46   1.1   2.7     hypot        1.12  1.11

The functions of the themes that follow (float32: 20 million arguments of one operand, 2,000 pairs;
float64: 3,000):

    erf                       1.00  0.74   1.9   5.3
    erfc                      1.06  0.63   2.3   5.9
    sin                       0.71  0.60   2.7   6.0
    cos                       0.71  0.64   2.7   6.0
    versine                   0.91  0.84   3.1   6.4
    tan                       0.88  0.79   2.9   6.3
    asin                      0.63  0.64   0.5   1.5
    acos                      0.64  0.61   0.7   1.8
    atan                      0.82  0.64   0.7   1.8
    atan2                     0.57  0.71   1.4   3.2
    sinh                      0.70  0.58   1.3   3.0
    cosh                      0.76  0.61   1.1   2.5
    reciprocal_expm1          0.95  0.94   1.5   3.5
    expm1mx                   1.08  1.51   1.2   2.8
    log1pmx                   1.85  0.81   1.1   2.5
    over_one_plus             0.50  0.50   0.4   1.1
    exp_moment0               0.75  0.57   2.1   5.2
    exp_moment1               1.49  1.33   2.9   7.1
    exp_moment2               1.66  1.36   3.1   7.8
    exp_moment3               1.61  1.13   3.5   8.8
    hypot1m1                  0.75  0.75   0.8   2.4
    over_hypot                0.50  0.50   0.7   2.3
    inverse_hypot_cubed       1.47  0.50   0.8   2.3
    log_ndtr                  1.38  1.06   3.4   9.1
    normal_hazard             0.93  0.76   2.6   6.7
    hazard_excess             1.41  1.02   3.7  10.4
    loggamma                  0.96  0.65   2.5   5.8
    digamma                   1.26  1.05   1.4   3.9
    trigamma                  1.11  0.95   0.8   2.4
    tetragamma                1.52  1.29   1.1   2.8
    i0e                       1.83  1.54   1.6   5.2
    i1e                       1.74  1.55   1.8   5.6
    log_i0                    1.13  0.65   2.5   8.7
    bessel_ratio              1.47  1.10   0.8   4.0
    bessel_ratio_slope        1.55  1.05   1.9   7.2
    logaddexp                 0.56  0.59   2.4   6.1
    boxcox                    0.59  0.63   4.5  10.9
    boxcox1p                  0.62  0.56   5.0  10.9
    log_ratio_to_mean         0.60  0.61   2.1   4.4
    relative_entropy_to_mean  0.58  0.71   2.1   4.4
    sigmoid_power             0.88  0.87   3.1   7.8

The sum of 256 float32 takes 17 ns, a maximum of them 0.07 ns an element.

`contract` (multiply and add as one fused instruction) is the only liberty given to the compiler:
reassociation would cancel the rounding trick `(x + 1.5 * 2^p) - 1.5 * 2^p` and the error terms
of `two_sum`, which is compiled with no liberty at all. Without fused instructions the errors
are somewhat larger.
"""

from ..shared.bessel import *  # noqa: F403
from ..shared.bessel_polynomials import *  # noqa: F403
from ..shared.bessel_ratio import *  # noqa: F403
from ..shared.bessel_ratio_polynomials import *  # noqa: F403
from ..shared.carried import *  # noqa: F403
from ..shared.carried_products import *  # noqa: F403
from ..shared.divergences import *  # noqa: F403
from ..shared.exponentials import *  # noqa: F403
from ..shared.gamma import *  # noqa: F403
from ..shared.gamma_polynomials import *  # noqa: F403
from ..shared.inverse_trigonometric import *  # noqa: F403
from ..shared.logarithms import *  # noqa: F403
from ..shared.moment_polynomials import *  # noqa: F403
from ..shared.moments import *  # noqa: F403
from ..shared.normal import *  # noqa: F403
from ..shared.pairs import *  # noqa: F403
from ..shared.powers import *  # noqa: F403
from ..shared.rational import *  # noqa: F403
from ..shared.roots import *  # noqa: F403
from .elementary import *  # noqa: F403
from .error_function import *  # noqa: F403
from .hyperbolic import *  # noqa: F403
from .primitives import *  # noqa: F403
from .trigonometric import *  # noqa: F403
