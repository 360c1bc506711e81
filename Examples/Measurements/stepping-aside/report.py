"""Table, decisions and plots of calls in which warping fails.

usage: report.py ROWS.jsonl TRACE.jsonl --scenes FOLDER --out FOLDER     (needs matplotlib, numpy)
"""
import argparse
import json
import pathlib

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

RATE = 25
# A picture is right from this distance (LPIPS) down, and a warped one wrong from that one up.
RIGHT, WRONG = 0.3, 0.45
MODES = {"generated": "warped", "madeUp": "warped", "streamed": "VP8", "standing": "stands", "missing": "stands", "still": "marked"}
PARTS = ["voice", "keypoints", "sources", "VP8"]


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def recoveries(row, events):
    """Seconds from each event until the picture is right for three samples in a row; infinite where it never is before the next."""
    times, values = np.array(row["pictures"]) / RATE, np.array(row["lpips"])
    ends = [at for at, _ in events[1:]] + [times[-1] + 1]
    found = []
    for (at, _), end in zip(events, ends):
        places = [index for index in range(len(times)) if at <= times[index] < end]
        good = [index for index in places if all(values[other] <= RIGHT for other in places if index <= other < index + 3)]
        found.append(max(0.0, times[good[0]] - at) if good else np.inf)
    return found


def summary(rows, events):
    values = np.concatenate([row["lpips"] for row in rows])
    origins = [origin for row in rows for origin in row["origins"]]
    shares = {mode: np.mean([MODES.get(origin, "stands") == mode for origin in origins]) for mode in ("warped", "VP8", "stands", "marked")}
    wrong = np.mean([MODES.get(origin) == "warped" and value > WRONG for origin, value in zip(origins, values)])
    waits = [wait for row in rows for wait in recoveries(row, events[row["clip"]])]
    away = np.concatenate([np.array(row["lpips"])[[events[row["clip"]][0][0] <= p / RATE for p in row["pictures"]]] for row in rows])
    return values.mean(), away.mean(), shares, wrong, waits


def told(waits):
    return ", ".join("never" if np.isinf(wait) else f"{wait:.1f}" for wait in waits)


def table(rows, events):
    out = ["| scene | kbit/s | fallback | LPIPS, whole call | from the first event on | warped | VP8 | stands | marked | warped and wrong | s until right, each event |",
           "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"]
    kinds = sorted({row["clip"].split("-")[0] for row in rows})
    for kind in [*kinds, "all"]:
        for rate in sorted({row["rate"] for row in rows}):
            for policy in sorted({row["policy"] for row in rows}):
                own = [row for row in rows if (kind == "all" or row["clip"].startswith(kind + "-")) and row["rate"] == rate and row["policy"] == policy]
                if not own:
                    continue
                mean, away, shares, wrong, waits = summary(own, events)
                finite = [wait for wait in waits if np.isfinite(wait)]
                wait = told(waits) if kind != "all" else f"median {told([np.median(waits)])}, {len(waits) - len(finite)} of {len(waits)} never"
                parts = " | ".join(f"{100 * shares[mode]:.0f} %" for mode in ("warped", "VP8", "stands", "marked"))
                out.append(f"| {kind} | {rate:g} | {policy.partition('+')[2] or 'off'} | {mean:.3f} | {away:.3f} | {parts} | {100 * wrong:.1f} % | {wait} |")
    return "\n".join(out) + "\n"


def decisions(rows):
    out = []
    for row in rows:
        if not row["changes"]:
            continue
        out += [f"**{row['clip'].partition('-')[0]}** {row['clip'].partition('-')[2]}, {row['rate']:g} kbit/s", ""]
        for change in row["changes"]:
            numbers = ", ".join(f"{name} {change[key]:.2f}" for key, name in (("warped", "warped"), ("streamed", "VP8"), ("kilobitsPerSecond", "kbit/s")) if change.get(key) is not None)
            out.append(f"- {change['time']:.2f} s: {change['from']} → {change['to']} ({change['reason']}{'; ' + numbers if numbers else ''})")
        out.append("")
    return "\n".join(out)


def bits(rows, path):
    """Where the bits of each second go, one panel a call."""
    chosen = [row for row in rows if row["changes"]] or rows
    seen, panels = set(), []
    for row in chosen:
        if row["clip"].split("-")[0] not in seen:
            seen.add(row["clip"].split("-")[0])
            panels.append(row)
    figure, axes = plt.subplots(len(panels), 1, figsize=(9, 2.1 * len(panels)), sharex=True, squeeze=False)
    for axis, row in zip(axes[:, 0], panels):
        moments = np.array(row["moments"])
        kilobits = np.diff(moments[:, 1:], axis=0) * 8 / 1000 / np.diff(moments[:, :1], axis=0)
        kilobits[:, 4] -= kilobits[:, :4].sum(1)
        axis.stackplot(moments[1:, 0], kilobits.T, labels=[*PARTS, "headers, the rest"], step="pre")
        axis.set_title(f"{row['clip'].split('-')[0]}, {row['rate']:g} kbit/s promised", fontsize=9)
        axis.set_ylabel("kbit/s")
        for change in row["changes"]:
            axis.axvline(change["time"], color="black", linewidth=0.6, linestyle=":")
    axes[0, 0].legend(fontsize=7, ncol=5, loc="upper right")
    axes[-1, 0].set_xlabel("seconds; dotted: the sender begins to show something else")
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def quality(rows, path):
    """LPIPS over the time of each kind of call, with and without."""
    kinds = sorted({row["clip"].split("-")[0] for row in rows})
    rate = 32 if any(row["rate"] == 32 for row in rows) else rows[0]["rate"]
    figure, axes = plt.subplots(len(kinds), 1, figsize=(9, 1.9 * len(kinds)), sharex=True, squeeze=False)
    for axis, kind in zip(axes[:, 0], kinds):
        for policy in sorted({row["policy"] for row in rows}):
            own = [row for row in rows if row["clip"].startswith(kind + "-") and row["rate"] == rate and row["policy"] == policy]
            if not own:
                continue
            count = min(len(row["lpips"]) for row in own)
            axis.plot(np.array(own[0]["pictures"][:count]) / RATE, np.mean([row["lpips"][:count] for row in own], axis=0), label=policy.partition("+")[2] or "off")
        axis.set_title(f"{kind}, {rate:g} kbit/s, mean over the clips", fontsize=9)
        axis.set_ylabel("LPIPS")
    axes[0, 0].legend(fontsize=8)
    axes[-1, 0].set_xlabel("seconds")
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def by_sources(traces):
    """What is shown against how many sources it is warped from, as the sender measured it at its looks."""
    looks = [line["look"] for line in traces if "look" in line and line["look"].get("distance") is not None]
    out = ["| sources in use | looks | mean distance (PictureDistance) | of those below 0.25 |", "| --- | --- | --- | --- |"]
    for count in sorted({len(look["sources"]) for look in looks}):
        own = np.array([look["distance"] for look in looks if len(look["sources"]) == count])
        good = own[own < 0.25]
        out.append(f"| {count} | {len(own)} | {own.mean():.3f} | {good.mean() if len(good) else float('nan'):.3f} |")
    return "\n".join(out) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=pathlib.Path)
    parser.add_argument("trace", type=pathlib.Path)
    parser.add_argument("--scenes", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    rows = lines(arguments.rows)
    events = {row["clip"]: json.loads((arguments.scenes / f"{row['clip']}.json").read_text())["events"] for row in rows}
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "table.md").write_text(table(rows, events))
    (arguments.out / "decisions.md").write_text(decisions(rows))
    (arguments.out / "sources.md").write_text(by_sources(lines(arguments.trace)))
    quality(rows, arguments.out / "lpips.png")
    bits([row for row in rows if "+" in row["policy"]], arguments.out / "bits.png")
    print(table(rows, events))


main()
