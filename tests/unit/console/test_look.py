"""The colours can be read, and every template uses what the build makes."""

import json
import re
from pathlib import Path

import pytest

CONSOLE = Path(__file__).resolve().parents[3] / "server" / "console"
SERVER = CONSOLE.parent
SHEET = (CONSOLE / "assets/src/styles/tokens.css").read_text()
PAGES, _, SCREEN = SHEET.partition(".screen {")
COLOUR = re.compile(r"(--[\w-]+):\s*(#[0-9a-f]{6});")
TOKENS = dict(COLOUR.findall(PAGES))
TEMPLATES = sorted(SERVER.glob("**/templates/**/*.html"))
TEXT, MARK = 4.5, 3.0  # WCAG 2.2 AA: words, and marks such as edges of controls


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        ("--ink", "--ground", TEXT),
        ("--ink", "--surface", TEXT),
        ("--muted", "--ground", TEXT),
        ("--muted", "--surface", TEXT),
        ("--muted", "--brand-tint", TEXT),
        ("--brand", "--surface", TEXT),
        ("--brand", "--ground", TEXT),
        ("--brand-strong", "--brand-tint", TEXT),
        ("--surface", "--brand", TEXT),
        ("--surface", "--danger", TEXT),
        ("--ok", "--ok-tint", TEXT),
        ("--warn-ink", "--warn-tint", TEXT),
        ("--warn-ink", "--surface", TEXT),
        ("--danger", "--danger-tint", TEXT),
        ("--danger", "--surface", TEXT),
        ("--line-strong", "--surface", MARK),
        ("--line-strong", "--ground", MARK),
        ("--brand", "--ground", MARK),
    ],
)
def test_colours_that_meet_have_enough_contrast(ink: str, ground: str, least: float) -> None:
    assert contrast(TOKENS[ink], TOKENS[ground]) >= least


@pytest.mark.parametrize("ink", ["--ink", "--muted", "--brand", "--ok", "--warn", "--danger"])
@pytest.mark.parametrize("ground", ["--ground", "--surface"])
def test_colours_of_the_large_screen_have_enough_contrast(ink: str, ground: str) -> None:
    on_the_wall = dict(COLOUR.findall(SCREEN))
    assert contrast(on_the_wall[ink], on_the_wall[ground]) >= TEXT


def test_no_words_are_in_a_colour_that_is_for_marks() -> None:
    """Orange and the colours of grades are too light for words; so is Tabler's grey, which the tokens replace."""
    sheets = [path for path in SERVER.glob("**/*.css") if not {"static", "node_modules"} & set(path.parts)]
    assert sheets
    for sheet in sheets:
        assert not re.search(r"(?<![-\w])color:\s*var\(--(warn|grade-\d|line)\)", sheet.read_text()), sheet
    assert "--tblr-gray-500: var(--muted);" in SHEET


def test_every_head_of_a_column_has_words() -> None:
    assert [path.name for path in TEMPLATES if re.search(r"<th\b[^>]*>\s*</th>", path.read_text())] == []


def test_the_tokens_are_those_of_the_design() -> None:
    assert TOKENS["--brand"] == "#0b5fa5"
    assert [TOKENS[f"--grade-{grade}"] for grade in range(1, 5)] == ["#c8102e", "#e8730c", "#d9a400", "#2f7dd1"]


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    known = set(json.loads((CONSOLE / "assets/src/icons.json").read_text()))
    used = {name for path in TEMPLATES for name in re.findall(r"""\bicon\(\s*["']([\w-]+)["']""", path.read_text())}
    assert used <= known, f"add to icons.json: {sorted(used - known)}"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SERVER)))
def test_templates_hold_nothing_inline_that_the_content_policy_forbids(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", text)
    assert not re.search(r"<script\b(?![^>]*\bsrc=)", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SERVER)))
def test_every_form_that_posts_carries_its_token(path: Path) -> None:
    forms = re.findall(
        r"<form\b[^>]*method=[\"']post[\"'].*?</form>", path.read_text(), flags=re.DOTALL | re.IGNORECASE
    )
    assert all("csrf" in form or _has_token_beside(form) for form in forms)


def _has_token_beside(form: str) -> bool:
    """The forms of the bar that decides on many, which is drawn once for all: _triage.html gives each its token."""
    return 'id="triage-{{ id }}"' in form
