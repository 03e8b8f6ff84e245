"""Coverage whose claims are marked in the text itself: one file an event, articles and gold in one.

    event: reservoir-gate
    about: a gate gives way at a reservoir; who is to blame

    article: en1
    url: https://northgate-wire.example/2026/02/11/gate-gives-way
    outlet: Northgate Wire
    language: en
    published: 2026-02-11T14:30:00+00:00
    title: Three missing after reservoir gate gives way
    claims: missing

    [missing: Three workers were missing on Tuesday] after [gate: a steel gate gave way], the
    operator said. [-: It was the coldest day of the month.]

    relations:
    missing en1 ru2 broader
    denials:
    accident denies sabotage

`[id: words]` marks an occurrence of a claim, `[one two: words]` of two claims at once, `[-: words]`
what has no counterpart in another language; words outside brackets are not judged. `claims:` says
which claims a title makes. A claim occurs in at least two languages. What articles of different
languages say of it is the same unless `relations` says otherwise, read from the first article to
the second; where an article says it a second time, that is `en1+2`.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

from models.languages import Language
from service.ingest.article import Article

FIELDS = ("url", "outlet", "language", "published", "title")
NONE = "-"  # marks what has no counterpart
RELATIONS = {
    "same": "same",
    "conflicting": "conflicting",
    "denies": "denies",
    "related": "related",
    "broader": "narrower",  # each with what it is when read the other way
    "narrower": "broader",
}
MARK = re.compile(r"\[([^\[\]:]+):\s*([^\[\]]+?)\s*\]")
HEAD = re.compile(r"(\w+): ?(.*)")


@dataclass(slots=True)
class Marked:
    """One event: its articles as they are read elsewhere, and its gold as rows of `gold.jsonl`."""

    event: str = ""
    articles: list[Article] = field(default_factory=list)
    gold: list[dict[str, Any]] = field(default_factory=list)


def read(file: Path) -> Marked:
    """The event in `file`.

    Raises:
        ValueError: a line cannot be read, or the marks contradict each other; says which.
    """
    marked = Marked()
    members: dict[str, dict[str, tuple[Article, str]]] = {}  # by claim, then by article's name
    stated: dict[tuple[str, str, str], str] = {}
    denials: list[tuple[str, str]] = []
    head, *blocks = re.split(
        r"^(?=article: |relations:|denials:)", file.read_text("utf-8"), flags=re.M
    )
    marked.event = _fields(head)["event"]
    for block in blocks:
        first, _, rest = block.partition("\n")
        if first.startswith("article: "):
            _article(marked, members, first.removeprefix("article: ").strip(), rest)
            continue
        for line in filter(None, map(str.strip, rest.splitlines())):
            words = line.split()
            if first.startswith("denials") and len(words) == 3 and words[1] == "denies":
                denials.append((words[0], words[2]))
            elif first.startswith("relations") and len(words) == 4 and words[3] in RELATIONS:
                name, a, b, relation = words
                stated[name, a, b] = relation
                stated[name, b, a] = RELATIONS[relation]
            else:
                raise ValueError(f'"{line}" is neither a relation nor a denial.')
    for name, said in members.items():
        marked.gold.append(_claim(marked.event, name, said, stated))
    used = {(n, a, b) for n, said in members.items() for a, b in product(said, said)}
    for name, a, b in stated.keys() - used:
        raise ValueError(f"{name} is not marked in both {a} and {b}.")
    for one, other in denials:
        if one not in members or other not in members:
            raise ValueError(f"{one} denies {other}, but one of them is not marked.")
        names = (f"{marked.event}/{one}", f"{marked.event}/{other}")
        marked.gold.append(
            {"kind": "denial", "event": marked.event, "denial": names[0], "of": names[1]}
        )
    urls = [one.url for one in marked.articles]
    marked.gold.insert(0, {"kind": "event", "event": marked.event, "articles": urls})
    return marked


def _article(
    marked: Marked, members: dict[str, dict[str, tuple[Article, str]]], name: str, block: str
) -> None:
    head, _, body = block.partition("\n\n")
    fields = _fields(head)
    if missing := [key for key in FIELDS if not fields.get(key)]:
        raise ValueError(f"{name} has no {', '.join(missing)}.")
    lines = [" ".join(part.split()) for part in re.split(r"\n\s*\n", body.strip())]
    text = MARK.sub(r"\2", "\n\n".join(lines))
    if "[" in text or "]" in text:
        raise ValueError(f"{name} has a bracket that marks nothing.")
    article = Article(
        text,
        title=fields["title"],
        outlet=fields["outlet"],
        url=fields["url"],
        language=Language(fields["language"]),
        published_at=datetime.fromisoformat(fields["published"]),
        origin=name,
    )
    marked.articles.append(article)
    place = {"event": marked.event, "url": article.url, "language": str(article.language)}
    for ids, quote in MARK.findall("\n\n".join(lines)):
        if text.count(quote) != 1:
            raise ValueError(f'{name} says "{quote}" {text.count(quote)} times: mark more words.')
        for one in ids.split():
            if one == NONE:
                marked.gold.append({"kind": "nil", **place, "quote": quote})
                continue
            said = members.setdefault(one, {})
            again = 1 + sum(other is article for other, _ in said.values())
            said[name if again == 1 else f"{name}+{again}"] = (article, quote)
    claims = [f"{marked.event}/{one}" for one in fields.get("claims", "").split()]
    marked.gold.append({"kind": "headline", **place, "quote": article.title, "claims": claims})


def _claim(
    event: str,
    name: str,
    said: dict[str, tuple[Article, str]],
    stated: dict[tuple[str, str, str], str],
) -> dict[str, Any]:
    if len({article.language for article, _ in said.values()}) < 2:
        raise ValueError(f"{name} is marked in one language only: mark it [-: …] there.")
    names = list(said)
    return {
        "kind": "claim",
        "event": event,
        "id": f"{event}/{name}",
        "members": [
            {"url": article.url, "language": str(article.language), "quote": quote}
            for article, quote in said.values()
        ],
        "relations": [
            {"a": i, "b": j, "relation": stated.get((name, names[i], names[j]), "same")}
            for i in range(len(names))
            for j in range(i + 1, len(names))
            if said[names[i]][0].language != said[names[j]][0].language
        ],
    }


def _fields(head: str) -> dict[str, str]:
    found = {}
    for line in filter(None, map(str.strip, head.splitlines())):
        if not (match := HEAD.fullmatch(line)):
            raise ValueError(f'"{line}" is not a field.')
        found[match[1]] = match[2].strip()
    return found


if __name__ == "__main__":
    for name in sys.argv[1:]:
        found = read(Path(name))
        counts = {kind: sum(row["kind"] == kind for row in found.gold) for kind in ("claim", "nil")}
        print(f"{found.event}: {len(found.articles)} articles, {counts}")
