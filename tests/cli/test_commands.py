"""Each command does what its help says."""

import importlib.util

import pytest

COMMANDS = ["list", "show", "new", "build", "check", "verify", "demo"]


@pytest.mark.parametrize("words", [["--help"], ["-h"], *([name, "--help"] for name in COMMANDS)])
def test_help_is_there(lossgen, words):
    ended = lossgen(*words)
    assert ended.code == 0
    assert "Usage: lossgen" in ended.out


def test_help_names_every_command(lossgen):
    assert all(f" {name} " in lossgen("--help").out for name in COMMANDS)


def test_version(lossgen):
    assert lossgen("--version").out.startswith("lossgen 0.")


def test_list_prints_a_line_for_each_loss(lossgen):
    lines = lossgen("list").out.splitlines()
    names = [line.split()[0] for line in lines]
    assert {"huber", "dice", "info_nce"} <= set(names)
    assert names == sorted(names)


def test_list_with_a_pattern(lossgen):
    assert [line.split()[0] for line in lossgen("list", "DICE").out.splitlines()] == ["dice"]


def test_show_has_formula_gradient_domains_and_source(lossgen):
    shown = lossgen("show", "huber").out
    for text in (
        "huber(prediction, target, *, delta=1)",
        "Abs(",
        r"\frac",
        "delta",
        "> 0",
        "Huber (1964)",
    ):
        assert text in shown


def test_show_knows_aliases(lossgen):
    from lossgen.losses import huber

    for alias in huber.interface["aliases"]:
        assert lossgen("show", alias).out == lossgen("show", "huber").out


def test_new_writes_a_loss_that_works(lossgen, tmp_path):
    assert lossgen("new", "my_loss").code == 0
    spec = importlib.util.spec_from_file_location("my_loss", tmp_path / "my_loss.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.my_loss.interface["name"] == "my_loss"
    assert list(module.my_loss.interface["shared"]) == ["delta"]


def test_build_writes_kernels_of_a_file(lossgen, tmp_path):
    lossgen("new", "my_loss")
    ended = lossgen("build", "my_loss.py", "--out", "kernels", "--target", "cpu")
    assert ended.code == 0
    assert (tmp_path / "kernels/cpu/my_loss.py").exists()
    assert (
        lossgen("build", "my_loss.py", "--out", "kernels", "--target", "cpu", "--check").code == 0
    )


def test_build_check_fails_on_a_changed_kernel(lossgen, tmp_path):
    lossgen("new", "my_loss")
    lossgen("build", "my_loss.py", "--out", "kernels", "--target", "cpu")
    kernel = tmp_path / "kernels/cpu/my_loss.py"
    text = kernel.read_text()
    kernel.write_text(text + "# by hand\n")
    ended = lossgen("build", "my_loss.py", "--out", "kernels", "--target", "cpu", "--check")
    assert ended.code == 1
    assert "by hand" in ended.out
    assert kernel.read_text() == text + "# by hand\n"
