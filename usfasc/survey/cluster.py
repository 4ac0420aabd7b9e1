"""Clips on several machines: the same tasks, handed to the workers of a Dask scheduler.

Clips are not sent: every machine reads them at the same path, from a drive that all of them
share, and tells by their content whether it read the right ones. What comes back is written
by the one machine that asked. A task of a worker that is lost goes to another one.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from usfasc.errors import Code, InputError, UsageError, UsfascError
from usfasc.survey.pool import Work
from usfasc.survey.tasks import ClipTask, Done

if TYPE_CHECKING:
    from distributed import Client

_ADDRESS: Final = re.compile(r"(tcp|tls)://[^\s/]+:\d{1,5}")
_ANSWER_S, _PATIENCE_S = 10, 30
"""For the scheduler to answer, and for its first worker to join."""


class Cluster:
    """The workers of a Dask scheduler: see `joined`."""

    def __init__(self, client: Client, work: Work) -> None:
        self._client = client
        self._work = work
        self.size = len(client.nthreads())
        """How many workers there are, each at one clip; they may come and go."""

    def outputs(self, tasks: Iterable[ClipTask]) -> Generator[Done, None, None]:
        """What comes of each task, as it comes.

        Raises
        ------
        InputError
            ``NO_CLUSTER``: the scheduler is gone.
        """
        from distributed import CancelledError, KilledWorker, as_completed

        futures = {
            self._client.submit(self._work, task, key=f"usfasc-{task.digest}", pure=False): task
            for task in tasks
        }
        for future in as_completed(futures, loop=self._client.loop):
            try:
                output = future.result()
                self.size = max(1, len(self._client.nthreads()))
            except KilledWorker:
                output = None
            except (CancelledError, OSError):
                raise _lost() from None
            yield futures.pop(future), output


@contextmanager
def joined(address: str, work: Work) -> Iterator[Cluster]:
    """Join a Dask scheduler that has workers.

    Parameters
    ----------
    address
        As ``tcp://host:8786``.
    work
        What is done with each task.

    Raises
    ------
    UsageError
        ``BAD_USAGE``: this is no address.
    InputError
        ``MISSING_EXTRA``; ``NO_CLUSTER``: nobody answers, or no worker joins.
    """
    if not _ADDRESS.fullmatch(address):
        raise UsageError(Code.BAD_USAGE, "--dask takes an address as in tcp://host:8786.")
    try:
        from distributed import Client
    except ImportError:
        raise InputError(
            Code.MISSING_EXTRA, 'Several machines need Dask: install "usfasc[cluster]".'
        ) from None
    # What happens to the connection is told here, in our own words.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=_ANSWER_S, set_as_default=False)
    except (OSError, ValueError):
        raise InputError(Code.NO_CLUSTER, "No Dask scheduler answers at this address.") from None
    with client:
        _wait_for_workers(client)
        yield Cluster(client, work)


def _wait_for_workers(client: Client) -> None:
    try:
        client.wait_for_workers(1, timeout=_PATIENCE_S)
    except TimeoutError:
        raise InputError(
            Code.NO_CLUSTER, "The Dask scheduler has no workers; start some: dask worker ADDRESS."
        ) from None


def _lost() -> UsfascError:
    return InputError(
        Code.NO_CLUSTER, "The Dask scheduler was lost; run the same again to go on from here."
    )
