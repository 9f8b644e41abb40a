"""What a key may be good for."""

from enum import StrEnum


class Scope(StrEnum):
    """Each allows one kind of request; `admin` allows them all, and to make keys."""

    PREDICT = "predict"
    READ = "read"
    TRAIN = "train"
    ADMIN = "admin"


USUAL = (Scope.PREDICT, Scope.READ, Scope.TRAIN)
