"""The folder of a training run: `checkpoint.pt`, `weights.safetensors`, `losses.csv` and its plot, `run.json`."""
import csv
import json
import math
from pathlib import Path

import torch
from torch import Tensor

import tensors
from config.base import Configuration, OtherConfiguration, Training


class RunFolder:
    """Reads and writes a run's files, each beside its place first and then there, so that a run that is cut off leaves whole ones."""

    def __init__(self, path: Path):
        path.mkdir(parents=True, exist_ok=True)
        self.path, self.rows, self.pending = path, [], []
        if (path / "losses.csv").exists():
            with (path / "losses.csv").open(newline="") as file:
                self.rows = list(csv.DictReader(file))

    def describe(self, facts: dict) -> None:
        """Writes what the run is: command line, configuration, versions."""
        (self.path / "run.json").write_text(json.dumps(facts, indent=2, default=str) + "\n")

    def checkpoint(self, configuration: Configuration, device: torch.device) -> dict | None:
        """The checkpoint, if there is one. Throws `OtherConfiguration`. Losses that were recorded after it are forgotten."""
        path = self.path / "checkpoint.pt"
        if not path.exists():
            return None
        checkpoint = torch.load(path, map_location=device, weights_only=True)
        if differences := configuration.differences(checkpoint["state"]["configuration"]):
            raise OtherConfiguration(path, differences)
        if "pending" not in checkpoint:
            raise ValueError(f"{path} is of an earlier version: begin from its weights, --weights {self.path / 'weights.safetensors'}, in a new folder")
        self.rows = [row for row in self.rows if int(row["step"]) <= checkpoint["state"]["step"]]
        self.pending = checkpoint["pending"]
        return checkpoint

    def save(self, checkpoint: dict, average: dict[str, Tensor]) -> None:
        """Writes a checkpoint, whose `state` describes the averaged weights as well."""
        self.settle()
        temporary = self.path / "checkpoint.new"
        torch.save(checkpoint | {"pending": self.pending}, temporary)
        temporary.replace(self.path / "checkpoint.pt")
        tensors.save(self.path / "weights.safetensors", average, checkpoint["state"])

    def record(self, losses: dict[str, Tensor]) -> None:
        """Notes the losses of a step, scalars on whatever device; they are fetched later, together."""
        self.pending.append({name: value.detach() for name, value in losses.items()})

    def settle(self) -> None:
        """Fetches what was noted."""
        waiting = [(row, name) for row in self.pending for name, value in row.items() if isinstance(value, Tensor)]
        if waiting:
            for (row, name), value in zip(waiting, torch.stack([row[name].float() for row, name in waiting]).tolist()):
                row[name] = value

    def write_losses(self, step: int, minutes: float, rate: float) -> str:
        """Appends the means of what was noted since the last line to the table; returns the line in words."""
        self.settle()
        names = list(dict.fromkeys(name for row in self.pending for name in row))
        mean = lambda values: sum(values) / len(values)
        means = {name: f"{mean([row[name] for row in self.pending if name in row]):.4f}" for name in names}
        self.pending = []
        self.rows.append({"step": step, "minutes": round(minutes, 2), "rate": f"{rate:.2e}"} | means)
        columns = list(dict.fromkeys(name for row in self.rows for name in row))
        temporary = self.path / "losses.new"
        with temporary.open("w", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(self.rows)
        temporary.replace(self.path / "losses.csv")
        return " ".join(f"{name} {value}" for name, value in self.rows[-1].items())

    def plot(self) -> None:
        """Draws `losses.png` of the table: each loss by step, and smoothed. Without matplotlib there is none."""
        try:
            from matplotlib.figure import Figure
        except ImportError:
            return
        names = [name for name in dict.fromkeys(n for row in self.rows for n in row) if name not in ("step", "minutes", "rate")]
        if not names or len(self.rows) < 2:
            return
        across = math.ceil(math.sqrt(len(names)))
        figure = Figure(figsize=(3.4 * across, 2.3 * math.ceil(len(names) / across)), layout="constrained")
        for i, name in enumerate(names):
            points = [(int(row["step"]), float(row[name])) for row in self.rows if row.get(name) not in (None, "")]
            steps, values = zip(*((s, v) for s, v in points if math.isfinite(v))) if any(math.isfinite(v) for _, v in points) else ((), ())
            axes = figure.add_subplot(math.ceil(len(names) / across), across, i + 1)
            axes.plot(steps, values, color="0.8", linewidth=0.8)
            axes.plot(steps, smoothed(values), color="C0", linewidth=1.4)
            axes.set_title(name, fontsize=9, loc="left")
            if values and min(values) > 0:
                axes.set_yscale("log")
            axes.tick_params(labelsize=7, which="both")
            axes.grid(True, which="both", linewidth=0.3)
        figure.supxlabel("step", fontsize=9)
        figure.savefig(self.path / "losses.png", dpi=110)


def smoothed(values: tuple[float, ...]) -> list[float]:
    """A running mean that looks back over a tenth of the values or so."""
    share, result = max(1 / 40, min(1.0, 10 / max(len(values), 1))), []
    for value in values:
        result.append(value if not result else result[-1] + share * (value - result[-1]))
    return result


def begin_from(network: torch.nn.Module, path: Path, configuration: Configuration) -> dict:
    """Loads weights, of the same configuration, into a network; returns their metadata. Throws `OtherConfiguration`. Weights of a network whose extra keys had no values (`extra_values` 0), or
    that mixed pixels in another way (`variance_kept` and `nearness`, which have no weights), will do, too."""
    loaded, metadata = tensors.load(path)
    description = metadata.get("configuration", {}) | {name: getattr(configuration, name) for name in ("variance_kept", "nearness")}
    if configuration.unseen and Configuration.of(description).extra_values == 0:
        loaded, description = with_extra_values(loaded, network.state_dict()), description | {"extra_values": configuration.extra_values}
    if differences := configuration.differences(description):
        raise OtherConfiguration(path, differences)
    network.load_state_dict(loaded)
    return metadata


def with_extra_values(loaded: dict[str, Tensor], begun: dict[str, Tensor]) -> dict[str, Tensor]:
    """Weights of a network whose extra keys had no values, for one where they have: these as a new network `begun` has them, and nothing made of them at first."""
    entry = "generator.join_8.0.weight"
    known, wanted = loaded[entry], begun[entry]
    grown = torch.cat([known, torch.zeros_like(wanted[:, known.shape[1]:])], 1)
    return loaded | {entry: grown, "attention.extra_values": begun["attention.extra_values"]}
