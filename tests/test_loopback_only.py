from __future__ import annotations

import socket

import pytest

from tests.conftest import BeyondLoopback


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_another_machine_is_out_of_reach(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as tried, pytest.raises(BeyondLoopback):
        tried.connect((address, 80))
