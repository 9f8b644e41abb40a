"""From the files that came to a dataset: read, measured, put in order, stored."""

from app.intake.validator import Validator

__all__ = ["Validator"]
