"""Makes table.md and the plots from rows of `pantograph-measure sources`.

python Examples/Measurements/source-policy/report.py rows.jsonl --out table.md --plot lpips.png
"""
import argparse
import json
from pathlib import Path

import numpy as np

NAMES = {"first": "first picture only", "adaptive": "adaptive"}


def name_of(policy: str) -> str:
    return NAMES.get(policy, f"one each {policy.removeprefix('interval:').removesuffix('.0')} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    rows = [json.loads(line) for path in options.rows for line in path.read_text().splitlines()]
    cells = {}
    for row in rows:
        cells.setdefault((row["rate"], row["policy"]), []).append(row)
    rates = sorted({r for r, _ in cells})
    policies = sorted({p for _, p in cells}, key=lambda p: (p == "adaptive", p != "first"))
    pooled = lambda cell, key: np.concatenate([r[key] for r in cell])
    mean = lambda cell, key: np.mean([np.mean(r[key]) for r in cell])
    plain = lambda cell, key: np.mean([r[key] for r in cell])
    lines = ["| kbit/s promised | policy | clips | LPIPS (95th percentile) | of the first picture's | PSNR, dB (5th) | on the wire | sources | voice | keypoints | sources sent | first picture after, s |",
             "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"]
    for rate in rates:
        for policy in policies:
            cell = cells.get((rate, policy))
            if not cell:
                continue
            share = mean(cell, "lpips") / mean(cells[rate, "first"], "lpips") if (rate, "first") in cells else float("nan")
            lines.append(
                f"| {rate:g} | {name_of(policy)} | {len(cell)} | {mean(cell, 'lpips'):.3f} ({np.percentile(pooled(cell, 'lpips'), 95):.3f}) | {share:.2f} | {mean(cell, 'psnr'):.1f} ({np.percentile(pooled(cell, 'psnr'), 5):.1f}) "
                f"| {plain(cell, 'wire'):.1f} | {plain(cell, 'sourceRate'):.1f} | {plain(cell, 'voice'):.1f} | {plain(cell, 'keypoints'):.1f} | {plain(cell, 'orders'):.1f} | {plain(cell, 'lead'):.2f} |")
    better = [f"{rate:g}: {sum(np.mean(a['lpips']) < np.mean(f['lpips']) for a in cells[rate, 'adaptive'] for f in cells[rate, 'first'] if a['clip'] == f['clip'])} of {len(cells[rate, 'adaptive'])}"
              for rate in rates if (rate, "adaptive") in cells and (rate, "first") in cells]
    lines += ["", "Means over clips; percentiles over all pictures that were measured. Clips in which the adaptive policy is better than the first picture alone, by kbit/s: " + "; ".join(better) + "."]
    options.out.write_text("\n".join(lines) + "\n")
    print(options.out.read_text())
    if options.plot:
        draw(cells, rates, policies, mean, options.plot)


def draw(cells, rates, policies, mean, path: Path) -> None:
    """LPIPS over the rate, and over the time of the calls at the rate in the middle."""
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
    for policy in policies:
        own = [r for r in rates if (r, policy) in cells]
        left.plot(own, [mean(cells[r, policy], "lpips") for r in own], "o-", label=name_of(policy))
    left.set(xscale="log", xlabel="kbit/s promised, voice and headers counted", ylabel="LPIPS, mean over clips", ylim=(0, None))
    left.set_xticks(rates, [f"{r:g}" for r in rates])
    left.minorticks_off()
    left.legend()
    rate = rates[len(rates) // 2]
    for policy in policies:
        cell = cells.get((rate, policy), [])
        places = sorted({p for r in cell for p in r["pictures"]})
        means = [np.mean([r["lpips"][r["pictures"].index(p)] for r in cell if p in r["pictures"]]) for p in places]
        right.plot([p / 25 for p in places], means, "o-", label=name_of(policy))
    right.set(xlabel=f"seconds since the first picture, at {rate:g} kbit/s", ylabel="LPIPS, mean over clips", ylim=(0, None))
    for axes in (left, right):
        axes.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main()
