"""The chooser leads to every loss, and no table names a loss that there is not."""

import lossgen.losses
from lossgen.site.tables import Choice, Peer, choices, peers

SHIPPED = set(dir(lossgen.losses))


def unknown(rows):
    return {row.loss for row in rows} - SHIPPED


def unreachable(rows):
    """Losses that no row leads to: give them one in lossgen/site/chooser.csv."""
    return SHIPPED - {row.loss for row in rows}


def test_every_row_leads_somewhere():
    assert unknown(choices()) == set()
    assert unknown(peers()) == set()


def test_every_loss_is_chosen_for_something():
    assert unreachable(choices()) == set()


def test_rows_are_whole_and_different():
    for rows in (choices(), peers()):
        assert len(set(rows)) == len(rows)
        assert all(all(vars(row).values()) for row in rows)


def test_tasks_stand_together():
    tasks = [row.task for row in choices()]
    assert len(set(tasks)) == sum(a != b for a, b in zip(["", *tasks], tasks, strict=False))


def test_a_wrong_row_and_a_missing_one_are_seen():
    assert unknown([Choice("Regression", "so", "huberr", "why")]) == {"huberr"}
    assert unknown([Peer("hubber", "PyTorch", "huber_loss", "the same")]) == {"hubber"}
    assert "huber" in unreachable([row for row in choices() if row.loss != "huber"])
