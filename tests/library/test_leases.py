"""A validation belongs to one process at a time, and whoever renews keeps it."""

from sqlmodel import Session

from app import library
from tests.library.conftest import begin


def test_what_is_validated_is_listed_as_it_stands(session: Session) -> None:
    dataset_id, attempt = begin(session)

    [seen] = library.list_validating(session)

    assert (seen.dataset_id, seen.attempt, seen.renewals) == (dataset_id, attempt, 0)


def test_a_renewal_makes_it_another_lease(session: Session) -> None:
    dataset_id, attempt = begin(session)
    [before] = library.list_validating(session)

    assert library.renew_dataset(session, dataset_id, attempt)

    assert library.list_validating(session) != [before]
    assert library.claim_dataset(session, before) is None


def test_of_two_that_take_over_one_succeeds(session: Session) -> None:
    _dataset_id, attempt = begin(session)
    [seen] = library.list_validating(session)

    taken = [library.claim_dataset(session, seen) for _ in range(2)]

    assert taken == [attempt + 1, None]


def test_who_was_taken_over_from_cannot_renew(session: Session) -> None:
    dataset_id, attempt = begin(session)
    [seen] = library.list_validating(session)
    library.claim_dataset(session, seen)

    assert not library.renew_dataset(session, dataset_id, attempt)
    assert library.renew_dataset(session, dataset_id, attempt + 1)
