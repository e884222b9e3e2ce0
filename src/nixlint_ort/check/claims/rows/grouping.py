"""Reads the mentions of one subject in a unit as groups that each name rows: the reading with most right wins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.rows.votes import Ballot, Verdict, Vote, are_of_several, matches, vote

if TYPE_CHECKING:
    from nixlint_ort.check.claims.words.entities import Entity
    from nixlint_ort.check.claims.words.mention import Mention

MAX_MENTIONS = 24
"""Of one subject in one unit; more are not understood."""
MAX_ROWS = 4
"""Of a release that lists are held against in every order."""
_ALONE = 0.6
_ALONE_IN_CLAUSE = 0.45
_ALONE_IN_FORM = 1.05
_IMPOSSIBLE = 1e9


@dataclass(slots=True)
class Grouper:
    """What the groups of one unit are judged by."""

    ballot: Ballot
    least: frozenset[str] = frozenset()
    """Columns whose values are the least that is needed."""
    keys: frozenset[str] = frozenset()
    """Columns that name a row by themselves."""
    works: bool = False
    """Whether the unit speaks of what works too, so that more than the least is right."""

    def read(
        self, mentions: Sequence[Mention], cuts: Sequence[int] = (), *, whole: bool = False
    ) -> dict[Mention, Verdict]:
        """The verdicts of the best reading; `cuts` are ends of clauses, `whole` says that all is one group."""
        if len(mentions) > MAX_MENTIONS or not mentions:
            return {}
        if whole:
            found = self.group(mentions)
            return found.verdicts if found.wrong < _IMPOSSIBLE else {}
        best: list[tuple[float, int, dict[Mention, Verdict]]] = [(0.0, 0, {})]
        for end in range(1, len(mentions) + 1):
            options: list[tuple[float, int, dict[Mention, Verdict]]] = []
            for start in range(end):
                cost, count, verdicts = best[start]
                if cost >= _IMPOSSIBLE or not self.may_begin(mentions, start, cuts):
                    continue
                if self.says_again(mentions[start:end], cuts):
                    continue
                found = self.group(mentions[start:end])
                if found.wrong < _IMPOSSIBLE:
                    alone = 0.0
                    if not found.verdicts and end - start < len(mentions):
                        alone = self.price(mentions, start, cuts) * (end - start)
                    options.append((cost + found.wrong + alone, count + 1, {**verdicts, **found.verdicts}))
            best.append(min(options, key=lambda one: one[:2]) if options else (_IMPOSSIBLE, 0, {}))
        verdicts = best[-1][2] if best[-1][0] < _IMPOSSIBLE else {}
        if verdicts and any(one not in verdicts for one in mentions):
            return self.by_turns(mentions) or self.from_first(mentions) or verdicts
        return verdicts

    def by_turns(self, mentions: Sequence[Mention]) -> dict[Mention, Verdict]:
        """The verdicts where columns come again by turns, as in `12.4 for 3.12, 12.9 for 3.13`."""
        roles = [self.role(one, mentions) for one in mentions]
        size = next((size for size in range(2, len(roles) // 2 + 1) if roles[:size] * (len(roles) // size) == roles), 0)
        if not size or len(set(roles[:size])) != size:
            return {}
        found = self.group(mentions)
        return found.verdicts if found.wrong < _IMPOSSIBLE else {}

    def from_first(self, mentions: Sequence[Mention]) -> dict[Mention, Verdict]:
        """The verdicts where each group begins with the column of the first mention, and none is alone."""
        first = self.role(mentions[0], mentions)
        starts = [at for at, one in enumerate(mentions) if self.role(one, mentions) == first]
        groups = [mentions[a:b] for a, b in zip(starts, [*starts[1:], len(mentions)], strict=True)]
        if len(groups) < 2 or any(len(group) < 2 or group[0].is_listed for group in groups):
            return {}
        votes = [self.group(group) for group in groups]
        if any(
            vote.wrong >= _IMPOSSIBLE or len(vote.verdicts) < len(group)
            for vote, group in zip(votes, groups, strict=True)
        ):
            return {}
        return {one: verdict for vote in votes for one, verdict in vote.verdicts.items()}

    @staticmethod
    def crosses(mentions: Sequence[Mention], start: int, cuts: Sequence[int]) -> bool:
        """Whether a clause ends right before a mention."""
        return any(mentions[start - 1].end <= cut <= mentions[start].start for cut in cuts)

    def says_again(self, mentions: Sequence[Mention], cuts: Sequence[int]) -> bool:
        """Whether a group goes on in another clause, which has a value of a column again, beside one of another."""
        for at in range(1, len(mentions)):
            if self.crosses(mentions, at, cuts):
                before = {self.role(one, mentions) for one in mentions[:at]}
                after = {self.role(one, mentions) for one in mentions[at:]}
                if len(after) > 1 and before & after and not before >= after:
                    return True
        return False

    def may_begin(self, mentions: Sequence[Mention], start: int, cuts: Sequence[int]) -> bool:
        """Whether a new group may begin here: at a clause, or where a column comes again; never within a list."""
        if start == 0:
            return True
        if mentions[start].is_listed:
            return False
        if self.crosses(mentions, start, cuts):
            return True
        before = {self.role(one, mentions) for one in mentions[:start]}
        return any(self.role(one, mentions) in before for one in mentions[start:])

    def price(self, mentions: Sequence[Mention], start: int, cuts: Sequence[int]) -> float:
        """What it costs that a mention is alone."""
        begins = start > 0 and self.crosses(mentions, start, cuts)
        ends = start + 1 < len(mentions) and self.crosses(mentions, start + 1, cuts)
        if mentions[start].is_formed and (start == len(mentions) - 1 or (ends and start and not begins)):
            return _ALONE_IN_FORM
        return _ALONE_IN_CLAUSE if begins or ends else _ALONE

    def role(self, mention: Mention, mentions: Sequence[Mention]) -> str:
        """What a mention is among others: its column; a word such as `CPU-only` is a key like the one beside it."""
        if mention.form == "inner":
            return f"{mention.column}()"
        if mention.notation == "dotted" and any(one.is_formed and one.column == mention.column for one in mentions):
            return f"{mention.column}."  # `sm90` and its compute capability, 9.0
        if mention.form == "word" and mention.column in self.keys:
            near = [one for one in mentions if one.column in self.keys and one.form != "word"]
            return min(near, key=lambda one: abs(one.start - mention.start)).column if near else mention.column
        return mention.column

    def group(self, mentions: Sequence[Mention]) -> Vote:
        """The better of two ways to read a group: as one row, or as lists in step."""
        columns: dict[str, list[Mention]] = {}
        for one in mentions:
            columns.setdefault(self.role(one, mentions), []).append(one)
        ways: list[Vote] = []
        if all(len({one.value for one in found}) == 1 or name in self.ballot.many for name, found in columns.items()):
            ways.append(self.vote(mentions))
        if not ways or ways[0].wrong:
            stepped = self.in_step(list(columns.values()))
            if stepped is not None:
                ways.append(stepped)
        return min(ways, key=lambda one: one.wrong) if ways else Vote(_IMPOSSIBLE)

    def vote(self, mentions: Sequence[Mention]) -> Vote:
        """The vote, in which more than the least may be right."""
        found = vote(mentions, self.ballot)
        if found.wrong and self.works:
            for one, verdict in found.verdicts.items():
                if not verdict.is_right and self.is_enough(one, [verdict.entity] if verdict.entity else []):
                    found.verdicts[one] = Verdict(is_right=True, entity=verdict.entity)
                    found.wrong -= 1
        return found

    def is_enough(self, mention: Mention, entities: Iterable[Entity]) -> bool:
        """Whether a value is at least what rows need."""
        needed = [value for one in entities for value in one.values.get(mention.column, ())]
        return mention.column in self.least and bool(needed) and all(map(mention.is_at_least, needed))

    def in_step(self, columns: Sequence[Sequence[Mention]]) -> Vote | None:
        """Lists of equally many values, of which the first belong together, and so on; one value is for all."""
        steps = max(map(len, columns))
        if steps == 1 or any(len(found) not in (1, steps) for found in columns):
            return None
        lists = [found for found in columns if len(found) > 1]
        shared = [found[0] for found in columns if len(found) == 1]
        if len(lists) == 1 and len(shared) > 1:
            return self.around(lists[0], shared)
        whole = self.by_release(lists, steps) if len(lists) > 1 else None
        if whole is None:
            whole = self.each(lists, steps)
        rows = [self.row_of(whole, lists, step) for step in range(steps)]
        for one in shared:
            self.find_rows(whole, lists, rows, one)
            verdict = self.for_all(one, rows)
            if verdict is None:
                return None
            whole.verdicts[one] = verdict
            whole.wrong += not verdict.is_right
            if verdict.is_right or verdict.is_decided:
                for found in lists:
                    for other, row in zip(found, rows, strict=True):
                        whole.verdicts.setdefault(other, Verdict(is_right=True, entity=row))
        return whole

    def find_rows(
        self, whole: Vote, lists: Sequence[Sequence[Mention]], rows: list[Entity | None], shared: Mention
    ) -> None:
        """The rows of steps that no value of a list names, by the one value that is for all."""
        for step, row in enumerate(rows):
            if row is None:
                part = vote([*(found[step] for found in lists), shared], self.ballot)
                whole.verdicts.update({one: verdict for one, verdict in part.verdicts.items() if one is not shared})
                whole.wrong += part.wrong
                rows[step] = next((verdict.entity for verdict in part.verdicts.values()), None)

    def around(self, found: Sequence[Mention], shared: Sequence[Mention]) -> Vote:
        """A list beside several values that are for all of it: a vote for each item."""
        whole = Vote(0.0)
        outvoted: dict[Mention, list[Verdict]] = {}
        for item in found:
            part = vote([item, *shared], self.ballot)
            for one, verdict in part.verdicts.items():
                if one is item or verdict.is_right:
                    whole.verdicts.setdefault(one, verdict)
                    whole.wrong += one is item and not verdict.is_right
                else:
                    outvoted.setdefault(one, []).append(verdict)
        for one, verdicts in outvoted.items():
            agreed = len({verdict.expected for verdict in verdicts}) == 1 and len(verdicts) == len(found)
            whole.verdicts[one] = verdicts[0] if agreed else verdicts[0]._replace(expected=None, is_decided=False)
            whole.wrong += 1
        return whole

    def row_of(self, whole: Vote, lists: Sequence[Sequence[Mention]], step: int) -> Entity | None:
        """The row of a step of lists."""
        verdicts = [whole.verdicts.get(found[step]) for found in lists]
        return next((one.entity for one in verdicts if one and one.entity), None) or self.only(lists, step)

    def only(self, lists: Sequence[Sequence[Mention]], step: int) -> Entity | None:
        """The row that one value of a list names by itself; of several, one that the release has."""
        found = [row for row in self.ballot.entities if all(matches(one[step], row) for one in lists)]
        return next((row for row in found if row.key in self.ballot.preferred), found[0] if len(found) == 1 else None)

    def each(self, lists: Sequence[Sequence[Mention]], steps: int) -> Vote:
        """A vote for each step; a variant that is named besides is of one of them at most where the values differ."""
        is_of_several = any(are_of_several(found, self.ballot.many) for found in lists)
        ballot = self.ballot._replace(anchors=()) if is_of_several else self.ballot
        whole = Vote(0.0)
        for step in range(steps):
            part = vote([found[step] for found in lists], ballot)
            whole.verdicts.update(part.verdicts)
            whole.wrong += part.wrong
        return whole

    def by_release(self, lists: Sequence[Sequence[Mention]], steps: int) -> Vote | None:
        """Lists in step with the rows that the release has, in any order; None where they are of others."""
        rows = [row for row in self.ballot.entities if row.key in self.ballot.preferred]
        if len(rows) != steps or steps > MAX_ROWS:
            return None
        best: list[tuple[int, tuple[Entity, ...]]] = []
        for order in permutations(rows):
            score = sum(matches(one, row) for found in lists for one, row in zip(found, order, strict=True))
            best.append((score, order))
        most = max(score for score, _ in best)
        orders = [order for score, order in best if score == most]
        if len(orders) != 1 or most <= steps * len(lists) / 2:
            return None
        whole = Vote(0.0)
        for found in lists:
            for one, row in zip(found, orders[0], strict=True):
                right = matches(one, row)
                values = row.values.get(one.column, ())
                is_one = len(values) == 1 or (values and one.column not in self.ballot.many)
                expected = values[0] if is_one else None
                whole.verdicts[one] = Verdict(
                    right, None if right else expected, row, is_decided=right or expected is not None
                )
                whole.wrong += not right
        return whole

    def for_all(self, mention: Mention, rows: Sequence[Entity | None]) -> Verdict | None:
        """One value for several rows: right if it is that of each, or the least that all need."""
        known = [row for row in rows if row is not None]
        if len(known) < len(rows):
            return None
        right = [row for row in known if matches(mention, row)]
        if len(right) == len(known):
            return Verdict(is_right=True, entity=known[0])
        if (right or self.works) and self.is_enough(mention, known):
            return Verdict(is_right=True, entity=(right or known)[0])
        wanted = {row.values.get(mention.column, ()) for row in known}
        if not right and len(wanted) == 1 and len(values := wanted.pop()) == 1:
            return Verdict(False, values[0], known[0])
        return Verdict(False, None, known[0], is_decided=False)
