"""The networks in memory: one per distinct model, loaded when first needed, bounded by size."""

from __future__ import annotations

import threading
from collections import OrderedDict

from models.errors import PackageError
from models.network import Network
from models.package import Package


class Networks:
    """Loads each distinct network once and keeps at most `memory_bytes` of weights; thread-safe."""

    def __init__(self, memory_bytes: int, *, threads: int, workers: int) -> None:
        self._limit = memory_bytes
        self._threads = threads
        self._workers = workers
        self._lock = threading.Lock()
        self._loading: dict[str, threading.Lock] = {}
        self._loaded: OrderedDict[str, tuple[Network, int]] = OrderedDict()

    def get(self, package: Package) -> Network:
        """The network of a package; packages with equal models share one.

        Raises:
            PackageError: it cannot be loaded, or has been removed.
        """
        name = package.network
        with self._lock:
            if name in self._loaded:
                self._loaded.move_to_end(name)
                return self._loaded[name][0]
            loading = self._loading.setdefault(name, threading.Lock())
        with loading:
            with self._lock:
                if name in self._loaded:
                    return self._loaded[name][0]
                self._make_room(package.weights_bytes)
            if not (package.folder / "model" / "model.bin").is_file():
                raise PackageError(f"{package.code} was removed while in use; ask again.")
            network = Network(
                package.folder / "model", threads=self._threads, workers=self._workers
            )
            with self._lock:
                self._loaded[name] = network, package.weights_bytes
            return network

    def clear(self) -> None:
        """Let go of every network; each is freed when the batch it runs is done."""
        with self._lock:
            self._loaded.clear()

    def __len__(self) -> int:
        """How many are in memory."""
        return len(self._loaded)

    def _make_room(self, size: int) -> None:
        """Drop the networks used longest ago until `size` more bytes fit. Holds the lock."""
        held = sum(weight for _, weight in self._loaded.values())
        while self._loaded and held + size > self._limit:
            _, (_, weight) = self._loaded.popitem(last=False)
            held -= weight
