"""PLACEHOLDER"""

from ..shared.exponentials import *  # noqa: F403
from ..shared.logarithms import *  # noqa: F403
from ..shared.moments import *  # noqa: F403
from ..shared.pairs import *  # noqa: F403
from ..shared.powers import *  # noqa: F403
from ..shared.roots import *  # noqa: F403
from .elementary import *  # noqa: F403
from .primitives import *  # noqa: F403
