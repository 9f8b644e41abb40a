"""The tutorial's formulas, forward and backward; L is the loss.

Arrays keep their dtype: float32 to train, float64 to compare. Images and feature
maps are (N, C, H, W), filters (K, C, F, F).
"""

import numpy as np
from numpy.typing import NDArray

from worker.by_hand.window import Array, Window

Labels = NDArray[np.int64]


def convolve(images: Array, filters: Array, window: Window) -> Array:
    """z[p,q] = sum over u,v of W[u,v] a[p+u,q+v], and over the input channels.

    With stride S the image is read at S p + u, S q + v.
    """
    padded = window.pad(images, 0)
    rows, columns = map(window.outputs, images.shape[2:])
    z = np.zeros((len(images), len(filters), rows, columns), images.dtype)
    for u, v in window.places():
        a = window.seen(padded, (u, v))
        z += np.einsum("kc,ncpq->nkpq", filters[:, :, u, v], a, optimize=True)
    return z  # (N, C, H, W) -> (N, K, P, Q)


def filters_gradient(images: Array, dz: Array, window: Window) -> Array:
    """dL/dW[u,v] = sum over p,q of dL/dz[p,q] a[p+u,q+v], and over the batch."""
    padded = window.pad(images, 0)
    shape = (dz.shape[1], images.shape[1], window.side, window.side)
    dw = np.zeros(shape, dz.dtype)
    for u, v in window.places():
        a = window.seen(padded, (u, v))
        dw[:, :, u, v] = np.einsum("nkpq,ncpq->kc", dz, a, optimize=True)
    return dw


def images_gradient(images: Array, filters: Array, dz: Array, window: Window) -> Array:
    """dL/da = the full convolution of dL/dz with the flipped filter.

    That is dL/da[i,j] = sum over u,v of W[u,v] dL/dz[i-u,j-v]: each dL/dz[p,q] is
    added to the pixels that z[p,q] was made of.
    """
    da = np.zeros_like(window.pad(images, 0))
    for u, v in window.places():
        part = np.einsum("kc,nkpq->ncpq", filters[:, :, u, v], dz, optimize=True)
        window.seen(da, (u, v))[:] += part
    return window.crop(da, images)


def relu(a: Array) -> Array:
    """max(0, a)."""
    return np.maximum(a, 0)


def relu_gradient(a: Array, dz: Array) -> Array:
    """The gradient passes where the output is positive."""
    return dz * (a > 0)


def max_pool(images: Array, window: Window) -> Array:
    """z[p,q] = the largest a[S p + u, S q + v] over u,v; padding never is."""
    largest: Array = candidates(images, window).max(axis=0)
    return largest


def max_pool_gradient(images: Array, dz: Array, window: Window) -> Array:
    """The gradient goes to the place of the maximum, zero elsewhere.

    Of equal ones, the first is the maximum.
    """
    winner = candidates(images, window).argmax(axis=0)
    da = np.zeros_like(window.pad(images, 0))
    for number, place in enumerate(window.places()):
        window.seen(da, place)[:] += dz * (winner == number)
    return window.crop(da, images)


def candidates(images: Array, window: Window) -> Array:
    """Stack what the window sees, place by place: (F F, N, C, P, Q)."""
    padded = window.pad(images, -np.inf)
    return np.stack([window.seen(padded, place) for place in window.places()])


def linear(a: Array, weight: Array) -> Array:
    """z[k] = sum over j of W[k,j] a[j]."""
    return a @ weight.T  # (N, J), (K, J) -> (N, K)


def weight_gradient(a: Array, dz: Array) -> Array:
    """dL/dW[k,j] = sum over the batch of dL/dz[k] a[j]."""
    return dz.T @ a


def softmax(logits: Array) -> Array:
    """p[k] = exp(z[k]) / sum over j of exp(z[j]).

    The largest logit is taken away first, which changes nothing and cannot overflow.
    """
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: Array = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def cross_entropy(logits: Array, labels: Labels) -> float:
    """L = the mean over the batch of -log p[label]."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    chosen = shifted[np.arange(len(labels)), labels]
    return float(np.mean(np.log(np.exp(shifted).sum(axis=1)) - chosen))


def logits_gradient(logits: Array, labels: Labels) -> Array:
    """dL/dz[k] = (p[k] - 1 if k is the label else p[k]) / N."""
    dz = softmax(logits)
    dz[np.arange(len(labels)), labels] -= 1
    return dz / len(labels)
