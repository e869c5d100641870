"""An epoch of the same network in scikit-learn or PyTorch: one-hot and standardised inputs, 64-64, Adam, batch 256.

usage: train_mlp.py sklearn|torch FILE.parquet TARGET; prints one JSON object: CPU seconds of the cheapest of three
epochs, the number of inputs, and by how many bytes the process grew at most beyond its libraries and the table.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq


def memory_bytes(name: str) -> int:
    """VmRSS (now) or VmHWM (at most so far)."""
    with Path("/proc/self/status").open() as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name + ":")) * 1024


def one_hot(table: pd.DataFrame) -> np.ndarray:
    """Standardised numbers and a column for each category, by scikit-learn's own means, in float32."""
    from sklearn.compose import make_column_selector, make_column_transformer
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    categories = OneHotEncoder(sparse_output=False, dtype=np.float32)
    columns = make_column_transformer(
        (StandardScaler(), make_column_selector(dtype_include="number")),
        (categories, make_column_selector(dtype_exclude="number")),
    )
    return columns.fit_transform(table)


def sklearn_epoch(inputs: np.ndarray, labels: np.ndarray) -> Callable[[], object]:
    from sklearn.neural_network import MLPClassifier

    network = MLPClassifier((64, 64), batch_size=256, random_state=1)
    return lambda: network.partial_fit(inputs, labels, classes=[0, 1])


def torch_epoch(inputs: np.ndarray, labels: np.ndarray) -> Callable[[], object]:
    import torch
    from torch import nn

    torch.set_num_threads(1)
    torch.manual_seed(1)
    layers = (nn.Linear(inputs.shape[1], 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
    network = nn.Sequential(*layers)
    adam = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True)
    rows, target = torch.from_numpy(inputs), torch.from_numpy(labels)

    def epoch() -> None:
        for batch in torch.randperm(len(rows)).split(256):
            adam.zero_grad(set_to_none=True)
            outputs = network(rows[batch]).squeeze(1)
            nn.functional.binary_cross_entropy_with_logits(outputs, target[batch]).backward()
            adam.step()

    return epoch


def main(peer: str, file: str, target: str) -> None:
    table = pq.read_table(file).to_pandas()
    labels = table.pop(target).to_numpy("float32")
    numbers = table.select_dtypes("number").columns
    table = table.astype(dict.fromkeys(numbers, "float32"))
    make = sklearn_epoch if peer == "sklearn" else torch_epoch
    make(one_hot(table.head(1000)), labels[:1000])()  # libraries count as nothing: they are there before the first look
    before = memory_bytes("VmRSS")
    inputs = one_hot(table)
    epoch = make(inputs, labels)
    seconds = []
    for _ in range(3):
        start = time.process_time()
        epoch()
        seconds.append(time.process_time() - start)
    grown = memory_bytes("VmHWM") - before
    json.dump({"cpu_seconds": min(seconds), "inputs": inputs.shape[1], "grown_bytes": grown}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
