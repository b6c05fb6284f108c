"""What is printed for people: text of others cannot become markup, nor command the terminal."""

from __future__ import annotations

from rich.markup import render

from sestina.apps.console import plain


def test_text_of_others_is_shown_as_it_is() -> None:
    for text in ("[bold]no[/]", "a [link=x]b", "日本 العربية \U0001f469\u200d\U0001f467", "two\nlines\tand a tab"):
        assert render(plain(text)).plain == text


def test_what_commands_a_terminal_is_left_out() -> None:
    assert plain("\x1b[31mred\x1b[0m\x07 \x9b2Jgone\x00") == r"\[31mred\[0m 2Jgone"
