"""The pixels that networks see, in uint8: grey (H, W), or red, green, blue (H, W, 3).

Digits are 28x28 in grey, bright on 0.
"""

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

SIDE = 28
