"""Which checkpoint answers, looked up again only once something was committed."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine

from app.api.schemas import AnsweringModel, CheckpointPublic
from app.database.changes import Changes
from app.database.engine import read_session
from app.errors import PreprocessMismatch
from app.jobs import (
    Choice,
    choose_answering,
    network_from,
    origin_of,
    read_weights,
)
from app.models import CheckpointImport, Job
from app.spec import GREY_28, ImageShape, written_shape
from app.vision.reading import Mode

DIGITS_DATASET = "mnist"


@dataclass(frozen=True)
class Chosen:
    """The checkpoint that answers, and how its training images look.

    Strokes are sought where they are digits; other pictures are only resized, and
    those of an uploaded dataset are treated as it was.
    """

    checkpoint: CheckpointPublic
    usual_mode: Mode
    shape: ImageShape = GREY_28
    model: AnsweringModel | None = None

    def mode(self, asked: Mode | None) -> Mode:
        """Return how pictures are read for it.

        Raises:
            PreprocessMismatch: So they get another shape than it takes.
        """
        mode = asked or self.usual_mode
        if not mode.can_read(self.shape):
            raise PreprocessMismatch(
                f"`{mode}` makes pictures of 28x28 in grey; the checkpoint takes "
                f"{written_shape(self.shape)}. `plain` and `none` make those."
            )
        return mode


class Choices:
    """Remembers choices for as long as the database stays as it is."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._changes = Changes(engine)
        self._known: dict[Choice, asyncio.Task[Chosen]] = {}
        self._known_at: int | None = None
        self._is_fresh = False

    async def choose(self, choice: Choice) -> Chosen:
        """Return what app.jobs.choose_answering does; raises what it raises.

        Those who ask at the same time share one look.
        """
        if not self._is_fresh:
            self._notice_changes()
        look = self._known.get(choice)
        if look is None:
            look = self._look(choice)
        return look.result() if look.done() else await asyncio.shield(look)

    def _notice_changes(self) -> None:
        """Forget what may have changed; once for all who ask in one turn of the loop.

        Who asks in a later turn may know of a later commit, and is looked for anew: his
        request is read after this turn, and so is answered after it was forgotten.
        """
        number = self._changes.number()
        if number is None or number != self._known_at:
            self._known = {}
            self._known_at = number
        self._is_fresh = True
        asyncio.get_running_loop().call_soon(self._doubt)

    def _doubt(self) -> None:
        self._is_fresh = False

    def _look(self, choice: Choice) -> asyncio.Task[Chosen]:
        known = self._known
        look = asyncio.create_task(asyncio.to_thread(self._look_up, choice))
        known[choice] = look

        def forget(done: asyncio.Task[Chosen]) -> None:
            if done.cancelled() or done.exception() is not None:
                del known[choice]

        look.add_done_callback(forget)
        return look

    def read_weights(self, checkpoint_id: UUID) -> bytes:
        with read_session(self._engine) as session:
            return read_weights(session, checkpoint_id)

    def close(self) -> None:
        self._changes.close()

    def _look_up(self, choice: Choice) -> Chosen:
        with read_session(self._engine) as session:
            answering = choose_answering(session, choice)
            checkpoint, named = answering.checkpoint, answering.named
            origin = origin_of(session, checkpoint)
            mode, shape = usual_mode(origin), network_from(origin).input_shape
            model = None if named is None else AnsweringModel.model_validate(named)
            public = CheckpointPublic.model_validate(checkpoint)
            return Chosen(public, mode, shape, model)


def usual_mode(origin: Job | CheckpointImport) -> Mode:
    """Return what the training images went through, or would have."""
    if isinstance(origin, CheckpointImport):
        return Mode(origin.preprocess)
    spec = origin.spec
    if spec.used_pin is not None:
        return Mode(spec.used_pin.preprocess)
    return Mode.AUTO if spec.dataset == DIGITS_DATASET else Mode.NONE
