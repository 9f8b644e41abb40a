"""How a network learns to doubt what is no picture of any class."""

from pydantic import Field

from app.strict import Strict


class OutlierExposure(Strict):
    """Pictures of nothing beside each batch, of which no class is to be likelier."""

    share: float = Field(
        default=0.0625, gt=0, le=1, description="Their number over the batch's."
    )
    weight: float = Field(
        default=0.5,
        gt=0,
        le=10,
        description="Of their cross-entropy to all classes alike in the loss.",
    )
