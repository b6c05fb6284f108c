"""Threads of the numeric libraries, kept from spinning while decoder and signals already fill the cores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Let matrix products run on one thread while the block runs.

    The signals' matrices are small: more threads only wait for each other, which costs eight times the work of the
    audio signals on two cores.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        yield
