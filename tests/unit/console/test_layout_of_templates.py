"""What a template's indents become."""

from jinja2 import Environment

from server.console.display.layout import WithoutIndents


def test_indents_go_and_every_blank_that_is_somebodys_stays() -> None:
    template = Environment(extensions=[WithoutIndents], autoescape=True).from_string(
        "<p>\n    {{ words }}\n\n    　编号 {{ number }}　次\n</p>"
    )
    assert template.render(words="  一\n    二", number=3) == "<p>\n  一\n    二\n　编号 3　次\n</p>"
