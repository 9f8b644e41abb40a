"""Loss and gradients of a batch: by autograd, or by the tutorial's formulas."""

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from app.spec import TrainingSpec
from worker.by_hand import layers_of, loss_and_gradients
from worker.precision import arithmetic
from worker.run import TrainingRun


def fill_gradients(
    run: TrainingRun, spec: TrainingSpec, images: Tensor, labels: Tensor
) -> tuple[Tensor, Tensor]:
    """Set the gradient of every weight; return the mean loss and logits (N, classes).

    Images are (N + outliers, C, H, W), labels (N,); both are of the N images alone.
    """
    run.network.zero_grad(set_to_none=True)
    if spec.engine == "numpy":
        return by_hand(run.network, spec, images, labels)
    with arithmetic(run.device, run.precision):
        logits: Tensor = run.network(images)
    logits, outliers = logits.float().tensor_split([len(labels)])
    loss = cross_entropy(logits, labels, label_smoothing=spec.label_smoothing)
    if spec.outlier_exposure is None:
        loss.backward()
    else:
        (loss + spec.outlier_exposure.weight * decidedness(outliers)).backward()
    return loss.detach(), logits.detach()


def decidedness(logits: Tensor) -> Tensor:
    """Return the mean cross-entropy of logits (N, classes) to all classes alike."""
    return -logits.log_softmax(dim=1).mean()


def by_hand(
    network: nn.Module, spec: TrainingSpec, images: Tensor, labels: Tensor
) -> tuple[Tensor, Tensor]:
    weights = dict(network.named_parameters())
    loss, logits, gradients = loss_and_gradients(
        layers_of(spec.architecture),
        {name: weight.detach().cpu().numpy() for name, weight in weights.items()},
        images.cpu().numpy(),
        labels.cpu().numpy(),
    )
    for name, weight in weights.items():
        # In the weight's memory order, on which the optimizers rely.
        weight.grad = torch.empty_like(weight).copy_(torch.from_numpy(gradients[name]))
    return torch.tensor(loss), torch.from_numpy(logits)
