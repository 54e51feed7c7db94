"""What is shipped with the loader: homes to begin with, the schema, the reference."""

from __future__ import annotations

import json

import pytest
import typer

from cli.check import check
from cli.init import Template, init
from config import reference, schema
from config.descriptions import chinese
from config.home import look


@pytest.mark.parametrize("template", list(Template))
def test_a_new_home_has_no_problem_and_no_warning(tmp_path, template, capsys):
    home = tmp_path / "home"
    init(home, template)
    deployment, told = look(home)
    assert [str(problem) for problem in told if problem.weight != "note"] == []
    assert deployment is not None
    assert deployment.rehearsals
    assert not any(group.staff for group in deployment.groups.values()), "a number in a template is somebody's"
    check(home, lang="en")
    assert "is in order" in capsys.readouterr().out


def test_the_literati_run_all_four_workflows_in_both_languages(tmp_path):
    init(tmp_path / "home", Template.LITERATI)
    deployment, told = look(tmp_path / "home")
    assert deployment is not None
    group = deployment.groups["lanting"]
    names = [bound.name for bound in group.runs]
    assert [name for name in names if name in _FOUR] == list(_FOUR)
    assert names[-4:] == ["members", "steering", "signpost", "presence"]
    assert group.languages == ("zh", "en")
    assert not [str(problem) for problem in told if "every language" in str(problem)]


def test_a_folder_that_holds_something_is_left_alone(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(typer.Exit) as left:
        init(tmp_path)
    assert left.value.exit_code == 2
    assert "not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_new_home_has_the_schema_that_its_files_name(tmp_path):
    init(tmp_path / "home")
    named = (tmp_path / "home" / "communities" / "lanting.yaml").read_text(encoding="utf-8").splitlines()[0]
    path = tmp_path / "home" / "communities" / named.rpartition("$schema=")[2]
    assert json.loads(path.read_text(encoding="utf-8"))["required"] == ["community"]


def test_the_schema_knows_every_section_and_explains_it():
    made = schema.community()
    assert {"community", "onboarding", "check_ins", "rules", "lists", "tiers", "faq", "quiet_hours"} <= set(
        made["properties"]
    )
    assert made["additionalProperties"] is False
    assert "description" in made["$defs"]["Challenge"]["properties"]["keywords"]
    used = set(json.dumps(made).split('"#/$defs/')[1:])
    assert {each.partition('"')[0] for each in used} <= set(made["$defs"])


@pytest.mark.parametrize("page", reference.PAGES)
def test_the_reference_is_what_the_models_say(page):
    text = (reference.DOCS / page).read_text(encoding="utf-8")
    assert text == reference.renewed(page, text), "run: python -m config.reference"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_option_has_a_line_of_doc(language):
    lines = reference.reference(language).splitlines()
    assert [line for line in lines if line.startswith("| `") and line.endswith("|  |")] == []


def explanations(part):
    """Every description in a schema."""
    if isinstance(part, dict):
        if isinstance(part.get("description"), str):
            yield part["description"]
        part = list(part.values())
    for each in part if isinstance(part, list) else ():
        yield from explanations(each)


def test_every_line_of_doc_has_its_chinese_and_nothing_else_has():
    described = {row[-1].en for table in reference.tables() for row in table.rows}
    described |= set(explanations(schema.community()))
    assert described ^ chinese().keys() == set(), "keep config/descriptions.zh.yaml in step"


def test_editors_explain_in_the_language_of_whoever_began_the_home(tmp_path):
    for language in ("zh", "en"):
        init(tmp_path / language, lang=language)
    zh, en = (
        json.loads((tmp_path / language / ".schema" / "community.schema.json").read_text(encoding="utf-8"))
        for language in ("zh", "en")
    )
    assert list(explanations(zh)) == [chinese()[each] for each in explanations(en)]
    assert zh["properties"].keys() == en["properties"].keys()


_FOUR = ("onboarding", "check_in", "rules", "tiers")
