"""The tables of the life cycle hang together: no way in missing, no way out wrong."""

from app.states import (
    ALREADY,
    BACK,
    CLAIMABLE,
    HELD,
    MOVES,
    OUTCOMES,
    TERMINAL,
    WRITABLE,
    Action,
    JobStatus,
    Outcome,
)

CLAIMS = {(JobStatus.QUEUED, JobStatus.RUNNING)}
STEPS = (
    CLAIMS
    | {(move.source, move.target) for moves in MOVES.values() for move in moves}
    | {step for row in OUTCOMES.values() for step in row.items()}
)


def test_three_statuses_are_terminal() -> None:
    terminal = {status for status in JobStatus if status.is_terminal}

    assert terminal == TERMINAL == {"succeeded", "failed", "cancelled"}


def test_no_step_leaves_a_terminal_status() -> None:
    assert not any(source.is_terminal for source, _ in STEPS)


def test_every_status_is_reached_from_queued_and_leads_to_an_end() -> None:
    reached, ending = {JobStatus.QUEUED}, set(TERMINAL)
    for _ in JobStatus:
        reached |= {target for source, target in STEPS if source in reached}
        ending |= {source for source, target in STEPS if target in ending}

    assert reached == ending == set(JobStatus)


def test_every_action_and_every_outcome_has_its_rows() -> None:
    assert set(MOVES) == set(ALREADY) == set(Action)
    assert set(OUTCOMES) == set(Outcome)


def test_every_held_status_has_its_cell_of_every_outcome() -> None:
    assert all(set(row) == HELD for row in OUTCOMES.values())
    assert OUTCOMES[Outcome.LOST] == OUTCOMES[Outcome.RELEASED] == BACK


def test_what_nobody_holds_has_no_outcome() -> None:
    back = set(BACK.values())

    assert not (back - TERMINAL - CLAIMABLE - {JobStatus.PAUSED})


def test_only_a_job_that_is_being_cancelled_takes_no_writes() -> None:
    assert WRITABLE | {JobStatus.CANCELLING} == HELD
    assert JobStatus.CANCELLING not in WRITABLE


def test_a_move_finds_a_worker_only_where_one_can_be() -> None:
    moves = [move for row in MOVES.values() for move in row]

    assert all(move.source in HELD for move in moves if move.held)
    assert {move.source for move in moves if not move.held} <= (
        CLAIMABLE | {JobStatus.PAUSED}
    )
