"""What has no meaning as mathematics is refused: a sentence names the loss and what to write."""

import textwrap

import pytest
import sympy

import lossgen
from lossgen.language import *
from lossgen.runtime import Loss

HEAD = "from lossgen.language import *\nimport math, numpy as np, sympy\n"
AXES = "k, n, c = axis('k'), axis('n'), axis('c')\ni, j = n.indices('i j')\n"


def written(body, signature="x: Real, y: Real", decorator="@loss", before=""):
    """The text of a file with one loss called `mine`."""
    function = f"{decorator}\ndef mine({signature}):\n{textwrap.indent(body, '    ')}\n"
    return HEAD + AXES + before + function


def refusal(text):
    """The sentence that executing a file is refused with."""
    with pytest.raises(LanguageError) as error:
        exec(compile(text, "<loss>", "exec"), {"__name__": "losses_of_somebody"})
    return str(error.value)


# what is wrong: text of the loss, what the sentence must say
BODIES = {
    "an unbound index": (
        written("return x[k] ** 2", "x: Real[k]"),
        ["mine", "each k", "MeanOver(k"]),
    "an unbound index in a let": (
        written("a = let('a', x[k] ** 2)\nreturn SumOver(k, a)", "x: Real[k]"),
        ["mine", "let('a'", "index k is free", "over=k"]),
    "a subscript of another axis": (
        written("return SumOver(n, x[n])", "x: Real[k]"),
        ["mine", "x[n]", "axis 1 of x is k", "n runs over axis n", "k.indices"]),
    "a number as subscript": (
        written("return x[0]", "x: Real[k]"),
        ["mine", "x[0]", "is no index"]),
    "too few indices": (
        written("return SumOver(n, x[n])", "x: Real[n, k]"),
        ["mine", "x has 2 axes (n, k)", "1 ind"]),
    "too many indices": (
        written("return SumOver(k, x[k, k])", "x: Real[k]"),
        ["mine", "x has 1 ax", "2 indices"]),
    "an index on an argument without axes": (
        written("return SumOver(k, x[k])"),
        ["mine", "Real[k]"]),
    "a label of another axis": (
        written("return x[label]", "x: Real[k], label: Label[c]"),
        ["mine", "x[label]", "k", "axis c"]),
    "a complex symbol": (
        written("return x + y * sympy.Symbol('z')"),
        ["mine", "z", "not real", "z: Real"]),
    "a symbol that nobody declared": (
        written("return x + y * sympy.Symbol('z', real=True)"),
        ["mine", "z is neither an argument nor a let", "z: Real"]),
    "the imaginary unit": (
        written("return x + sympy.I * y"),
        ["mine", "I is no real number"]),
    "an undefined number": (
        written("return x + y * sympy.nan"),
        ["mine", "no real number"]),
    "gamma": (
        written("return sympy.gamma(x) + y"), ["mine", "gamma", "no kernel", "lossgen.language"]),
    "zeta": (written("return sympy.zeta(x) + y"), ["mine", "zeta", "no kernel"]),
    "an unknown function": (
        written("return sympy.Function('f')(x) + y"), ["mine", "f(x)", "no kernel"]),
    "a derivative": (
        written("return sympy.Derivative(sympy.exp(x), x) + y"),
        ["mine", "Derivative", "unevaluated", ".doit()"]),
    "a SymPy sum": (
        written("q = sympy.Symbol('q', integer=True)\nreturn sympy.Sum(x * q, (q, 0, 3)) + y"),
        ["mine"]),
    "if": (
        written("if x > y:\n    return x\nreturn y"),
        ["mine, line 7", "Piecewise"]),
    "max": (written("return max(x, y)"), ["mine, line 7", "Max"]),
    "min": (written("return min(x, y)"), ["mine", "Min"]),
    "and": (written("return Piecewise((x, x > 0 and y > 0), (y, True))"), ["mine", "And"]),
    "a chained comparison": (
        written("return Piecewise((x, 0 < x < y), (y, True))"), ["mine", "And"]),
    "sum over an argument": (written("return sum(x)", "x: Real[k]"), ["mine", "SumOver"]),
    "a for loop over an argument": (
        written("s = 0\nfor one in x:\n    s = s + one\nreturn s", "x: Real[k]"),
        ["mine", "SumOver"]),
    "max over an argument": (written("return max(x)", "x: Real[k]"), ["mine", "MaxOver"]),
    "a loop over an element": (
        written("return sum(x[k])", "x: Real[k]"), ["mine", "x[k]", "number"]),
    "iterating over a number": (written("return sum(x)", "x: Real"), ["mine"]),
    "np.log": (written("return np.log(x) + y"), ["mine", "NumPy", "log"]),
    "np.sum": (written("return np.sum(x[k])", "x: Real[k]"), ["mine"]),
    "math.exp": (written("return math.exp(x) + y"), ["mine", "math", "exp"]),
    "float": (written("return float(x) + y"), ["mine", "math"]),
    "== in a condition": (
        written("return Piecewise((1, x == y), (0, True))"), ["mine", "never uses x", "Eq(x, y)"]),
    "== against a label": (
        written("return SumOver(k, Piecewise((x[k], k == label), (0, True)))",
                "x: Real[k], label: Label[k]"),
        ["mine"]),
    "an argument that is never used": (
        written("return x ** 2"), ["mine", "never uses y", "signature"]),
    "an argument used by an unused let alone": (
        written("a = let('a', y ** 2)\nreturn x ** 2"), ["mine", "let('a', ...) is never used"]),
    "a let of a taken name": (
        written("a = let('a', x)\nb = let('a', y)\nreturn a + b"),
        ["mine", "let('a'", "taken", "choose another"]),
    "a let of an argument's name": (
        written("a = let('x', x ** 2)\nreturn a + y"),
        ["mine", "let('x'", "argument", "choose another"]),
    "a let of a keyword": (
        written("a = let('lambda', x)\nreturn a + y"), ["mine", "'lambda'", "identifier"]),
    "a let of no identifier": (
        written("a = let('a b', x)\nreturn a + y"), ["mine", "'a b'", "identifier"]),
    "a let that begins with _": (
        written("a = let('_a', x)\nreturn a + y"), ["mine", "_a", "kept"]),
    "a let over a name": (
        written("a = let('a', x[k], over='k')\nreturn SumOver(k, a[k])", "x: Real[k]"),
        ["mine", "over=k", "axis('k')"]),
    "a let of no formula": (
        written("a = let('a', 'x +')\nreturn a + x + y"), ["mine", "let('a'", "no formula"]),
    "a fold that ignores its index": (
        written("return SumOver(k, x) + y + SumOver(k, z[k])", "x: Real, y: Real, z: Real[k]"),
        ["mine", "SumOver(k, x)", "k.size"]),
    "a fold over a string": (
        written("return SumOver('k', x[k])", "x: Real[k]"), ["mine", "SumOver(k", "axis('k')"]),
    "a fold without an index": (
        written("return SumOver(x[k])", "x: Real[k]"), ["mine", "SumOver needs an index"]),
    "a fold that names an index twice": (
        written("return SumOver(k, k, x[k])", "x: Real[k]"), ["mine", "twice"]),
    "a boolean body": (
        written("return SumOver(k, x[k] > 0)", "x: Real[k]"),
        ["mine", "must be a number", "Piecewise"]),
    "a loss that returns nothing": (written("pass"), ["mine", "None", "formula"]),
    "a loss that returns a pair": (written("return x, y"), ["mine"]),
    "a loss that returns a condition": (written("return x > y"), ["mine"]),
    "an error in the author's Python": (
        written("return x + undefined_name + y"), ["mine, line 7", "undefined_name"]),
    "no annotation": (
        written("return x + y", "x, y: Real"), ["mine", "x", "no annotation", "Real[k]"]),
    "an annotation that is no domain": (
        written("return x + y", "x: float, y: Real"), ["mine", "x", "float", "Real[k]"]),
    "an annotation of an unknown name": (
        written("return x + y", "x: 'Reel', y: Real"), ["mine", "x", "Reel"]),
    "a label without its axis": (
        written("return x + label", "x: Real, label: Label"), ["mine", "label", "Label[k]"]),
    "an axis that is a string": (
        HEAD + "Real['k']", ["Real['k']", "axis('k')"]),
    "axes given twice": (HEAD + AXES + "Real[k][n]", ["Real[k]", "axes already"]),
    "an axis of no identifier": (HEAD + "axis('a b')", ["axis('a b')", "identifier"]),
    "a default outside the domain": (
        written("return x * y * delta", "x: Real, y: Real, *, delta: Positive = -1.0"),
        ["mine", "delta=-1.0", "Positive"]),
    "a default that is no number": (
        written("return x * y * delta", "x: Real, y: Real, *, delta: Positive = 'one'"),
        ["mine", "delta='one'", "Positive"]),
    "a default before the *": (
        written("return x * y", "x: Real, y: Real = 1.0"), ["mine", "y", "after the *"]),
    "*args": (written("return x", "x: Real, *rest: Real"), ["mine", "*rest", "names each"]),
    "no argument before the *": (
        written("return w ** 2", "*, w: Positive"), ["mine", "before the *"]),
    "no argument at all": (written("return sympy.Integer(1)", ""), ["mine", "before the *"]),
    "no real argument": (
        written("return Piecewise((1, Eq(a, b)), (0, True))", "a: Integer, b: Integer"),
        ["mine", "no real argument", "x: Real"]),
    "wrt of an unknown name": (
        written("return x * y", decorator="@loss(wrt='z')"), ["mine", "wrt='z'", "['x', 'y']"]),
    "wrt of a label": (
        written("return x[label]", "x: Real[k], label: Label[k]", "@loss(wrt='label')"),
        ["mine", "wrt='label'"]),
    "prepare without trailing labels": (
        written("return x * y", decorator="@loss(prepare=print)"),
        ["mine", "prepare=", "Label[n][n]"]),
    "an argument that begins with _": (
        written("return _x * y", "_x: Real, y: Real"), ["mine", "_x", "kept"]),
    "a loss that begins with _": (
        written("return x * y").replace("def mine", "def _mine"), ["_mine", "kept"]),
    "something else than a function": (HEAD + "loss(3)", ["@loss expects a function", "3"]),
    "an unknown option": (
        written("return x * y", decorator="@loss(color='red')"), ["mine", "color"]),
    "an index with the name of an argument": (
        written("return SumOver(k, y[k] * x)", "x: Real, y: Real[k]", before="k = axis('x')\n"),
        ["mine", "x is an index and also an argument"]),
    "an index with the name of a let": (
        written("a = let('k', x ** 2)\nreturn a * SumOver(k, y[k])", "x: Real, y: Real[k]"),
        ["mine", "k is an index and also an argument or a let"]),
    "one name for indices of two axes": (
        written("(a,), (b,) = n.indices('q'), k.indices('q')\nreturn SumOver(a, b, x[a] * y[b])",
                "x: Real[n], y: Real[k]"), ["mine", "q"]),
    "an argument with the name of an option of every call": (
        written("return x * out", "x: Real, out: Real"), ["mine", "out"]),
}  # fmt: skip


@pytest.mark.parametrize("wrong", BODIES)
def test_refused(wrong):
    text, parts = BODIES[wrong]
    sentence = refusal(text)
    assert [part for part in parts if part not in sentence] == [], sentence
    is_one_sentence(sentence)


def is_one_sentence(text):
    assert "\n" not in text, text
    assert len(text) < 320, text
    assert "Traceback" not in text
    assert "<" not in text.replace("<loss>", "").replace("< ", "").replace(" <", ""), text


def test_what_is_nearly_the_same_is_accepted():
    """The twin: the table above is not refused for its surroundings."""
    for body, signature in (
        ("return MeanOver(k, x[k] ** 2)", "x: Real[k]"),
        ("a = let('a', x[k] ** 2, over=k)\nreturn SumOver(k, a[k])", "x: Real[k]"),
        ("return Piecewise((x, And(0 < x, x < y)), (y, True))", "x: Real, y: Real"),
        ("return Piecewise((1, Eq(x, y)), (x, True))", "x: Real, y: Real"),
        (
            "return SumOver(k, Piecewise((x[k], Eq(k, label)), (0, True)))",
            "x: Real[k], label: Label[k]",
        ),
        ("return SumOver(i, j, x, where=Eq(label[i], label[j]))", "x: Real, label: Integer[n]"),
        ("return x * y * delta", "x: Real, y: Real, *, delta: Positive = 2"),
        ("return k.size * x * SumOver(k, z[k])", "x: Real, z: Real[k]"),
    ):
        scope = {"__name__": "losses_of_somebody"}
        exec(written(body, signature), scope)
        assert isinstance(scope["mine"], Loss)


def test_let_outside_a_loss():
    sentence = r"let\('a', \.\.\.\).*only inside a function under @loss"
    with pytest.raises(LanguageError, match=sentence):
        let("a", sympy.Symbol("x", real=True))


def test_let_does_not_outlive_a_loss_that_was_refused():
    refusal(written("a = let('a', x)\nreturn x"))
    with pytest.raises(LanguageError, match="only inside"):
        let("b", sympy.Integer(1))


def test_annotations_as_text_find_axes_of_the_module_and_of_closures_only():
    future = "from __future__ import annotations\n"
    scope = {"__name__": "losses_of_somebody"}
    exec(future + written("return SumOver(k, x[k])", "x: Real[k]"), scope)
    assert scope["mine"].interface["arguments"]["x"]["axes"] == ("k",)
    factory = "def make():\n    own = axis('own')\n{}    return mine\nmake()\n"
    body = "    @loss\n    def mine(x: Real[own]):\n        return {}\n"
    used = factory.format(body.format("SumOver(own, x[own])"))
    exec(future + HEAD + used, {"__name__": "losses_of_somebody"})
    unused = factory.format(body.format("x[k]"))
    sentence = refusal(future + HEAD + AXES + unused)
    for part in ("mine", "x", "Real[own]", "module level", "define the axis"):
        assert part in sentence
    is_one_sentence(sentence)


X, Y, A = sympy.symbols("x y a", real=True)


def test_expressions_with_unnamed_symbols_are_refused_with_their_list():
    b = sympy.Symbol("b")
    named = r"^asym: .*free symbols a, b; name each in arguments= .* parameters="
    with pytest.raises(LanguageError, match=named):
        lossgen.from_expression("asym", (X - Y) ** 2 * A + b, arguments={X: Real, Y: Real})


def test_expressions_are_held_to_the_same_laws():
    with pytest.raises(LanguageError, match=r"no identifier|is no name"):
        lossgen.from_expression("a b", X, arguments={X: Real})
    with pytest.raises(LanguageError, match=r"asym.*never uses y"):
        lossgen.from_expression("asym", X**2, arguments={X: Real, Y: Real})
    with pytest.raises(LanguageError, match=r"asym.*wrt='z'"):
        lossgen.from_expression("asym", X * Y, arguments={X: Real, Y: Real}, wrt="z")
    with pytest.raises(LanguageError, match=r"asym.*a=-3.*Positive"):
        lossgen.from_expression(
            "asym", X * Y * A, arguments={X: Real, Y: Real}, parameters={A: (Positive, -3)}
        )
    with pytest.raises(LanguageError, match=r"asym.*gamma"):
        lossgen.from_expression("asym", sympy.gamma(X), arguments={X: Real})
    nothing = r"asym.*before the \*|asym.*no real argument|asym.*one value per row"
    with pytest.raises(LanguageError, match=nothing):
        lossgen.from_expression("asym", A, arguments={}, parameters={A: Real})


def test_errors_are_value_errors_and_type_errors():
    assert issubclass(LanguageError, ValueError)
    assert issubclass(LanguageError, TypeError)
