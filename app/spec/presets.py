"""Presets: what each sets before the client's own values, and what it reached."""

from typing import Any, Literal

PresetName = Literal["tutorial"]

# The defaults of TrainingSpec are the tutorial's.
PRESETS: dict[str, dict[str, Any]] = {"tutorial": {}}
