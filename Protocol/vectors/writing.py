"""Where vectors are written."""
import json
import pathlib

HERE = pathlib.Path(__file__).parent


def write(section, case, data, meaning):
    folder = HERE / section
    folder.mkdir(exist_ok=True)
    lines = [data.hex()[i:i + 64] for i in range(0, 2 * len(data), 64)]
    (folder / f"{case}.hex").write_text("\n".join(lines) + "\n")
    (folder / f"{case}.json").write_text(json.dumps(meaning, indent=1, sort_keys=True) + "\n")
