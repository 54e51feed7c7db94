"""A home as a whole: every file read and checked, then built at once. Whoever asks gets all of it or all problems."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from config import (
    addresses,
    ambassador_meaning,
    check_in_meaning,
    commas,
    conditions,
    connections,
    cut_short,
    file_names,
    meaning,
    misplaced,
    named_people,
    phrases,
    pictures,
    placeholders,
    post_meaning,
    powers,
    quote_signs,
    rehearsal_meaning,
    rule_meaning,
    same_names,
    survey_meaning,
    taken,
    tongues,
    value_meaning,
)
from config.answers import letters
from config.blame import blame
from config.chapter import Chapter, Heading
from config.deployment import Settings
from config.fields import keys_of
from config.folder import Folder
from config.places import Place, Spot, Step
from config.problems import Problem, Problems, Said, nearest, quoted, refused, said
from config.rehearsals import Rehearsals
from config.section_names import section_meant
from config.sections import SECTIONS, SHARED, Section, commanded, listening, reaching
from config.site import Site, as_far_as_understood, is_home, tell_absent, written_settings
from core.names import Named
from core.people import Account
from core.workflow import Bound, Group
from workflows import presence, unaddressed
from workflows.appeal_options import Appeals
from workflows.catalog import Catalog
from workflows.options import Window
from workflows.rule_options import Rules
from workflows.tier_options import Tiers

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment(Site):
    """A home, ready to run. `groups` are by the operator's key, `addresses` by platform and address."""

    communities: Mapping[str, Chapter]
    groups: Mapping[str, Group]
    addresses: Mapping[tuple[str, str], str]
    rehearsals: Mapping[str, Rehearsals] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """A home as far as it can be read. `problems` are what has to be mended before it can run.

    Where there are some, the groups of `seen` run nothing: it is there to look by, never to serve. `unread` are
    community files of which not even the groups are known, `unsettled` is whether `yaji.yaml` is understood in part
    only. `counted` are the groups with what their sections say, as far as that is understood: what numbers go by.
    """

    seen: Deployment
    problems: tuple[Problem, ...]
    unread: tuple[str, ...]
    unsettled: bool
    counted: Mapping[str, Group]


def load(home: Path) -> Deployment:
    """The deployment of a home. Raises ConfigError with every problem; warnings and notes are in `notes`."""
    deployment, problems = look(home)
    if deployment is None:
        raise refused(problem for problem in problems if problem.weight == "problem")
    return deployment


def look(home: Path) -> tuple[Deployment | None, tuple[Problem, ...]]:
    """Everything there is to say about a home, by place; the deployment only if nothing of it is a problem."""
    problems = Problems()
    read = _read(Path(home), problems)
    if read is None or read.settings is None or problems.of("problem"):
        return None, tuple(problems)
    return _deployed(read, read.chapters, _groups, tuple(problems)), tuple(problems)


def glimpse(home: Path) -> Glimpse:
    """Whatever can be read of a home. Raises ConfigError where it is none."""
    problems = Problems()
    read = _read(Path(home), problems)
    found = problems.of("problem")
    if read is None:
        raise refused(found)
    known = [chapter for chapter in read.chapters if chapter.heading is not None]
    unread = {*read.files}.difference(chapter.file for chapter in known)
    seen = _deployed(read, known, _watched if found else _groups, tuple(problems))
    counted = seen if not found else _deployed(read, known, _counted, ())
    return Glimpse(
        seen=seen,
        problems=found,
        unread=tuple(sorted(unread)),
        unsettled=read.settings is None,
        counted=counted.groups,
    )


class _Read(NamedTuple):
    """The files of a home as models; those that could be understood."""

    home: Path
    settings: Settings | None
    written: Mapping[str, Any]
    files: Sequence[str]
    chapters: Sequence[Chapter]
    catalog: Catalog
    rehearsals: Mapping[str, Rehearsals]


def _read(home: Path, problems: Problems) -> _Read | None:
    """A home read and looked into; None if there is none. All that is wrong with it goes to `problems`."""
    if not is_home(home):
        tell_absent(home, problems)
        return None
    reader = _Reader(Folder(home, problems), problems)
    written, settings, deployed = written_settings(reader.folder, problems)
    chapters = reader.chapters()
    catalog = phrases.catalog(reader.folder, problems)
    rehearsals = reader.rehearsals(chapters)
    addresses.consider(chapters, problems)
    for chapter in chapters:
        for look_into in _LOOKED_INTO:
            look_into.consider(chapter, problems)
        powers.compare(chapter, problems)
        pictures.consider(chapter, home, problems)
    if settings is not None:
        connections.consider(settings, deployed, chapters, problems)
    return _Read(home, settings, written, reader.folder.files("communities"), chapters, catalog, rehearsals)


def _deployed(
    read: _Read,
    chapters: Iterable[Chapter],
    groups_of: Callable[[Chapter, Catalog], Mapping[str, Group]],
    notes: tuple[Problem, ...],
) -> Deployment:
    groups = {key: group for chapter in chapters for key, group in groups_of(chapter, read.catalog).items()}
    return Deployment(
        home=read.home,
        settings=read.settings if read.settings is not None else as_far_as_understood(read.written),
        communities=MappingProxyType({chapter.file: chapter for chapter in chapters}),
        groups=MappingProxyType(groups),
        addresses=MappingProxyType({place: key for chapter in chapters for place, key in chapter.addresses()}),
        rehearsals=MappingProxyType(read.rehearsals),
        notes=notes,
    )


def _groups(chapter: Chapter, catalog: Catalog) -> dict[str, Group]:
    """The groups of a community: all run the same workflows with the same options, save for the admins' own group."""
    community = chapter.community
    quiet = chapter.heading.quiet_hours if chapter.heading is not None else None
    # Rules run even where none are written: they answer the proposals of other workflows, and an admin's warnings. So
    # do appeals: what an admin does can be appealed against too.
    options = {"rules": Rules(), "appeals": Appeals(), **chapter.options}
    rules, tiers = options["rules"], options.get("tiers")
    if isinstance(rules, Rules) and isinstance(tiers, Tiers):
        options["rules"] = rules.with_grants(tiers.granted)
    runs = tuple(
        Bound(section.workflow, options[section.workflow.name])
        for section in SECTIONS
        if section.workflow.name in options
    )
    runs = (*runs, *listening(options), *reaching(options))
    runs = (*runs, *commanded(community, options))
    named = letters(catalog, community.languages, options)
    return {
        key: replace(
            group,
            runs=(*runs, *group.runs) if key != group.desk else group.runs,
            letters=named,
            quiet=quiet.hours if quiet is not None else None,
        )
        for key, group in _watched(chapter, catalog).items()
    }


def _counted(chapter: Chapter, catalog: Catalog) -> dict[str, Group]:
    """The groups of a community with those of its sections that could be understood."""
    options = chapter.options
    runs = tuple(
        Bound(each.workflow, options[each.workflow.name]) for each in SECTIONS if each.workflow.name in options
    )
    watched = _watched(chapter, catalog)
    return {key: replace(group, runs=runs) if key != group.desk else group for key, group in watched.items()}


def _watched(chapter: Chapter, catalog: Catalog) -> dict[str, Group]:
    """The groups of a community as its heading tells of them, with nothing run but what watches over the assistant's
    rights there."""
    community = chapter.community
    name = Named(community.name.in_(community.languages[0]), community.name.names)
    standing = Bound(presence.workflow, presence.Presence(needs=powers.needed(chapter)))
    desk = community.admin_group or ""
    steered = tuple(key for key in community.groups if key != desk)
    asked = (Bound(unaddressed.workflow, unaddressed.Unaddressed(groups=steered)),) if len(steered) > 1 else ()
    return {
        key: Group(
            key=key,
            community=name,
            zone=community.timezone,
            languages=community.languages,
            staff=frozenset(Account(admin) for admin in (*community.admins, *community.owners)),
            moderators=frozenset(Account(one) for one in community.moderators),
            owners=frozenset(Account(one) for one in community.owners),
            report=community.report,
            runs=(standing,) if key != desk else (*asked, Bound(presence.workflow, presence.Presence())),
            desk=desk,
            said_on=written.said_on if written is not None else (),
            topic=(written.topic or "") if written is not None else "",
            texts=catalog,
        )
        for key, written in community.groups.items()
    }


class _Reader:
    """Reads the files of a home into models. What cannot be read is told and left out."""

    def __init__(self, folder: Folder, problems: Problems) -> None:
        self.folder, self.problems = folder, problems

    def chapters(self) -> list[Chapter]:
        """Every file under `communities/`, with those of its parts that can be understood."""
        files = self.folder.files("communities")
        if not files and "communities" not in self.folder.shut:
            self.problems.refuse(Place("communities", 0), (), self._no_file(), _ONE_COMMUNITY)
        return [chapter for file in files if (chapter := self.chapter(file)) is not None]

    def _no_file(self) -> Said:
        """That there is no community; with what is there instead, for a file that is only named wrongly."""
        inside = self.folder.root / "communities"
        others = sorted(path.name for path in inside.iterdir() if path.name[0] not in ".~") if inside.is_dir() else []
        listed = ", ".join(f"`{name}`" for name in others[:3])
        return said(f"no community file, only {listed}", f"没有社群文件，只有 {listed}") if listed else _NO_FILE

    def chapter(self, file: str) -> Chapter | None:
        value, spot = self.folder.yaml(file)
        if spot.broken:
            return None
        if not isinstance(value, dict):
            self.problems.refuse(spot.at, (), said("no sections", "没有章节"), _SECTIONS_WANTED)
            return None
        for key in value:
            if key not in KEYS:
                found = said(f"the unknown section `{key}`", f"不认识的章节 `{key}`")
                guess = nearest(key, KEYS) or section_meant(key)
                name = spot.children[str(key)].name
                belongs = None if guess else misplaced.of_the_one_before(key, list(value))
                if belongs is not None:
                    self.problems.tell("problem", name, (key,), belongs)
                    continue
                self.problems.refuse(name, (key,), found, _A_SECTION, guess=guess)
        options: dict[str, BaseModel] = {}
        for section in SECTIONS:
            understood = self.options(section, value, spot)
            if understood is not None:
                options[section.workflow.name] = understood
        heading = self.understood(Heading, _only(value, keys_of(Heading)), spot)
        return Chapter(file=file, heading=heading, options=MappingProxyType(options), spot=spot)

    def options(self, section: Section, value: Mapping[Any, Any], spot: Spot) -> BaseModel | None:
        """The options of a workflow, None if its sections are absent or cannot be used."""
        if not any(value.get(key) is not None for key in section.keys):
            return None
        model = section.model
        shared = {key: value[key] for key in SHARED if key in keys_of(model) and self._sound(key, value)}
        if section.under is None:
            first = min(spot.children[key].name for key in section.keys if key in spot.children)
            return self.understood(model, {**shared, **_only(value, section.keys)}, replace(spot, at=first))
        inner = value[section.under]
        inner = {**shared, **inner} if isinstance(inner, dict) else inner
        return self.understood(model, inner, spot.children[section.under], (section.under,))

    def _sound(self, key: str, value: Mapping[Any, Any]) -> bool:
        """Whether a shared key is well written; where it is not, that is told once, at the top."""
        if value.get(key) is None:
            return False
        try:
            TypeAdapter(Window).validate_python(value[key])
        except ValidationError:
            return False
        return True

    def rehearsals(self, chapters: Iterable[Chapter]) -> dict[str, Rehearsals]:
        """Every file under `tests/`."""
        found, told = {}, {chapter.file: chapter for chapter in chapters}
        for file in self.folder.files("tests"):
            value, spot = self.folder.yaml(file)
            understood = None if spot.broken else self.understood(Rehearsals, value, spot)
            if understood is None:
                continue
            found[file] = understood
            about = f"communities/{understood.community}"
            if about in told:
                rehearsal_meaning.consider(understood, told[about], spot, self.problems)
            elif about not in self.folder.files("communities"):
                known = [name.removeprefix("communities/") for name in self.folder.files("communities")]
                self.problems.refuse(
                    spot.children["community"].at,
                    ("community",),
                    quoted(understood.community),
                    said("a file under communities/", "communities/ 下的一个文件"),
                    guess=nearest(understood.community, known),
                )
        return found

    def understood(self, model: type[M], value: Any, spot: Spot, path: tuple[Step, ...] = ()) -> M | None:
        """A value as a model, None when it was refused (and told)."""
        try:
            return model.model_validate(value)
        except ValidationError as error:
            blame(error, model, spot, self.problems, path)
            return None


def _only(value: Mapping[Any, Any], keys: Iterable[str]) -> dict[str, Any]:
    return {key: value[key] for key in keys if key in value}


_LOOKED_INTO = (
    meaning,
    check_in_meaning,
    ambassador_meaning,
    rule_meaning,
    post_meaning,
    survey_meaning,
    same_names,
    commas,
    quote_signs,
    file_names,
    taken,
    conditions,
    value_meaning,
    placeholders,
    cut_short,
    tongues,
    named_people,
)
KEYS = tuple(dict.fromkeys((*keys_of(Heading), *(key for section in SECTIONS for key in section.keys))))
"""The sections of a community file."""
_NO_FILE = said("no community file", "没有社群文件")
_ONE_COMMUNITY = said("at least one file `communities/<name>.yaml`", "至少一个 `communities/<名字>.yaml`")
_SECTIONS_WANTED = said("a community file: `community:`, then its sections", "社群文件：先写 `community:`，再写各章节")
_A_SECTION = said(", ".join(KEYS), "、".join(KEYS))
