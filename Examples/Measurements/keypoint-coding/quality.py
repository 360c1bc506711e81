"""What coding the keypoints costs the picture: LPIPS (AlexNet) against the original, more than with the detector's own keypoints.

python quality.py --clips FOLDER --weights weights.safetensors --lpips lpips.safetensors --train A.npz [...] --test C.npz --sensitivity W.npz --out FOLDER

Every 30th picture of a few test clips, rebuilt from 1 and from 3 raw sources (`evaluate.py`'s choice of them) whose keypoints are the detector's, generator in PyTorch, bf16. The same pictures for all
settings; keypoints acknowledged after 200 ms. Writes quality.jsonl, a row for each setting, clip and number of sources.
"""
import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "Training"))

import numpy as np
import torch

import today
from data.video import videos
from compare import MIDDLE
from designs import PIXEL, Design, errors, last_known, load, rate
from evaluate import TorchBackend, read_clip, spaced
from losses import PerceptualDistance

SETTINGS = [("transform", 0.0198), ("transform", 0.028), ("transform", 0.04), ("transform", 0.0566), ("transform", 0.113), ("format 1", 7), ("10 keypoints", 0.028)]
OPTIONS = {"transform": {}, "10 keypoints": {"k": 10}, "5 keypoints": {"k": 5}}


def coded(options: argparse.Namespace) -> dict[str, tuple[dict, list[np.ndarray]]]:
    """Decoded keypoints [n, 20, 3] of all test clips in -1...1, and rate and errors over the test clips, by setting."""
    train, test, metric = load(*options.train), load(options.test), np.load(options.sensitivity)["W"]
    result, made = {"detector's own": ({"kbit": None}, test)}, {}
    for name, step in SETTINGS:
        if name == "format 1":
            bits, decoded = today.code([c if i in options.chosen else c[:6] for i, c in enumerate(test)], 3, step, "acknowledged", last_known(3))
            figures = {"step": step}
        else:
            design = made.setdefault(name, Design(lagrangian=0.12, smooth=True, step=MIDDLE, **OPTIONS[name]).fit(train, metric, 2) if name not in made else None)
            design.step = step
            bits, decoded = design.code(test)
            figures = {"step": step, "k": design.k, "kbit": rate(bits, 3), **errors(test, decoded, metric)}
        result[f"{name}, {step}"] = (figures, decoded)
    padded = lambda clip: np.concatenate([clip, np.zeros((len(clip), 60 - clip.shape[1]))], 1).reshape(len(clip), 20, 3) * [PIXEL, PIXEL, 1] - [1, 1, 0]
    return {name: (figures, [padded(c) for c in clips]) for name, (figures, clips) in result.items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="quality.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("clips", "weights", "lpips", "test", "sensitivity", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--train", nargs="+", required=True)
    parser.add_argument("--chosen", type=int, nargs="+", default=[1, 6, 11, 16, 21, 26], help="the test clips, by number")
    parser.add_argument("--every", type=int, default=30)
    options = parser.parse_args()
    torch.set_num_threads(1)
    measure(options, coded(options))


@torch.inference_mode()
def measure(options: argparse.Namespace, settings: dict[str, tuple[dict, list[np.ndarray]]]) -> None:
    """Writes the rows of all settings."""
    begun = time.monotonic()
    backend, distance = TorchBackend(options.weights, "bf16"), PerceptualDistance(str(options.lpips), "alex")
    with np.load(options.test) as stored:
        names = sorted(stored.files)
    paths = {path.stem: path for path in videos(options.clips)}
    with (options.out / "quality.jsonl").open("w") as file:
        for number in options.chosen:
            pictures = read_clip(paths[names[number]], backend.side, 1)
            tensor = lambda i: torch.from_numpy(pictures[i]).permute(2, 0, 1)[None].float() / 255
            at = np.arange(5, len(pictures) // 3 * 3, options.every)
            truth = [distance.taps(tensor(i)) for i in at]
            own = settings["detector's own"][1][number]
            points = lambda keypoints: (torch.tensor(keypoints[None, :, :2]).float(), torch.tensor(keypoints[None, :, 2]).float())
            for sources in (1, 3):
                known = {}
                for name, (figures, clips) in settings.items():
                    # Keypoints that are not sent are not known of the sources either.
                    k = figures.get("k", 20)
                    if k not in known:
                        parts = [backend.encode(tensor(i), *points(own[i] * (np.arange(20) < k)[:, None])) for i in spaced(sources, len(pictures))]
                        known[k] = {part: torch.cat([e[part] for e in parts]) for part in parts[0]}
                    encoded = known[k]
                    values = [float(distance.between(distance.taps(backend.generate(encoded, *points(clips[number][i]))), t)) for i, t in zip(at, truth)]
                    print(json.dumps({"setting": name, "clip": number, "sources": sources, "pictures": len(at), "lpips": float(np.mean(values)), **figures}), file=file, flush=True)
            print(f"clip {number}: {time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
