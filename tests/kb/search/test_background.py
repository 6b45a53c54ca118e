"""A task in the background."""

from __future__ import annotations

import threading

from kb.search.background import Background


def test_what_is_asked_for_while_it_runs_is_done_once_more() -> None:
    begun, go_on = threading.Event(), threading.Event()
    runs: list[int] = []

    def task() -> None:
        runs.append(len(runs))
        begun.set()
        assert go_on.wait(10)

    background = Background("test", task)
    background.start()
    assert begun.wait(10)
    for _ in range(5):
        background.start()
    go_on.set()
    background.wait()
    assert runs == [0, 1]


def test_it_can_be_asked_for_again_afterwards() -> None:
    runs: list[int] = []
    background = Background("test", lambda: runs.append(1))
    for expected in (1, 2, 3):
        background.start()
        background.wait()
        assert len(runs) == expected
