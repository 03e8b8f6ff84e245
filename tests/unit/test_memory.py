from __future__ import annotations

from models.languages import Direction
from models.memory import TranslationMemory, Unit

RU_EN, UK_EN = Direction.parse("ru-en"), Direction.parse("uk-en")


def unit(source: str, target: str, direction: Direction = RU_EN) -> Unit:
    return Unit(source, target, direction)


def test_a_known_segment_is_answered_whatever_its_whitespace() -> None:
    memory = TranslationMemory([unit("Закон  подписан.", "The law is signed.")])
    assert memory.exact(" Закон\nподписан. ", RU_EN) == "The law is signed."
    assert memory.exact("Закон подписан", RU_EN) is None
    assert memory.exact("Закон подписан.", UK_EN) is None


def test_the_last_correction_wins_and_can_be_taken_back() -> None:
    memory = TranslationMemory([unit("Да", "Yes")])
    memory.add(unit("Да", "Yeah"))
    assert (memory.exact("Да", RU_EN), len(memory)) == ("Yeah", 1)
    assert memory.remove("Да", RU_EN)
    assert not memory.remove("Да", RU_EN)
    assert memory.exact("Да", RU_EN) is None
    assert memory.fuzzy("Да", RU_EN) == []


def test_similar_segments_are_offered_best_first() -> None:
    memory = TranslationMemory(
        [
            unit("Президент подписал закон о бюджете.", "a"),
            unit("Президент подписал закон о мобилизации.", "b"),
            unit("Министр ушёл в отставку.", "c"),
            unit("Президент подписал закон о бюджете.", "d", UK_EN),
        ]
    )
    found = memory.fuzzy("Президент подписал закон о бюджете на год.", RU_EN, threshold=0.5)
    assert [each.unit.target for each in found] == ["a", "b"]
    assert 1 > found[0].similarity > found[1].similarity >= 0.5


def test_an_equal_segment_has_similarity_one() -> None:
    memory = TranslationMemory([unit("Закон подписан.", "x")])
    assert memory.fuzzy("Закон подписан.", RU_EN)[0].similarity == 1


def test_a_large_memory_is_searched_by_its_rare_words() -> None:
    memory = TranslationMemory(unit(f"Газета пишет о деле номер {n}", str(n)) for n in range(5000))
    found = memory.fuzzy("Газета пишет о деле номер 4321", RU_EN, limit=1)
    assert found[0].unit.target == "4321"
