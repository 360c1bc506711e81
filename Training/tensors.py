"""Reads and writes named tensors as safetensors files (https://huggingface.co/docs/safetensors), so that training needs nothing beside PyTorch."""
import json
import struct
from pathlib import Path

import torch
from torch import Tensor

TYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64, "I32": torch.int32, "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8, "BOOL": torch.bool}
NAMES = {kind: name for name, kind in TYPES.items()}


def load(path: Path | str) -> tuple[dict[str, Tensor], dict]:
    """Tensors by name, and the metadata, values parsed from JSON. Throws `ValueError` for a file that is none."""
    content = bytearray(Path(path).read_bytes())
    try:
        length, = struct.unpack_from("<Q", content)
        header = json.loads(content[8:8 + length])
        metadata = header.pop("__metadata__", {})
        tensors = {}
        for name, entry in header.items():
            begin, end = (8 + length + v for v in entry["data_offsets"])
            kind = TYPES[entry["dtype"]]
            flat = torch.frombuffer(content, dtype=kind, count=(end - begin) // kind.itemsize, offset=begin) if end > begin else torch.empty(0, dtype=kind)
            tensors[name] = flat.reshape(entry["shape"]).clone()
    except (struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is no safetensors file ({error!r})") from error
    return tensors, {name: parsed(value) for name, value in metadata.items()}


def parsed(value: str):
    """A metadata value: JSON, or else the text itself."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def save(path: Path, tensors: dict[str, Tensor], metadata: dict) -> None:
    """Writes tensors, and metadata as JSON, beside the path first and then there."""
    header, blocks, offset = {"__metadata__": {name: json.dumps(value) for name, value in metadata.items()}}, [], 0
    for name, tensor in tensors.items():
        flat = tensor.detach().cpu().contiguous()
        block = flat.reshape(-1).view(torch.uint8).numpy().tobytes() if flat.numel() else b""
        header[name] = {"dtype": NAMES[flat.dtype], "shape": list(flat.shape), "data_offsets": [offset, offset + len(block)]}
        blocks.append(block)
        offset += len(block)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    temporary = Path(path).with_suffix(".new")
    temporary.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blocks))
    temporary.replace(path)
