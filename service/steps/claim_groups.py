"""Claim groups of an event: claims that say the same thing, with what each language calls it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from alignment.contrasts import term_contrasts
from alignment.groups import ClaimGroup, Edge, Grouping, Member, group
from service.steps.pairing import edges
from service.steps.told import Compared, Told, Where, claim_of, place_of, plain, settled, tally
from service.store import ids
from service.store.groups import DISPUTED
from service.store.tables import AlignmentRow, ClaimGroupRow, GroupMemberRow, JudgementRow, PairRow


def unite(
    voices: Sequence[Told],
    aligned: Sequence[tuple[AlignmentRow, Told, Told]],
    judged: Mapping[str, JudgementRow],
) -> Grouping:
    """The groups that the alignments make, where an analyst's word counts before the machine's."""
    members = [
        Member(key, claim.language, one.id)
        for one in voices
        for key, claim in zip(one.claim_ids, one.claims, strict=True)
    ]
    found = [edge for row, a, b in aligned for edge in edges(row, a, b)]
    apart: set[frozenset[str]] = set()
    for one in judged.values():
        both = list(product(one.a_claims, one.b_claims))
        if one.judgement == "different":
            apart.update(map(frozenset, both))
        elif one.judgement == "same":
            found += [Edge(a, b, 1.0) for a, b in both]
    compared = {frozenset((a.id, b.id)) for _, a, b in aligned}
    return group(members, found, apart=apart, compared=compared)


def file(event_id: str, groups: Sequence[ClaimGroup], where: Where, result: Compared) -> None:
    """Add the groups' rows to the result, and tell its pairs their group.

    Groups that more languages tell come first, among them those that are disputed, then those with
    more members, then those told earlier.
    """
    disputed = _disputed(groups, result.pairs)
    drafts = []
    for one in groups:
        keys = sorted((member.key for member in one.members), key=lambda key: place_of(key, where))
        languages = tally([member.language for member in one.members])
        calm = not any(key in disputed for key in keys)
        order = (-len(languages), calm, -len(keys), place_of(keys[0], where))
        drafts.append((order, keys, languages, one))
    drafts.sort(key=lambda draft: draft[0])
    of_claim: dict[str, ClaimGroupRow] = {}
    for position, (_, keys, languages, one) in enumerate(drafts):
        row = ClaimGroupRow(
            id=ids.group(event_id, keys[0]),
            event_id=event_id,
            anchor=keys[0],
            position=position,
            languages=languages,
            contrasts=[
                plain(contrast)
                for contrast in term_contrasts([claim_of(key, where) for key in keys])
            ]
            if len(keys) > 1
            else [],
            consistency=settled(one.consistency),
            algorithm=result.algorithm,
        )
        result.groups.append(row)
        for key in keys:
            of_claim[key] = row
            result.members.append(
                GroupMemberRow(
                    claim_id=key, group_id=row.id, language=claim_of(key, where).language
                )
            )
    inside: dict[str, list[str]] = {}
    for pair in result.pairs:
        a, b = of_claim[pair.a_claim], of_claim[pair.b_claim]
        pair.group_id = a.id if a is b else None
        if pair.group_id and pair.a_language != pair.b_language and not pair.doubtful:
            inside.setdefault(pair.group_id, []).append(pair.relation)
    for row in result.groups:
        row.relations = tally(inside.get(row.id, []))


def _disputed(groups: Sequence[ClaimGroup], pairs: Sequence[PairRow]) -> set[str]:
    """The claims in likely pairs of one group, across languages, whose sides do not agree."""
    home = {member.key: number for number, one in enumerate(groups) for member in one.members}
    found: set[str] = set()
    for pair in pairs:
        if (
            pair.relation in DISPUTED
            and not pair.doubtful
            and pair.a_language != pair.b_language
            and home[pair.a_claim] == home[pair.b_claim]
        ):
            found.add(pair.a_claim)
    return found
