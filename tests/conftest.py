"""What every test stands on: the real clips, no network, one hypothesis profile, no screen."""

from __future__ import annotations

import ipaddress
import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

os.environ["MPLBACKEND"] = "Agg"

# The same examples in every run and on every machine: a red run can be repeated.
settings.register_profile("usfasc", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("usfasc")

CHECKOUT = Path(__file__).resolve().parent.parent
_NETWORK_CALLS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"})
_NAME_LOOKUPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})


class NetworkUsedError(RuntimeError):
    """A test reached for the network; usfasc works offline."""


def _is_loopback(host: object) -> bool:
    """Whether a host, as Python's socket functions take it, is this machine."""
    if isinstance(host, bytes):
        host = host.decode(errors="replace")
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    """Audit hook: let loopback and AF_UNIX pass, refuse the rest."""
    if event in _NETWORK_CALLS:
        address = arguments[1]
        if isinstance(address, tuple) and not _is_loopback(address[0]):
            raise NetworkUsedError(f"{event} to another machine")
    elif event in _NAME_LOOKUPS and not _is_loopback(arguments[0]):
        raise NetworkUsedError(f"{event} of another machine")


# An audit hook sees every socket of the process, also those of C extensions through Python's
# own module, and cannot be undone by a test.
sys.addaudithook(_refuse_network)


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Root of the checkout: README, pyproject, sample clips."""
    return CHECKOUT


@pytest.fixture(scope="session")
def sample_videos() -> Path:
    """Folder of the synthetic clips that come with the checkout."""
    return CHECKOUT / "sample_videos"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real clips, which are not part of the checkout."""
    beside = CHECKOUT.parent / "shared" / "data"
    folder = Path(os.environ.get("USFASC_SHARED_DATA", beside))
    if not folder.is_dir():
        pytest.skip("the real clips are not here (set USFASC_SHARED_DATA to their folder)")
    return folder
