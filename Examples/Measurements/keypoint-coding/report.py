"""Writes table.md and rates.png of the measurements of this folder.

python report.py [--folder FOLDER]
"""
import argparse
import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

LEVEL = 0.004
"""Foretold LPIPS at which rates of designs are compared."""


def rows_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def at_level(rows: list[dict], level: float) -> float | None:
    """Rate where the foretold LPIPS is `level`, linear between neighbouring rows in both logarithms; None outside of them."""
    rows = sorted(rows, key=lambda r: r["foretold"])
    for a, b in zip(rows, rows[1:]):
        if a["foretold"] <= level <= b["foretold"]:
            share = np.log(level / a["foretold"]) / np.log(b["foretold"] / a["foretold"])
            return float(np.exp(np.log(a["kbit"]) * (1 - share) + np.log(b["kbit"]) * share))
    return None


def losses(rows: list[dict]) -> list[dict]:
    """Of each setting the mean over clips of LPIPS more than with the detector's own keypoints, from 1 and 3 sources, with twice its standard error, over clips that have all settings."""
    clips = {(r["clip"], r["sources"]) for r in rows}
    names = list(dict.fromkeys(r["setting"] for r in rows))
    value = {(r["setting"], r["clip"], r["sources"]): r["lpips"] for r in rows}
    whole = [(c, s) for c, s in clips if all((n, c, other) in value for n in names for other in (1, 3))]
    result = []
    for name in names:
        row = dict(next(r for r in rows if r["setting"] == name))
        for sources in (1, 3) if whole else ():
            found = [value[name, c, s] - (0 if name == names[0] else value[names[0], c, s]) for c, s in whole if s == sources]
            row[f"lpips_{sources}"], row[f"error_{sources}"] = float(np.mean(found)), float(2 * np.std(found, ddof=1) / len(found) ** 0.5) if len(found) > 1 else float("nan")
        row["clips"], row["pictures"] = len({c for c, _ in whole}), sum(r["pictures"] for r in rows if r["setting"] == name and r["sources"] == 1 and (r["clip"], 1) in whole)
        result.append(row)
    return result if whole else []


def main() -> None:
    parser = argparse.ArgumentParser(prog="report.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent)
    folder = parser.parse_args().folder
    rows, checks, quality, learned = (rows_of(folder / f"{name}.jsonl") for name in ("rows", "check", "quality", "learned"))
    number = lambda v, digits=2: "" if v is None else f"{v:.{digits}f}"
    usual = lambda r: (r["n"], r["delay"], r["nearest"], r["pictures_too"]) == (3, 5, True, True)
    lines = ["# Rate against loss of the picture", "", "Format 2, real bytes, 3 pictures a unit, 25 a second; 2.4-2.5 bits for a keypoint and picture are what is published."]
    lost = losses(quality)
    rates = {f"step {r['step']}": r for r in checks if usual(r)}
    if lost:
        lines += ["", f"LPIPS: means over {lost[0]['clips']} test clips ({lost[0]['pictures']} pictures), difference to the detector's own keypoints, plus or minus twice the standard error over clips. Rates and errors: all clips.", "",
                  "| keypoints | kbit/s | bits a keypoint and picture | RMS px | lips' opening, px | left lids', px | strength | 1 source | 3 sources |", "| " + "--- | " * 9]
    for r in lost:
        figures = rates.get(r["setting"], {})
        r["kbit"] = kbit = figures.get("kbit")
        cells = [r["setting"], number(kbit), number(kbit * 1000 / 25 / figures["k"] if kbit else None), number(figures.get("pixels")), number(figures.get("lips")), number(figures.get("lids")), number(figures.get("strength"), 3)]
        shown = [f"{r[f'lpips_{s}']:.4f}" if r["setting"] == lost[0]["setting"] else f"{r[f'lpips_{s}']:+.4f} ± {r[f'error_{s}']:.4f}" for s in (1, 3)]
        lines.append("| " + " | ".join(cells + shown) + " |")
    lines += ["", "# Real bytes, all test clips", "", "| pictures a unit | step | keypoints | acknowledged after, pictures | predicted from | bytes a unit | 95th percentile | kbit/s | RMS px | lips' opening, px | left lids', px | strength |", "| " + "--- | " * 12]
    for r in checks:
        source = ("nearest acknowledged" if r["nearest"] else "newest acknowledged") if r["pictures_too"] else "source"
        lines.append("| " + " | ".join([str(r["n"]), str(r["step"]), str(r["k"]), str(r["delay"]), source, number(r["bytes"], 1), number(r["p95_bytes"], 0), number(r["kbit"]), number(r["pixels"]), number(r["lips"]), number(r["lids"]), number(r["strength"], 3)]) + " |")
    lines += ["", f"# Designs at the same foretold loss of {LEVEL} LPIPS (all clips, keypoints of earlier weights, newest acknowledged picture; format 1 was the one before)", "", "| design | pictures | k | kbit/s | bits a keypoint and picture | step 0.028: kbit/s | lips' opening, px |", "| " + "--- | " * 7]
    for name in dict.fromkeys(r["design"] for r in rows):
        own = [r for r in rows if r["design"] == name]
        kbit, middle = at_level(own, LEVEL), next((r for r in own if r["step"] == 0.028), {})
        lines.append(f"| {name} | {own[0]['n']} | {own[0]['k']} | {number(kbit) or 'none of its steps'} | {number(kbit * 1000 / 25 / own[0]['k'] if kbit else None)} | {number(middle.get('kbit'))} | {number(middle.get('lips'))} |")
    if learned:
        lines += ["", f"# Context models for the same numbers (step {learned[0]['step']}, ideal code length; 20 training and 20 test clips)", "", "| model | bits a datagram | kbit/s |", "| --- | --- | --- |"]
        lines += [f"| {r['model']} | {r['bits_a_datagram']:.1f} | {r['kbit']:.2f} |" for r in learned]
    (folder / "table.md").write_text("\n".join(lines) + "\n")
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 5))
    for name in ("format 1, acknowledged", "transform", "single coordinates", "each picture against the one before", "no activity classes"):
        own = sorted((r for r in rows if r["design"] == name), key=lambda r: r["kbit"])
        left.plot([r["kbit"] for r in own], [r["foretold"] for r in own], "o-", label=name)
    left.set(xlabel="kbit/s at 25 pictures a second, earlier weights", ylabel="LPIPS foretold by the metric", yscale="log", xlim=(0, 3.2))
    left.legend(fontsize=8)
    for sources, mark in ((1, "o"), (3, "s")):
        own = sorted((r for r in lost if r.get("kbit") and r["setting"].startswith("step")), key=lambda r: r["kbit"])
        right.errorbar([r["kbit"] for r in own], [r[f"lpips_{sources}"] for r in own], [r[f"error_{sources}"] for r in own], marker=mark, capsize=2, label=f"format 2, {sources} source{'s' * (sources > 1)}")
    right.axhline(LEVEL, color="grey", linewidth=0.8)
    right.set(xlabel="kbit/s at 25 pictures a second", ylabel="LPIPS more than with the detector's own keypoints", xlim=(0, 2))
    right.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(folder / "rates.png", dpi=100)


if __name__ == "__main__":
    main()
