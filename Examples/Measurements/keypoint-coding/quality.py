"""What coding the keypoints costs the picture: LPIPS (AlexNet) against the original, more than with the detector's own keypoints.

python quality.py --clips FOLDER --test test.npz --lpips lpips.safetensors --out FOLDER

Each 40th picture of the test clips, rebuilt from 1 and from 3 sources as they are (`evaluate.py`'s choice of them) by the exported files in OpenVINO, bf16. Driving keypoints are the units' (`call.py`:
three pictures, 200 ms until acknowledged), those of the sources are coded as sources' are. The same pictures for all settings. Writes quality.jsonl, a row for each setting, clip and number of sources.
"""
import argparse
import json
import time
from pathlib import Path

from call import ROOT, Call, Tables, load, states, vectors

import numpy as np
import torch

from coding.sensitivity import keypoints
from data.video import videos
from evaluate import OpenVINOBackend, read_clip, spaced
from losses import PerceptualDistance

STEPS = (4, 6, 8, 10, 12)


@torch.inference_mode()
def main() -> None:
    parser = argparse.ArgumentParser(prog="quality.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("clips", "lpips", "test", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=ROOT / "Sources" / "NeuralVideo" / "Resources")
    parser.add_argument("--every", type=int, default=40, help="each so-many-th picture")
    parser.add_argument("--clips-every", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    backend, distance = OpenVINOBackend(options.model, "bf16", 1), PerceptualDistance(str(options.lpips), "alex")
    shipped = Tables((options.model / "keypoints.bin").read_bytes())
    settings = [(f"step {i}", Call(shipped, 3, i)) for i in STEPS]
    paths, begun = {path.stem: path for path in videos(options.clips)}, time.monotonic()
    with (options.out / "quality.jsonl").open("w") as file:
        for name, clip in list(load(options.test).items())[::options.clips_every]:
            pictures = read_clip(paths[name], backend.side, 1)
            tensor = lambda i: torch.from_numpy(pictures[i]).permute(2, 0, 1)[None].float() / 255
            at = np.arange(8, len(clip) // 3 * 3, options.every)
            truth = [distance.taps(tensor(i)) for i in at]
            coded = [("detector's own", clip, clip)]
            for setting, call in settings:
                part = states(clip)
                decoded = call.code(part)[1]
                sources = {i: vectors([call.source(part[i])[1]])[0] for n in (1, 3) for i in spaced(n, len(pictures))}
                coded.append((setting, vectors(decoded), sources))
            for count in (1, 3):
                for setting, driving, sources in coded:
                    parts = [backend.encode(tensor(i), *keypoints(sources[i])) for i in spaced(count, len(pictures))]
                    encoded = {key: torch.cat([p[key] for p in parts]) for key in parts[0]}
                    values = [float(distance.between(distance.taps(backend.generate(encoded, *keypoints(driving[i]))), t)) for i, t in zip(at, truth)]
                    print(json.dumps({"setting": setting, "clip": name, "sources": count, "pictures": len(at), "lpips": round(float(np.mean(values)), 6)}), file=file, flush=True)
            print(f"{name}: {time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
