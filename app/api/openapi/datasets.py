"""What the routes under /datasets answer, as it stands in the document."""

from uuid import UUID

from app.api.dataset_schemas import DatasetPublic, FreedPublic
from app.api.openapi.answers import Json, shown
from app.api.openapi.examples import SHA256, SUBMITTED
from app.api.schemas import Listing
from app.dataset_report import (
    ClassCount,
    DatasetReport,
    Duplicates,
    Finding,
    ShapeReport,
)
from app.states import DatasetStatus

DATASET_ID = UUID("3f2504e0-4f89-41d3-9a0c-0305e82c3301")
MADE_SPLIT = (
    "No test images were given: one in 5 of each class was set aside, by seed 0."
)

READY = DatasetPublic(
    id=DATASET_ID,
    name="shapes",
    version=2,
    reference="shapes@2",
    status=DatasetStatus.READY,
    created_at=SUBMITTED,
    digest=SHA256,
    preprocess="plain",
    shape=(3, 32, 32),
    class_names=["circle", "square"],
    train_images=80,
    test_images=20,
    stored_bytes=20_480,
    error=None,
    fatal=[],
    warnings=[MADE_SPLIT],
)
UNKNOWN_YET: Json = {
    "digest": None,
    "shape": None,
    "class_names": None,
    "train_images": None,
    "test_images": None,
    "stored_bytes": None,
    "warnings": [],
}
VALIDATING = READY.model_copy(
    update={**UNKNOWN_YET, "status": DatasetStatus.VALIDATING}
)
FAILED = READY.model_copy(
    update={
        **UNKNOWN_YET,
        "status": DatasetStatus.FAILED,
        "fatal": ["There are 6 images; 10 are the least."],
    }
)
REPORT_OF_SHAPES = DatasetReport(
    images=100,
    classes=[
        ClassCount(name="circle", train=40, test=10),
        ClassCount(name="square", train=40, test=10),
    ],
    sizes={"32x32": 98, "40x32": 2},
    modes={"L": 60, "RGB": 40},
    images_as=ShapeReport(
        shape=(3, 32, 32),
        size_from="commonest",
        colour_from="found",
        coloured=38,
        resized=2,
    ),
    duplicates=Duplicates(
        within_train=0,
        within_test=0,
        across_splits=0,
        across_classes=0,
        examples=[],
    ),
    unreadable_count=0,
    unreadable=[],
    empty_classes=[],
    imbalance=1.0,
    mean=0.21,
    std=0.34,
    fatal=[],
    warnings=[Finding(code="test_split_made", message=MADE_SPLIT)],
)

CREATED: Json = {
    **shown("The dataset as it stands.", ready=READY, large=VALIDATING, failed=FAILED),
    "headers": {
        "Location": {
            "description": "Where the dataset is shown.",
            "schema": {"type": "string", "format": "uri-reference"},
        }
    },
}
DATASET = shown("The dataset.", ready=READY, still_validated=VALIDATING, failed=FAILED)
DATASETS = shown(
    "One page of datasets.",
    one_page=Listing(
        data=[READY], first_id=str(DATASET_ID), last_id=str(DATASET_ID), has_more=True
    ),
)
FREED: Json = {
    **shown(
        "What a deletion would free; nothing was deleted.",
        alone=FreedPublic(stored_bytes=20_480, shared_with=[], jobs_that_use_it=0),
        shared=FreedPublic(
            stored_bytes=0, shared_with=["shapes@1"], jobs_that_use_it=1
        ),
    ),
    "model": FreedPublic,
}
REPORT = shown("The report.", two_shapes=REPORT_OF_SHAPES)
SHEET: Json = {
    "description": "The picture.",
    "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
}
UPLOADS = {
    "folders": {
        "summary": "A zip with a folder for each class",
        "value": {"file": ["shapes.zip"], "name": "shapes"},
    },
    "colours": {
        "summary": "Pictures in colour, of a size of one's own",
        "value": {
            "file": ["flowers.zip"],
            "name": "flowers",
            "size": "48x32",
            "colour": "rgb",
        },
    },
    "idx": {
        "summary": "IDX files of images and labels",
        "value": {
            "file": ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"],
            "name": "letters",
            "preprocess": "plain",
        },
    },
}
