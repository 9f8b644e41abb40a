"""The pixels that networks see, in uint8: grey (H, W), or red, green, blue (H, W, 3).

Digits are 28x28 in grey, bright on 0.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Levels = NDArray[np.float32]  # (H, W), on any scale
Polarity = Literal["dark_on_light", "light_on_dark"]

SIDE = 28
