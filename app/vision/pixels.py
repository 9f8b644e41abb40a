"""The pixels that networks see: grey levels in uint8, 28x28, bright on 0."""

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

SIDE = 28
