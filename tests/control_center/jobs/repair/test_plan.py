"""The action of a repair for each key."""

from __future__ import annotations

from control_center.jobs.repair.plan import RepairPlan, plan


def test_each_key_has_one_place_in_the_plan() -> None:
    keys = ["fits", "gone", "outside", "also fits"]
    inside_domain = {"outside": False, "also fits": True, "fits": True, "not asked for": True}
    assert plan(keys, inside_domain) == RepairPlan(
        republish=("fits", "also fits"), outside_domain=("outside",), erase=("gone",)
    )


def test_without_keys_there_is_nothing_to_do() -> None:
    assert plan([], {}) == RepairPlan((), (), ())
