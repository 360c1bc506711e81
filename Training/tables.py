"""Sums up measures of clips, and writes them as markdown tables.

A row is a dictionary: `clip`, its name; `categories`, a list; `sources`, their number or the name of a way of copying; `measures`, an array [n] of each measure, one value for each picture, NaN where it could not be measured.
"""
import warnings

import numpy as np

LOWER_IS_WORSE = ("psnr", "ssim")
"""Measures whose bad end is the low one: their 5th percentile is given, of the others the 95th."""
COPY, BEST_COPY = "copy", "best of 3 copied"
"""Rows of the first source, and of the best of three sources for each picture, shown unchanged."""
COLUMNS = (("lpips", "LPIPS", 3), ("psnr", "PSNR, dB", 1), ("l1", "L1", 1), ("ssim", "SSIM", 3), ("akd", "AKD, px", 2), ("background", "background motion", 2))


def values(rows: list[dict], measure: str, over: str) -> np.ndarray:
    """A measure of all `pictures`, or its mean over each of the `clips`, without what could not be measured."""
    arrays = [row["measures"][measure] for row in rows if measure in row["measures"]]
    if over == "clips":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)      # a clip without any value has no mean
            arrays = [np.nanmean(array, keepdims=True) for array in arrays]
    result = np.concatenate(arrays) if arrays else np.zeros(0)
    return result[~np.isnan(result)]


def mean_and_tail(rows: list[dict], measure: str, over: str) -> tuple[float, float] | None:
    """Mean and bad-end percentile of a measure over `pictures` or `clips`; None where it was never measured."""
    found = values(rows, measure, over)
    return (float(found.mean()), float(np.percentile(found, 5 if measure in LOWER_IS_WORSE else 95))) if len(found) else None


def of(rows: list[dict], sources) -> list[dict]:
    """The rows of one number of sources or way of copying."""
    return [row for row in rows if row["sources"] == sources]


def measure_table(rows: list[dict], kinds: list, over: str) -> str:
    """A line for each of `kinds`, numbers of sources and ways of copying; in each cell the mean over `pictures` or `clips`, and in brackets the percentile at the bad end."""
    text = [f"| mean over {over} (95th percentile) | " + " | ".join(title for _, title, _ in COLUMNS) + " | L1 in eyes, of copy's | L1 in mouth, of copy's |", "| --- " * (len(COLUMNS) + 3) + "|"]
    for kind in kinds:
        cells = [f"{found[0]:.{digits}f} ({found[1]:.{digits}f})" if (found := mean_and_tail(of(rows, kind), name, over)) else "-" for name, _, digits in COLUMNS]
        for name in ("eyes_l1", "mouth_l1"):
            mine, copied = mean_and_tail(of(rows, kind), name, over), mean_and_tail(of(rows, COPY), name, over)
            cells.append(f"{mine[0] / copied[0]:.2f}" if mine and copied and copied[0] else "-")
        text.append(f"| {kind} | " + " | ".join(cells) + " |")
    return "\n".join(text)


def rises(rows: list[dict], sources: list[int]) -> str:
    """Whether LPIPS, mean over clips, falls with every added source; where it does not, in words."""
    means = [mean_and_tail(of(rows, n), "lpips", "clips")[0] for n in sorted(sources)]
    bad = [f"{a} to {b}: {q - p:+.4f}" for a, b, p, q in zip(sorted(sources), sorted(sources)[1:], means, means[1:]) if q >= p]
    return "yes" if not bad else "no, " + ", ".join(bad)


def category_table(rows: list[dict], kinds: list) -> str:
    """LPIPS, mean over the clips of each category, with each number of sources; whether it gets better with every one; background motion with each."""
    sources = [kind for kind in kinds if isinstance(kind, int)]
    text = ["| category | clips | " + " | ".join(f"{kind}" for kind in kinds) + " | better with every source | background motion with " + ", ".join(map(str, sources)) + " |", "| --- " * (len(kinds) + 4) + "|"]
    categories = sorted({category for row in rows for category in row["categories"]})
    for category in ["all", *categories]:
        mine = [row for row in rows if category == "all" or category in row["categories"]]
        cells = [f"{mean_and_tail(of(mine, kind), 'lpips', 'clips')[0]:.3f}" for kind in kinds]
        motion = [mean_and_tail(of(mine, n), "background", "clips") for n in sources]
        text.append(f"| {category} | {len(of(mine, kinds[0]))} | " + " | ".join(cells) + f" | {rises(mine, sources)} | " + ", ".join(f"{m[0]:.2f}" if m else "-" for m in motion) + " |")
    return "\n".join(text)


def plain(row: dict) -> dict:
    """A row as values for JSON: the mean of each measure over the clip's pictures."""
    means = {name: round(float(found.mean()), 5) for name in row["measures"] if len(found := values([row], name, "pictures"))}
    return {"clip": row["clip"], "categories": row["categories"], "sources": row["sources"], "pictures": len(row["measures"]["lpips"])} | means
