"""All that changes while a network trains; worker.state saves and restores it."""

from dataclasses import dataclass, field

import safetensors.torch
import torch
from torch import Tensor, nn

from app.spec import TrainingSpec
from app.vision.network import build_network
from worker.average import WeightAverage
from worker.optimizers import build_optimizers
from worker.precision import Precision, choose_precision
from worker.stopping import Stopping

CPU = torch.device("cpu")


@dataclass
class TrainingRun:
    """A network in training, and its place: epochs count from 1, steps done from 0."""

    network: nn.Module
    optimizers: list[torch.optim.Optimizer]
    precision: Precision
    average: WeightAverage | None
    epoch: int = 1
    step: int = 0
    seconds: float = 0.0
    stopping: Stopping = field(default_factory=Stopping)
    loss_sum: Tensor = field(
        default_factory=lambda: torch.zeros((), dtype=torch.double)
    )
    correct: Tensor = field(default_factory=lambda: torch.zeros((), dtype=torch.long))

    @property
    def device(self) -> torch.device:
        return self.loss_sum.device

    @property
    def result_network(self) -> nn.Module:
        """The network that is measured and saved: the average, if there is one."""
        return self.network if self.average is None else self.average.network


@torch.no_grad()
def start_from(run: TrainingRun, weights: bytes) -> None:
    """Take all that a checkpoint has in the same shape; the rest stays as drawn.

    Nothing random is asked for, so the job goes on as it would have from drawn weights.
    """
    found: dict[str, Tensor] = safetensors.torch.load(weights)
    networks = (
        [run.network] if run.average is None else [run.network, run.average.network]
    )
    for network in networks:
        for name, ours in network.state_dict().items():
            if name in found and found[name].shape == ours.shape:
                ours.copy_(found[name])


def start_run(spec: TrainingSpec, device: torch.device = CPU) -> TrainingRun:
    """Return an untrained network and its optimizer, drawn from the spec's seed.

    The weights are drawn on the CPU, so they are the same for every device.
    """
    torch.manual_seed(spec.seed)
    network = build_network(spec.architecture, spec.pictures.shape).to(device)
    average = None
    if spec.ema_decay is not None:
        average = WeightAverage(network, spec.ema_decay)
    run = TrainingRun(
        network=network,
        optimizers=build_optimizers(network, spec),
        precision=choose_precision(
            "fp32" if spec.engine == "numpy" else spec.precision, device
        ),
        average=average,
    )
    run.loss_sum, run.correct = run.loss_sum.to(device), run.correct.to(device)
    return run
