from __future__ import annotations

import pytest

from commands.health import main
from tests.services import free_ports


@pytest.mark.parametrize("words", [[], ["nobody"], ["api"], ["api", "x"], ["counter", "8000"]])
def test_wrong_usage_is_said(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert "counter" in capsys.readouterr().err


def test_an_api_that_does_not_answer_is_not_healthy(capsys: pytest.CaptureFixture[str]) -> None:
    (port,) = free_ports(1)
    assert main(["api", str(port)]) == 1
    assert "refused" in capsys.readouterr().err
