"""Rewrites the exported generator for the engine: the same picture in less time.

OpenVINO's GridSample takes one channel after the other, and what follows multiplies and adds whole tensors for each source. Here each read of features at 1/4, 1/2 and 1/1 becomes one pass over
contiguous rows of channels: for each place the four neighbours in the two sources of largest mass, weighted and summed. The time no longer grows with the number of sources. (From
three sources on the others are left out; those who run the network give it two, see `nearest.py`.) The pass is ONNX's experimental operator `ATen` with `embedding_bag`, which OpenVINO runs as
EmbeddingBagPackedSum; a function in the file defines it by standard operators for every other engine.

Places are computed in whole 256ths of a pixel: integers stay exact where the engine computes in bf16.
"""
import numpy as np
import onnx
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

KEPT = 2
"""Sources that are mixed at a place."""
PARTS = 256
"""Parts of a pixel."""
TO_ROWS, TO_PLANES = [0, 2, 3, 1], [0, 3, 1, 2]
"""Permutations of dimensions: channels last, channels first."""


class NotFound(Exception):
    """A part of the graph that should be rewritten is not there."""


class Rewriter:
    """A graph that nodes are added to; `finish` puts all in order and leaves out what is not used any more."""

    def __init__(self, model: ModelProto):
        self.model, self.graph = model, model.graph
        self.nodes, self.count = list(model.graph.node), 0
        known = [*model.graph.input, *model.graph.value_info]
        self.sizes = {value.name: [d.dim_value for d in value.type.tensor_type.shape.dim] for value in known}
        """Of each value; 0 where a size is the number of sources."""
        self.link()

    def link(self) -> None:
        """Finds anew which node makes a value, and which use it."""
        self.maker = {output: node for node in self.nodes for output in node.output}
        self.users: dict[str, list[NodeProto]] = {}
        for node in self.nodes:
            for value in node.input:
                self.users.setdefault(value, []).append(node)

    def constant(self, value, kind: type) -> str:
        """Adds a constant; its name."""
        self.count += 1
        name = f"engine_constant_{self.count}"
        self.graph.initializer.append(numpy_helper.from_array(np.array(value, kind), name))
        return name

    def add(self, kind: str, /, *inputs: str, outputs: int = 1, **attributes):
        """Adds a node; the name of its result, or names where there are several."""
        self.count += 1
        names = [f"engine_{self.count}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=f"engine_{kind}_{self.count}", **attributes))
        return names[0] if outputs == 1 else names

    def transposition(self, value: str) -> list[int] | None:
        """The permutation by which a value was made, where it was."""
        node = self.maker.get(value)
        return list(node.attribute[0].ints) if node is not None and node.op_type == "Transpose" else None

    def replace(self, old: str, new: str) -> None:
        """Lets all users of a value use another."""
        for node in self.users.get(old, []):
            for i, value in enumerate(node.input):
                if value == old:
                    node.input[i] = new

    def finish(self) -> None:
        """Puts nodes in the order in which they can be run."""
        self.link()
        order, seen, stack = [], set(), [(self.maker[output.name], False) for output in self.graph.output]
        while stack:
            node, is_ready = stack.pop()
            if is_ready:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack += [(self.maker[value], False) for value in node.input if value in self.maker]
        used = {value for node in order for value in node.input}
        kept = [tensor for tensor in self.graph.initializer if tensor.name in used]
        for field, content in ((self.graph.node, order), (self.graph.initializer, kept), (self.graph.value_info, [])):
            del field[:]
            field.extend(content)


def weighted_rows() -> onnx.FunctionProto:
    """What `ATen` stands for: rows of a table [n, c] at indices [p, k], times weights [p, k], summed to [p, c]."""
    nodes = [
        helper.make_node("Gather", ["table", "index"], ["rows"], axis=0), helper.make_node("Constant", [], ["last"], value_ints=[-1]), helper.make_node("Unsqueeze", ["weight", "last"], ["column"]),
        helper.make_node("Mul", ["rows", "column"], ["weighted"]), helper.make_node("Constant", [], ["middle"], value_ints=[1]), helper.make_node("ReduceSum", ["weighted", "middle"], ["sum"], keepdims=0),
    ]
    return helper.make_function("", "ATen", ["table", "index", "offsets", "weight"], ["sum"], nodes, [helper.make_opsetid("", 20)], attributes=["operator", "mode"])


def add_read(r: Rewriter, table: str, sizes: list[int], displacement: str, mass: str, side: int) -> tuple[str, str]:
    """Adds a read of a table [N, T, T, C] of these sizes at displacements [1, N, 2, side, side] (of -1...1), mixed by masses [1, N, 1, side, side], of which the `KEPT` largest count: [1, C, side, side];
    and the sum of the squares of those masses, [1, 1, side, side]."""
    _, across, _, channels = sizes
    places = side * side
    shape = lambda *sizes: r.constant(sizes, np.int64)
    whole = lambda value: r.constant(value, np.int32)
    integer = lambda value: r.add("Cast", value, to=TensorProto.INT32)

    # Where each source is read, in 256ths of the table's pixels, inside of it: [N, 2, P].
    moved = r.add("Mul", r.add("Reshape", displacement, shape(-1, 2, places)), r.constant(across / 2 * PARTS, np.float32))
    centre = np.round(((np.arange(side) + 0.5) * across / side - 0.5) * PARTS)
    own = np.stack([np.tile(centre, side), np.repeat(centre, side)])[None]
    place = r.add("Min", r.add("Max", r.add("Add", integer(r.add("Round", moved)), whole(own)), whole(0)), whole((across - 1) * PARTS))

    # The sources of largest mass, [KEPT, P]; empty ones are added, for a single source.
    masses = r.add("Reshape", mass, shape(-1, places))
    empty = r.add("Mul", r.add("Slice", masses, shape(0), shape(1), shape(0)), r.constant(0, np.float32))
    weight, chosen = r.add("TopK", r.add("Concat", masses, *[empty] * (KEPT - 1), axis=0), shape(KEPT), outputs=2, axis=0, largest=1, sorted=0)
    last = r.add("Sub", integer(r.add("Gather", r.add("Shape", table), r.constant(0, np.int64), axis=0)), whole(1))
    chosen = r.add("Min", integer(chosen), last)
    weight = r.add("Div", weight, r.add("ReduceSum", weight, shape(0), keepdims=1))
    squares = r.add("Reshape", r.add("ReduceSum", r.add("Mul", weight, weight), shape(0), keepdims=1), shape(1, 1, side, side))

    # Their places, the pixels around them and the weights of these.
    place = r.add("GatherElements", place, r.add("Expand", r.add("Unsqueeze", chosen, shape(1)), shape(KEPT, 2, places)), axis=0)
    low = r.add("Div", place, whole(PARTS))
    part = r.add("Mul", r.add("Cast", r.add("Sub", place, r.add("Mul", low, whole(PARTS))), to=TensorProto.FLOAT), r.constant(1 / PARTS, np.float32))
    rest = r.add("Sub", r.constant(1, np.float32), part)
    high = r.add("Min", r.add("Add", low, whole(1)), whole(across - 1))
    of = lambda value, axis: r.add("Gather", value, r.constant(axis, np.int64), axis=1)      # x or y: [KEPT, P]
    first = r.add("Mul", chosen, whole(across * across))
    columns = [(of(low, 0), of(rest, 0)), (of(high, 0), of(part, 0))]
    rows = [(r.add("Add", r.add("Mul", of(at, 1), whole(across)), first), r.add("Mul", of(share, 1), weight)) for at, share in ((low, rest), (high, part))]
    index = r.add("Concat", *(r.add("Add", x, y) for y, _ in rows for x, _ in columns), axis=0)
    weight = r.add("Concat", *(r.add("Mul", x, y) for _, y in rows for _, x in columns), axis=0)
    index, weight = (r.add("Transpose", value, perm=[1, 0]) for value in (index, weight))
    read = r.add("ATen", r.add("Reshape", table, shape(-1, channels)), index, "", weight, operator="embedding_bag", mode=0)
    return r.add("Transpose", r.add("Reshape", read, shape(1, side, side, channels)), perm=TO_PLANES), squares


def rewrite(model: ModelProto, reads: list[str], joins: list[str]) -> None:
    """Rewrites an exported generator: the reads of the inputs `reads`, and what is joined before the convolutions of the weights `joins`. Throws `NotFound`."""
    r = Rewriter(model)
    read_by_rows(r, reads)
    join_channels_last(r, joins)
    r.finish()
    model.functions.append(weighted_rows())


def read_by_rows(r: Rewriter, names: list[str]) -> None:
    """Rewrites the reads of the inputs `names`, which are [N, T, T, C] each: the sum over sources of GridSample times mass. Throws `NotFound`."""
    found = set()

    def only_user(value: str, operator: str) -> NodeProto | None:
        users = r.users.get(value, [])
        return users[0] if len(users) == 1 and users[0].op_type == operator else None

    def through(value: str, *operators: str) -> str:
        while value in r.maker and r.maker[value].op_type in operators:
            value = r.maker[value].input[0]
        return value

    for node in list(r.nodes):
        if node.op_type != "GridSample":
            continue
        name = through(node.input[0], "Reshape", "Unsqueeze", "Transpose")
        shaped = only_user(node.output[0], "Reshape")
        product = only_user(shaped.output[0], "Mul") if shaped is not None else None
        total = only_user(product.output[0], "ReduceSum") if product is not None else None
        if name not in names or total is None:
            continue
        mass = next(value for value in product.input if value != shaped.output[0])
        own_and_moved = r.maker[through(node.input[1], "Reshape")]
        displacement = next((r.maker[value].input[0] for value in own_and_moved.input if r.transposition(value)), None)
        if displacement is None:
            continue
        read, squares = add_read(r, name, r.sizes[name], displacement, mass, r.sizes[node.output[0]][3])
        r.replace(total.output[0], read)
        # Where the network asks how much mixing blurs (`Warp.variance_kept`), the masses that were mixed count.
        for square in [user for user in r.users.get(mass, []) if user.op_type == "Pow" or (user.op_type == "Mul" and list(user.input) == [mass, mass])]:
            if (summed := only_user(square.output[0], "ReduceSum")) is not None:
                r.replace(summed.output[0], squares)
        r.link()
        found.add(name)
    if missing := set(names) - found:
        raise NotFound(f"no read of {', '.join(sorted(missing))} is a sum of GridSample times mass: engine.py must follow model.py")


def join_channels_last(r: Rewriter, weights: list[str]) -> None:
    """Lets what is joined before the convolutions of these weights be joined with channels last, as the engine wants it for them: it would reorder the whole otherwise. Throws `NotFound`."""
    r.link()

    def rows(value: str) -> str:
        if r.transposition(value) == TO_PLANES:
            return r.maker[value].input[0]
        node = r.maker.get(value)
        if node is not None and node.op_type == "Mul" and any(r.transposition(factor) == TO_PLANES for factor in node.input):
            return r.add("Mul", *(rows(factor) for factor in node.input))
        return r.add("Transpose", value, perm=TO_ROWS)

    missing = set(weights)
    for node in list(r.nodes):
        if node.op_type != "Conv" or node.input[1] not in weights:
            continue
        joined = r.maker.get(node.input[0])
        if joined is None or joined.op_type != "Concat":
            continue
        node.input[0] = r.add("Transpose", r.add("Concat", *(rows(value) for value in joined.input), axis=3), perm=TO_PLANES)
        missing.remove(node.input[1])
    if missing:
        raise NotFound(f"nothing is joined before {', '.join(sorted(missing))}: engine.py must follow model.py")
