"""Why the label: a map of the pixels that it rests on, for each picture."""

from collections.abc import Sequence
from uuid import UUID

from app.api.deps import Services
from app.vision.pixels import Pixels
from app.vision.prediction import Prediction
from app.vision.saliency import hidden, saliency_map, windows


async def saliency_maps(
    services: Services,
    checkpoint_id: UUID,
    views: Sequence[Pixels],
    predictions: Sequence[Prediction],
) -> list[Pixels]:
    """Return a map for each picture, one after the other.

    A hundred forward passes each, in the batches of everybody's requests: nobody waits
    for more than one batch of them.
    """
    return [
        await saliency(services, checkpoint_id, view, prediction)
        for view, prediction in zip(views, predictions, strict=True)
    ]


async def saliency(
    services: Services, checkpoint_id: UUID, view: Pixels, prediction: Prediction
) -> Pixels:
    places = windows(view)
    changed = [hidden(view, place) for place in places]
    found = (
        await services.predictor.predict(
            checkpoint_id, services.choices.read_weights, changed
        )
        if changed
        else []
    )
    after = [without.probabilities[prediction.label] for without in found]
    return saliency_map(view, prediction.confidence, places, after)
