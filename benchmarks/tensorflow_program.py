"""The peer: the 2016 tutorial's program, on TensorFlow's old interface.

`python -m benchmarks.tensorflow_program FOLDER` with MNIST's four raw files, in a
virtual environment that has TensorFlow (`make bench-setup`). It answers "steps N" with
the seconds that N training steps took, and "epoch" with what an epoch reached.
"""

import itertools
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow.compat.v1 as tf
from numpy.typing import NDArray

from benchmarks.contender import serve

HELD_OUT = 5000  # the last images, to validate with
BATCH = 128
TEST_BATCH = 500
KEEP_CONV, KEEP_HIDDEN = 0.8, 0.5
Arrays = tuple[NDArray[np.float32], NDArray[np.float32]]


def read_split(folder: Path, name: str) -> Arrays:
    """Return images (N, 28, 28, 1) in 0..1 and one-hot labels (N, 10)."""
    pixels = np.fromfile(folder / f"{name}-images-idx3-ubyte", np.uint8)[16:]
    labels = np.fromfile(folder / f"{name}-labels-idx1-ubyte", np.uint8)[8:]
    images = pixels.reshape(-1, 28, 28, 1).astype(np.float32) / np.float32(255)
    return images, np.eye(10, dtype=np.float32)[labels]


def batches(split: Arrays, size: int) -> Iterator[Arrays]:
    """Cut a split in file order; the remainder is dropped."""
    images, labels = split
    for start in range(0, len(images) - size + 1, size):
        yield images[start : start + size], labels[start : start + size]


def weights(*shape: int) -> Any:
    return tf.Variable(tf.random_normal(shape, stddev=0.01))


def block(inputs: Any, channels: tuple[int, int], keep: Any) -> Any:
    """Convolve, cut at zero, pool and drop, as the tutorial does."""
    z = tf.nn.conv2d(inputs, weights(3, 3, *channels), [1, 1, 1, 1], "SAME")
    pooled = tf.nn.max_pool(tf.nn.relu(z), [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    return tf.nn.dropout(pooled, rate=1 - keep)


class Program:
    """The graph, its session, and where the training stands."""

    def __init__(self, folder: Path) -> None:
        images, labels = read_split(folder, "train")
        self._train = images[:-HELD_OUT], labels[:-HELD_OUT]
        self._val = images[-HELD_OUT:], labels[-HELD_OUT:]
        self._test = read_split(folder, "t10k")
        tf.logging.set_verbosity(tf.logging.ERROR)  # it calls its interface old
        tf.disable_eager_execution()
        self._images = tf.placeholder(tf.float32, [None, 28, 28, 1])
        self._labels = tf.placeholder(tf.float32, [None, 10])
        self._keep_conv = tf.placeholder(tf.float32)
        self._keep_hidden = tf.placeholder(tf.float32)
        self._build()
        self._session = tf.Session()
        self._session.run(tf.global_variables_initializer())
        self._endless = itertools.chain.from_iterable(
            batches(self._train, BATCH) for _ in itertools.count()
        )

    def _build(self) -> None:
        first = block(self._images, (1, 32), self._keep_conv)
        second = block(first, (32, 64), self._keep_conv)
        third = block(second, (64, 128), self._keep_conv)
        flat = tf.reshape(third, [-1, 2048])
        hidden = tf.nn.relu(tf.matmul(flat, weights(2048, 625)))
        logits = tf.matmul(
            tf.nn.dropout(hidden, rate=1 - self._keep_hidden), weights(625, 10)
        )
        losses = tf.nn.softmax_cross_entropy_with_logits(
            labels=self._labels, logits=logits
        )
        self._cost = tf.reduce_mean(losses)
        hits = tf.equal(tf.argmax(logits, 1), tf.argmax(self._labels, 1))
        self._accuracy = tf.reduce_mean(tf.cast(hits, tf.float32))
        self._global_step = tf.Variable(0, trainable=False)
        self._update = tf.train.RMSPropOptimizer(0.001, 0.9).minimize(
            self._cost, global_step=self._global_step
        )
        self._saver = tf.train.Saver()

    def train_batch(self, batch: Arrays) -> tuple[float, float]:
        _none, cost, accuracy = self._session.run(
            [self._update, self._cost, self._accuracy],
            self._feed(batch, KEEP_CONV, KEEP_HIDDEN),
        )
        return cost, accuracy

    def measure(self, split: Arrays, size: int) -> float:
        """Return the mean accuracy of a split's batches, without dropout."""
        wanted = [self._cost, self._accuracy]
        found = [
            self._session.run(wanted, self._feed(batch, 1.0, 1.0))
            for batch in batches(split, size)
        ]
        return float(np.mean([accuracy for _cost, accuracy in found]))

    def _feed(self, batch: Arrays, conv: float, hidden: float) -> dict[Any, Any]:
        images, labels = batch
        return {
            self._images: images,
            self._labels: labels,
            self._keep_conv: conv,
            self._keep_hidden: hidden,
        }

    def steps(self, count: int) -> float:
        started = time.perf_counter()
        for batch in itertools.islice(self._endless, count):
            self.train_batch(batch)
        return time.perf_counter() - started

    def epoch(self) -> dict[str, float]:
        """Train, validate and save; then test, which the seconds leave out."""
        started = time.perf_counter()
        for batch in batches(self._train, BATCH):
            self.train_batch(batch)
        val_accuracy = self.measure(self._val, BATCH)
        with tempfile.TemporaryDirectory() as folder:
            self._saver.save(self._session, f"{folder}/model", self._global_step)
            seconds = time.perf_counter() - started
        return {
            "seconds": seconds,
            "val_accuracy": val_accuracy,
            "test_accuracy": self.measure(self._test, TEST_BATCH),
        }


def main() -> None:
    program = Program(Path(sys.argv[1]))
    serve({"steps": program.steps, "epoch": program.epoch})


if __name__ == "__main__":
    main()
