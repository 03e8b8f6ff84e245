"""Coverage made by rule: any number of short articles on many events, in three languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from service.ingest.article import Article
from service.store.tables import Row

PLACES = (
    ("Харькове", "Харкові", "Kharkiv"),
    ("Одессе", "Одесі", "Odesa"),
    ("Сумах", "Сумах", "Sumy"),
    ("Полтаве", "Полтаві", "Poltava"),
    ("Чернигове", "Чернігові", "Chernihiv"),
    ("Запорожье", "Запоріжжі", "Zaporizhzhia"),
    ("Херсоне", "Херсоні", "Kherson"),
    ("Черкассах", "Черкасах", "Cherkasy"),
)
HAPPENINGS = (
    (
        "Пожар на складе в {p}. Огонь охватил {n} квадратных метров. Пострадали {m} человек.",
        "Пожежа на складі в {p}. Вогонь охопив {n} квадратних метрів. Постраждали {m} людей.",
        "A warehouse burns in {p}. The fire spread over {n} square metres. It hurt {m} people.",
    ),
    (
        "Трамвай сошёл с рельсов в {p}. Мэр сообщил о {m} раненых. Движение стоит {n} минут.",
        "Трамвай зійшов з рейок у {p}. Мер повідомив про {m} поранених. Рух стоїть {n} хвилин.",
        "A tram left the rails in {p}. The mayor reported {m} injured. Traffic stood {n} minutes.",
    ),
    (
        "Больницу открыли в {p}. В ней {n} мест и {m} операционных. Министр приехал на открытие.",
        "Лікарню відкрили в {p}. У ній {n} місць і {m} операційних. Міністр приїхав на відкриття.",
        "A hospital opened in {p}. It has {n} beds and {m} theatres. The minister came to see it.",
    ),
)
LANGUAGES = ("ru", "uk", "en")
START = datetime(2026, 1, 1, 6, tzinfo=UTC)
NOW = datetime(2026, 12, 1, tzinfo=UTC)

#: Columns that say when we did something: they differ from run to run.
CLOCKS = {
    "created_at", "fetched_at", "aligned_at", "as_of", "valid_from", "valid_to", "filed_at",
}  # fmt: skip


def coverage(count: int) -> Iterator[Article]:
    """Articles in no order of time; three languages and two outlets tell each event."""
    for number in range(count):
        event, telling = divmod((number * 7919) % count, 6)
        language = telling % 3
        place = PLACES[event % len(PLACES)][language]
        text = HAPPENINGS[event % len(HAPPENINGS)][language]
        figures = {"p": place, "n": 100 + 7 * event, "m": 3 + event % 40}
        title, _, body = text.format(**figures).partition(". ")
        hours = 20 * event + telling
        yield Article(
            body + (" Подробности позже." if telling == 3 else ""),
            title=title,
            outlet=f"Outlet {LANGUAGES[language]} {telling // 3}",
            url=f"https://{LANGUAGES[language]}-{telling // 3}.example/{event}",
            published_at=START + timedelta(hours=hours),
            origin=f"made:{number + 1}",
        )


def dump(store: object) -> dict[str, list[tuple[object, ...]]]:
    """Everything in a store but the clocks, in one order: equal for equal stores."""
    from service.store.database import Store

    assert isinstance(store, Store)
    told: dict[str, list[tuple[object, ...]]] = {}
    with store.session() as session:
        for table in Row.metadata.sorted_tables:
            columns = [column for column in table.columns if column.name not in CLOCKS]
            rows = session.execute(table.select()).mappings()
            told[table.name] = sorted(
                tuple(repr(row[column.name]) for column in columns) for row in rows
            )
    return told
