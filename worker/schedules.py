"""The learning rate of each step: a function of its place, so resume needs no state."""

import math

from app.spec import Cosine, OneCycle, Step, TrainingSpec


def learning_rate(spec: TrainingSpec, step: int, steps: int) -> float:
    """Return the rate of a step, counted from 0 over the job, of `steps` an epoch."""
    schedule = spec.schedule
    if isinstance(schedule, OneCycle):
        place = step / max(spec.epochs * steps - 1, 1)
        return spec.learning_rate * one_cycle(schedule, place)
    climb = schedule.warmup_epochs * steps
    factor = min(1.0, (step + 1) / climb) if climb > 0 else 1.0
    if isinstance(schedule, Step):
        factor *= schedule.factor ** (step // (schedule.every_epochs * steps))
    if isinstance(schedule, Cosine):
        rest = max(spec.epochs * steps - climb, 1)
        place = min(max((step - climb) / rest, 0.0), 1.0)
        factor *= between(1.0, schedule.final_fraction, place)
    return spec.learning_rate * factor


def one_cycle(schedule: OneCycle, place: float) -> float:
    """Return the share of the rate at a place from 0 to 1, in two half cosines."""
    peak = schedule.peak_at
    if place < peak:
        return between(schedule.start_fraction, 1.0, place / peak)
    return between(1.0, schedule.final_fraction, (place - peak) / (1 - peak))


def between(start: float, end: float, place: float) -> float:
    """Go from start to end along half a cosine (Loshchilov and Hutter 2017)."""
    return end + (start - end) * (1 + math.cos(math.pi * place)) / 2
