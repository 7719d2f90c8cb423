"""The loops of the losses that break designs, as text, and what they store."""

import textwrap

import pytest

from lossgen.catalogue.entries import entries
from lossgen.emit.form import forms
from lossgen.plan import plan, show
from lossgen.stabilise import finish
from lossgen.stages import lower

# loss and form: its loops
LOOPS = {
    ("huber", "derivatives"): """
        residual
        r
        loss
        d_residual
        d_prediction
        h_prediction
    """,
    ("dice", "gradient"): """
        for k:
            overlap
            size
        d_size
        d_overlap
        for k:
            d_prob
            d_mask
    """,
    ("sparse_softmax_cross_entropy", "gradient"): """
        for k:
            lse_logits_max
        for k:
            lse_logits_others
            lse_logits_ties
        lse_logits_extra
        lse_logits_excess
        lse_logits_sum
        for k:
            d_logits
        d_logits
    """,
    ("info_nce", "value"): """
        for i:
            for j:
                for d:
                    sum_query_key
                lse_s_max
            for j:
                lse_s_others
                lse_s_ties
            sum_s
        loss
    """,
    ("info_nce", "gradient"): """
        d_sum_s
        for i:
            for j:
                for d:
                    sum_query_key
                lse_s_max
            for j:
                lse_s_others
                lse_s_ties
            for j:
                for d:
                    d_key
            for d:
                for j:
                    d_query
    """,
    ("center_loss", "value"): """
        for d:
            sum_features_label
        loss
    """,
    ("wasserstein_1d", "gradient"): """
        d_sum_x_y
        for n:
            d_x
            d_y
        for i:
            d_x
            d_y
    """,
    ("mahalanobis_distance", "value"): """
        for a:
            r_squares
        r_scale
        for a:
            for b:
                form
        loss_root
        loss
    """,
}


def form_of(name, form):
    return next(found for found in forms(entries()[name]).forms if found.name == form)


@pytest.mark.parametrize(("name", "form"), LOOPS)
def test_loops(name, form):
    assert show(form_of(name, form).plan.items) == textwrap.dedent(LOOPS[name, form]).strip()


def stored_axes(form):
    """The axes of every quantity that a plan keeps beside the outputs."""
    statements = {s.name: s for s in form.plan.program.statements if hasattr(s, "indices")}
    return {
        name: tuple(statements[name].indices[at].axis for at in places)
        for name, places in form.plan.stored.items()
        if name not in form.program.outputs
    }


def test_no_form_of_info_nce_stores_a_matrix_of_pairs():
    for form in forms(entries()["info_nce"]).forms:
        assert all(axes.count("n") <= 1 for axes in stored_axes(form).values()), form.name


def test_similarities_are_kept_for_one_row_at_a_time():
    assert stored_axes(form_of("info_nce", "value")) == {"sum_query_key": ("n",)}


def test_losses_of_numbers_and_plain_sums_store_nothing():
    plain = ("huber", "dice", "sparse_softmax_cross_entropy", "euclidean_distance", "center_loss")
    for name in (*plain, "kl_divergence"):
        for form in forms(entries()[name]).forms:
            assert stored_axes(form) == {}, (name, form.name)


def test_a_softmax_is_recomputed_and_not_stored():
    form = form_of("sparse_softmax_cross_entropy", "value_and_gradient")
    assert "softmax_logits" in form.plan.macros
    assert "softmax_logits" not in form.plan.stored


def test_a_plan_is_made_once_and_always_the_same():
    for entry in entries().values():
        for form in forms(entry).forms:
            again = plan(lower(finish(form.program)))
            assert show(again.items).replace("_", "") == show(form.plan.items).replace("_", "")
            assert form.plan is form.plan
