"""What one server holds: engine, store, limits and figures, each made when first needed.

Nothing heavy is imported or opened before its first use, so the server listens at once; `warm`
opens everything in the background.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from models.errors import Cancelled, EncoderMissing
from service.access import Access
from service.api.work import Workroom
from service.files import Files
from service.glossaries import Glossaries
from service.guidance import Guidance
from service.memory import StoredMemory
from service.observe import Metrics, event_log
from service.ratelimit import RateLimit
from service.stop import Stop
from service.translations import Translator

if TYPE_CHECKING:
    from models.encode import Encoder
    from models.languages import Direction
    from models.translate import Engine
    from service.pipeline import Pipeline
    from service.settings import Settings
    from service.store.database import Store


class Resources:
    """Everything the routes use, by name.

    Args:
        settings: how the server runs.
        engine: an engine to use in place of the one the settings describe.
        starting: gives the engine of the settings, where it is being opened already.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        engine: Engine | None = None,
        starting: Callable[[], Engine] | None = None,
    ) -> None:
        self.settings = settings
        self.log: Any = event_log(settings.log_format, settings.log_level)
        self.metrics = Metrics()
        self.workroom = Workroom(
            waiting=settings.request_waiting,
            seconds=settings.request_seconds,
            metrics=self.metrics,
        )
        self.rate_limit = RateLimit(settings.requests_per_minute, self.metrics)
        self.access = Access(lambda: self.store, require_keys=settings.require_keys)
        self.memory = StoredMemory(lambda: self.store, self.log)
        self.glossaries = Glossaries(settings.glossary_folder, self.log)
        self.guidance = Guidance(self.memory, self.glossaries)
        self.translator = Translator(
            lambda: self.engine,
            self.workroom,
            self.metrics,
            self.guidance,
        )
        self.files = Files(
            settings.data_folder / "files",
            minutes=settings.file_minutes,
            characters=settings.file_characters,
        )
        self.warmed: bool = False
        self._closing = threading.Event()
        self._stop = Stop()
        self._engine = engine
        self._starting = starting
        self._owned = False
        self._store: Store | None = None
        self._encoder: Encoder | None = None
        self._encoder_sought = False
        self._pipeline: Pipeline | None = None
        self._lock = threading.RLock()

    @property
    def engine(self) -> Engine:
        """The translation engine; the first use reads the installed packages."""
        with self._lock:
            if self._engine is None:
                from service.starting import engine

                self._engine = self._starting() if self._starting else engine(self.settings)
                self._owned = True
            return self._engine

    @property
    def store(self) -> Store:
        """The store; the first use creates or migrates it."""
        with self._lock:
            if self._store is None:
                from service.store.database import Store

                self._store = Store.open(self.settings)
            return self._store

    @property
    def encoder(self) -> Encoder | None:
        """The sentence encoder, None where there is none to load."""
        with self._lock:
            if not self._encoder_sought:
                from models.encode import Encoder, shipped

                self._encoder_sought = True
                own = self.settings.encoder
                with suppress(EncoderMissing):
                    self._encoder = Encoder.load(own) if own else shipped()
                if self._encoder is None:
                    self.log.info("no sentence encoder", advice="comparing goes on without it")
            return self._encoder

    @property
    def pipeline(self) -> Pipeline:
        """The path over the store; used by the writer's thread only."""
        with self._lock:
            if self._pipeline is None:
                from service.pipeline import Pipeline

                self._pipeline = Pipeline(
                    self.settings, self.store, self.engine, self.encoder, self.glossaries
                )
            return self._pipeline

    def directions(self) -> tuple[Direction, ...]:
        """Every direction there is a route for."""
        return self.engine.directions()

    def warm(self, *more: Callable[[], object] | None) -> None:
        """Load a network for every direct route, open the store, do `more`; blocks, never raises.

        What fails here fails again, with its reason, for whoever needs it; /ready shows it too.
        """
        later = (
            self._pause,
            self._warm_identification,
            self.files.sweep,
            *more,
            self._warm_events,
        )
        for step in (self._warm_store, self._warm_engine, *later):
            try:
                if step is not None:
                    step()
            except Exception as error:  # shown by /ready and by the request that needs it
                name = getattr(step, "__name__", "step")
                self.log.warning("not ready", step=name, error=type(error).__name__)
        self.warmed = True

    def _warm_store(self) -> None:
        self.store.ready()

    def _warm_engine(self) -> None:
        self.engine.warm_up()
        self.warmed = True

    def _pause(self) -> None:
        """Leave the processor to whoever asks first; what is left is needed by few and can wait."""
        self._closing.wait(1.0)

    def _warm_identification(self) -> None:
        from models.identify import identify

        identify("Проверка")

    def _warm_events(self) -> None:
        """Read the events that new coverage may belong to, in the thread that will need them."""
        with suppress(Cancelled, CancelledError):  # the server closes before it was needed
            self.workroom.in_background(lambda: self.pipeline.warm_up(self._stop)).result()

    def close(self) -> None:
        """Stop the work and give everything back."""
        self._closing.set()
        self._stop.set()
        self.workroom.close()
        with self._lock:
            if self._owned and self._engine is not None:
                self._engine.close()
            if self._store is not None:
                self._store.close()
