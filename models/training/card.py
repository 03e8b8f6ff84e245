"""The model card: data with licences and counts, training, scores, limits."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from models.training.domains import Domains, weight

TEMPLATE = Path(__file__).parent / "card.md"
OWN = "written for this project"


def licences(folders: Iterable[Path]) -> dict[str, str]:
    """Licence of each corpus, from tables with `corpus` and `licence` columns in MANIFEST*.md.

    A `folder` column other than `.` belongs to the name: `ui/kdeui`.
    """
    found: dict[str, str] = {}
    for path in sorted(p for folder in folders for p in folder.glob("MANIFEST*.md")):
        heading: list[str] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("|"):
                heading = []
                continue
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not heading:
                heading = cells
                continue
            if not {"corpus", "licence"} <= set(heading) or len(cells) < len(heading):
                continue
            row = dict(zip(heading, cells, strict=False))
            folder = row.get("folder", ".")
            name = row["corpus"] if folder == "." else f"{folder}/{row['corpus']}"
            if not set(name) <= set("-: "):
                found.setdefault(name, row["licence"])
    return found


def used(
    counts: Mapping[str, Any], domains: Domains, pairs: Iterable[str]
) -> dict[str, dict[str, int]]:
    """Pairs kept of each corpus that is drawn at all, by language pair."""
    result: dict[str, dict[str, int]] = defaultdict(dict)
    for pair in pairs:
        for name, number in counts[pair]["kept"].items():
            if weight(name, domains.first) > 0 or weight(name, domains.last) > 0:
                result[name][pair] = number
    return dict(sorted(result.items()))


def licence_of(name: str, known: Mapping[str, str]) -> str:
    """What the manifests say of a corpus."""
    if name.startswith("written/"):
        return OWN
    return known.get(name, "not stated in the manifests")


def data_table(corpora: Mapping[str, Mapping[str, int]], known: Mapping[str, str]) -> str:
    """A Markdown table of licences: which corpora, how many pairs."""
    by_licence: dict[str, list[str]] = defaultdict(list)
    total: dict[str, int] = defaultdict(int)
    for name, numbers in corpora.items():
        licence = licence_of(name, known)
        by_licence[licence].append(name)
        total[licence] += sum(numbers.values())
    lines = ["| licence | pairs | corpora |", "|---|---:|---|"]
    for licence in sorted(by_licence, key=lambda each: -total[each]):
        lines.append(f"| {licence} | {total[licence]:,} | {', '.join(by_licence[licence])} |")
    lines.append(f"| in all | {sum(total.values()):,} | |")
    return "\n".join(lines)


def score_table(scores: Iterable[Mapping[str, Any]]) -> str:
    """A Markdown table of scores, with the signatures below it."""
    rows = list(scores)
    lines = ["| test set | direction | sentences | BLEU | chrF2 |", "|---|---|---:|---:|---:|"]
    for row in rows:
        lines.append(
            f"| {row['test']} | {row['direction']} | {row['sentences']} "
            f"| {row['bleu']:.2f} | {row['chrf']:.2f} |"
        )
    signatures = sorted({name for row in rows for name in row["signatures"]})
    return "\n".join([*lines, "", *(f"`{name}`  " for name in signatures)])


def write(
    target: Path,
    *,
    counts: Mapping[str, Any],
    domains: Domains,
    pairs: Iterable[str],
    manifests: Iterable[Path],
    scores: list[dict[str, Any]],
    training: Mapping[str, Any],
) -> None:
    """Write CARD.md from the template, and card.json with the same facts."""
    known = licences(manifests)
    corpora = used(counts, domains, pairs)
    text = TEMPLATE.read_text(encoding="utf-8")
    training_lines = "\n".join(f"- {name}: {value}" for name, value in training.items())
    for mark, content in (
        ("{{data}}", data_table(corpora, known)),
        ("{{scores}}", score_table(scores)),
        ("{{training}}", training_lines),
    ):
        text = text.replace(mark, content)
    (target / "CARD.md").write_text(text, encoding="utf-8")
    facts = {
        "name": "Parallax starter packages",
        "directions": sorted({row["direction"] for row in scores}),
        "data": {
            name: {"licence": licence_of(name, known), "pairs": dict(numbers)}
            for name, numbers in corpora.items()
        },
        "training": dict(training),
        "scores": scores,
        "limits": [
            line.removeprefix("- ")
            for line in text.partition("## What it gets wrong")[2].splitlines()
            if line.startswith("- ")
        ],
    }
    (target / "card.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n")
