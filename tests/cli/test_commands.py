"""Each command does what its help says."""

import importlib.util
import json
import sys
import xml.etree.ElementTree as ElementTree

import pytest

from lossgen.checks import Report, Row

COMMANDS = ["list", "show", "new", "build", "check", "certify", "verify", "traps", "demo"]


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


SHOWN = {
    "call": "huber(prediction, target, *, delta=1.0)",
    "formula": "if r <= delta else",
    "gradient": r"\frac{\partial L}{\partial \mathrm{prediction}} &=",
    "domain": "delta: a number, > 0",
    "derivatives": "Hessian with respect to prediction",
    "conventions": "absolute value at 0 is 0",
    "source": "Huber (1964)",
    "generated file": "cpu/huber.py",
}


def test_show_has_all_there_is_to_know(lossgen):
    shown = lossgen("show", "huber").out.replace("\\\\", "")
    assert [what for what, text in SHOWN.items() if text not in shown] == []


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


def report_of(loss, ok):
    """A report of one row, right or wrong."""
    return Report(loss.name, (Row("value", "value", "float64", 9, 0.5, "x = 1 < 2", 8.0, ok),))


@pytest.fixture
def checked(monkeypatch):
    """The losses that were handed to the checks, all found right but `hinge`."""
    seen = []

    def check(loss, everything=False):
        seen.append((loss.name, everything))
        return report_of(loss, ok=loss.name != "hinge")

    monkeypatch.setattr("lossgen.proof.check", check)
    return seen


def test_check_hands_on_the_losses_in_order(lossgen, checked):
    assert lossgen("check", "huber", "dice").code == 0
    assert lossgen("check", "huber", "--all").code == 0
    assert checked == [("huber", False), ("dice", False), ("huber", True)]


def test_check_without_a_name_checks_all(lossgen, checked):
    lossgen("check")
    assert [name for name, _ in checked] == [
        line.split()[0] for line in lossgen("list").out.splitlines()
    ]


def test_check_fails_when_one_loss_fails(lossgen, checked):
    ended = lossgen("check", "huber", "hinge")
    assert ended.code == 1
    assert "2 checked, 1 wrong" in ended.err
    assert ended.out.count("value  value") + ended.out.count("value   value") == 2


def test_check_reads_files(lossgen, checked):
    lossgen("new", "mine")
    assert lossgen("check", "mine.py", "huber").code == 0
    assert [name for name, _ in checked] == ["mine", "huber"]


def test_check_writes_both_reports(lossgen, checked, tmp_path):
    ended = lossgen("check", "huber", "hinge", "--json", "r.json", "--junit", "r.xml")
    assert ended.code == 1
    found = json.loads((tmp_path / "r.json").read_text())
    assert [(one["loss"], one["ok"]) for one in found] == [("huber", True), ("hinge", False)]
    suites = ElementTree.parse(tmp_path / "r.xml").getroot()
    assert [suite.get("failures") for suite in suites] == ["0", "1"]
    assert len(suites.findall(".//failure")) == 1


VERDICTS = {
    "right, as text": (["--gradient", "2*(prediction - target)"], 0),
    "right, as LaTeX": (["--gradient", r"2 \left(\mathrm{prediction} - \mathrm{target}\right)"], 0),
    "right, of another argument": (
        ["--gradient", "2*(target - prediction)", "--wrt", "target"],
        0,
    ),
    "right, of the value": (["--value", "(prediction - target)**2"], 0),
    "right, of the second derivative": (["--hessian", "2"], 0),
    "wrong sign": (["--gradient", "2*(target - prediction)"], 1),
    "wrong factor": (["--gradient", "prediction - target"], 1),
    "cut off": (["--gradient", "2*(prediction -"], 2),
    "code": (["--gradient", "__import__('os').remove('kept')"], 2),
    "no such module": (["--python", "not_there:gradient"], 2),
    "right, in Python": (["--python", "mine:right"], 0),
    "wrong, in Python": (["--python", "mine:wrong"], 1),
}


@pytest.mark.parametrize(("words", "code"), VERDICTS.values(), ids=VERDICTS)
def test_verify_ends_with_its_verdict(lossgen, tmp_path, monkeypatch, words, code):
    monkeypatch.setattr("sys.path", [*sys.path])
    monkeypatch.delitem(sys.modules, "mine", raising=False)
    (tmp_path / "kept").touch()
    (tmp_path / "mine.py").write_text(
        "def right(prediction, target):\n    return 2 * (prediction - target)\n"
        "def wrong(prediction, target):\n    return 2 * (target - prediction)\n"
    )
    ended = lossgen("verify", "squared_error", *words)
    assert ended.code == code
    assert "Traceback" not in ended.err
    assert ended.err if code == 2 else ended.out
    assert (tmp_path / "kept").exists()
