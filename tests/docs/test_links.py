"""No link leads nowhere, every page can be found, and found in both languages."""

from __future__ import annotations

import posixpath

import pytest

from tests.docs.pages import CHINESE, PAGES, ROOT, anchors, links

INDEXES = ("docs/index.md", "docs/index.zh.md")
ENGLISH_ONLY = ("docs/adr/", "docs/architecture.md", "docs/benchmarks.md")
"""What is written for those who change the code."""

INSIDE = [(page, link) for page in PAGES for link in links(page) if "://" not in link]


@pytest.mark.parametrize(("page", "link"), INSIDE, ids=[f"{page}: {link}" for page, link in INSIDE])
def test_a_link_leads_somewhere(page: str, link: str):
    path, _, anchor = link.partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
    assert (ROOT / target).exists(), f"{page} links to {target}, which is not there"
    if anchor:
        assert anchor in anchors(target), f"{target} has the headings {sorted(anchors(target))}"


def led_to(page: str) -> set[str]:
    """The pages that a page links to."""
    here = posixpath.dirname(page)
    return {posixpath.normpath(posixpath.join(here, link.partition("#")[0])) for link in links(page)}


@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith("docs/") and page not in INDEXES])
def test_the_index_leads_to_every_page(page: str):
    assert page in led_to("docs/index.md")
    assert page not in CHINESE or page in led_to("docs/index.zh.md")


@pytest.mark.parametrize("page", CHINESE)
def test_a_page_leads_to_itself_in_the_other_language(page: str):
    english = page.replace(".zh.", ".")
    assert english in led_to(page)
    assert page in led_to(english)


@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith("docs/") and page not in CHINESE])
def test_what_operators_read_is_there_in_both_languages(page: str):
    assert page.startswith(ENGLISH_ONLY) or page.replace(".md", ".zh.md") in PAGES


@pytest.mark.parametrize("page", CHINESE)
def test_a_chinese_page_leads_to_chinese_pages(page: str):
    own = page.replace(".zh.", ".")
    there = {each for each in led_to(page) - {own} if each.replace(".md", ".zh.md") in PAGES}
    assert there <= set(CHINESE), "these are there in Chinese, too"
