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
    lines = ["# Rate against loss of the picture", "", "3 pictures a datagram, 25 a second, headers of the unit counted; 2.4-2.5 bits for a keypoint and picture are what is published."]
    measured = {(r["reference"], r["step"]): r for r in checks}
    lost = losses(quality) if quality else []
    for part in filter(None, (lost, losses(rows_of(folder / "quality-more.jsonl")))):
        lines += ["", f"LPIPS: means over {part[0]['clips']} test clips ({part[0]['pictures']} pictures), difference to the detector's own keypoints, plus or minus twice the standard error over clips.", "",
                  "| keypoints | step | k | kbit/s | bits a keypoint and picture | RMS px | lips' opening, px | strength | 1 source | 3 sources |", "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"]
        for r in part:
            k = r.get("k", 20)
            exact = measured.get(("acknowledged", r.get("step"))) if r["setting"].startswith("transform") else None
            old = next((o for o in rows if o["design"] == "format 1, acknowledged" and r["setting"] == f"format 1, {o['step']}"), None)
            figures = old or (r if r.get("kbit") else exact or r)
            kbit = figures.get("kbit")
            r["kbit"] = kbit
            cells = [r["setting"].split(",")[0], r.get("step", ""), k, number(kbit), number(kbit * 1000 / 25 / k if kbit else None), number(figures.get("pixels")), number(figures.get("lips")), number(figures.get("strength"), 3)]
            shown = [f"{r[f'lpips_{s}']:.4f}" if kbit is None else f"{r[f'lpips_{s}']:+.4f} ± {r[f'error_{s}']:.4f}" for s in (1, 3)]
            lines.append("| " + " | ".join(map(str, cells + shown)) + " |")
    lines += ["", f"# Designs at the same foretold loss of {LEVEL} LPIPS (all clips)", "", "| design | pictures | k | kbit/s | bits a keypoint and picture | step 0.028: kbit/s | lips' opening, px |", "| " + "--- | " * 7]
    for name in dict.fromkeys(r["design"] for r in rows):
        own = [r for r in rows if r["design"] == name]
        kbit, middle = at_level(own, LEVEL), next((r for r in own if r["step"] == 0.028), {})
        lines.append(f"| {name} | {own[0]['n']} | {own[0]['k']} | {number(kbit) or 'none of its steps'} | {number(kbit * 1000 / 25 / own[0]['k'] if kbit else None)} | {number(middle.get('kbit'))} | {number(middle.get('lips'))} |")
    lines += ["", "# By the range coder, all clips", "", "| reference | step | ideal bytes | bytes | kbit/s | 95th percentile, bytes | RMS px | lips' opening, px | left lids', px | strength | foretold LPIPS |", "| " + "--- | " * 11]
    for r in checks:
        lines.append("| " + " | ".join([r["reference"], str(r["step"]), number(r["ideal_bytes"], 1), number(r["bytes"], 1), number(r["kbit"]), number(r["p95_bytes"], 0), number(r["pixels"]), number(r.get("lips")), number(r.get("lids")), number(r["strength"], 3), number(r["foretold"], 4)]) + " |")
    if learned:
        lines += ["", f"# Context models for the same numbers (step {learned[0]['step']}, ideal code length; 20 training and 20 test clips)", "", "| model | bits a datagram | kbit/s |", "| --- | --- | --- |"]
        lines += [f"| {r['model']} | {r['bits_a_datagram']:.1f} | {r['kbit']:.2f} |" for r in learned]
    (folder / "table.md").write_text("\n".join(lines) + "\n")
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 5))
    for name in ("format 1, acknowledged", "transform", "single coordinates", "each picture against the one before", "no activity classes"):
        own = sorted((r for r in rows if r["design"] == name), key=lambda r: r["kbit"])
        left.plot([r["kbit"] for r in own], [r["foretold"] for r in own], "o-", label=name)
    for reference in ("acknowledged", "source"):
        own = [r for r in checks if r["reference"] == reference]
        left.plot([r["kbit"] for r in own], [r["foretold"] for r in own], "s--", label=f"by the range coder, {reference}") if own else None
    left.set(xlabel="kbit/s at 25 pictures a second", ylabel="LPIPS foretold by the metric", yscale="log", xlim=(0, 3.2))
    left.legend(fontsize=8)
    for sources, mark in ((1, "o"), (3, "s")):
        for kind in ("transform", "format 1"):
            own = sorted((r for r in lost if r.get("kbit") and r["setting"].startswith(kind)), key=lambda r: r["kbit"])
            right.errorbar([r["kbit"] for r in own], [r[f"lpips_{sources}"] for r in own], [r[f"error_{sources}"] for r in own], marker=mark, capsize=2, label=f"{kind}, {sources} source{'s' * (sources > 1)}")
    right.axhline(LEVEL, color="grey", linewidth=0.8)
    right.set(xlabel="kbit/s at 25 pictures a second", ylabel="LPIPS more than with the detector's own keypoints", xlim=(0, 3.2))
    right.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(folder / "rates.png", dpi=100)


if __name__ == "__main__":
    main()
