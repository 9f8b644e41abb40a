"""Presets: what each sets before the client's own values, and what it reached."""

from typing import Any, Literal

PresetName = Literal["tutorial"]

# The defaults of TrainingSpec are the tutorial's.
PRESETS: dict[str, dict[str, Any]] = {"tutorial": {}}

# What each reached on the test images, and how that was measured.
MEASURED: dict[str, str] = {
    "tutorial": "99.27 % on MNIST after ten epochs, seed 2016, two CPU cores."
}
