"""The commands of a document are read as a reader types them."""

from __future__ import annotations

from tests.harness import documents

PAGE = """# Title

```bash
make up        # starts
make urls |
    grep x     # continues
curl "$URL/#top" \\
    -d '{}'
```

    make test  # indented

    make lint

```toml
key = 1
```
"""


def test_blocks_have_their_language() -> None:
    assert [language for language, _ in documents.blocks(PAGE)] == ["bash", "", "toml"]


def test_an_indented_block_may_have_empty_lines() -> None:
    assert list(documents.blocks(PAGE))[1][1] == "make test  # indented\n\nmake lint\n"


def test_commands_lose_their_comments_and_keep_their_lines() -> None:
    [block] = documents.fenced(PAGE, "bash")
    assert documents.commands(block) == [
        "make up",
        "make urls |\n    grep x",
        "curl \"$URL/#top\" \\\n    -d '{}'",
    ]
