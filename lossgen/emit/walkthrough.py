"""The page that follows one loss through every stage; all that it prints is made by the stages."""

from __future__ import annotations

import re

from lossgen.derive import gradient
from lossgen.language.entry import Entry
from lossgen.language.normal import program
from lossgen.plan import plan, show
from lossgen.stabilise import finish, prepare
from lossgen.stages import lower

from .form import forms
from .latex import formulas
from .module import cpu_module

_TEXT = """# How a loss becomes a kernel

One sentence: *a loss is a short program of named quantities; everything else maps programs to
programs, or a program to text.* This page follows `{name}` through every stage. `lossgen build`
writes it, so that what it prints is what the stages make.

## 1. The entry

```python
{source}
```

The function is called once, with symbols (`lossgen/language/trace.py`). SymPy is kept from
multiplying numbers into sums meanwhile: `0.9*(x - y)` would become `0.9*x - 0.9*y`, millions of ulp
wrong where x is near y.

## 2. The program

Every fold becomes a named quantity, and equal folds share a name (`lossgen/language/normal.py`). So
does every difference of two arguments, which is exact where they are close, and every square root,
whose slope is written with the root itself.

```text
{program}
```

## 3. The gradient

Reverse mode over named quantities (`lossgen/derive/adjoint.py`). For each use of an element inside
a statement, the adjoint of the element receives cofactor times adjoint of the statement; an index
of the statement is solved by renaming, which collapses the sum; an index that is data makes a
scatter. The result is a program again.

```text
{gradient}
```

The Hessian-vector product is forward mode over this program (`tangent.py`), the Hessian diagonal
keeps the derivative of each quantity as terms with equations between indices (`diagonal.py`).

## 4. The plan

Log-sum-exps become a maximum and a sum (`lossgen/stages.py`), and each statement is placed into a
tree of loops (`lossgen/plan/layout.py`): it joins a loop when all it reads is complete by then. A
quantity keeps only the dimensions that are seen from outside its loops; here there are none, so all
are local numbers.

```text
{plan}
```

## 5. The kernel

The plan is printed as a function of one row (`lossgen/emit/rows.py`); a batch function maps it over
blocks of rows. Sums run over blocks of 256 terms in the kernel's dtype, in an order that depends on
nothing but their number, and in float64 across blocks.

```python
{kernel}
```

## 6. The page

The same programs are printed as mathematics ([`{name}`](losses/{name}.md)), and the formulas of the
page are read back from it and compared with the kernels.

$$
{latex}
$$

## 7. The check

`lossgen check {name}` evaluates the entry itself, by an interpreter over numbers of adaptive
precision that carry their derivatives along, and compares every kernel with it. It imports none of
the rooms above.
"""


def walkthrough(entry: Entry, source: str) -> str:
    """Return the page for one entry, written down as `source`."""
    written = program(entry)
    derived = gradient(prepare(written), entry.gradients)
    found = formulas(entry, derived)
    return _TEXT.format(
        name=entry.name,
        source=source,
        program=written,
        gradient=derived,
        plan=show(plan(lower(finish(derived))).items),
        kernel=_row_function(cpu_module(forms(entry)), "value_and_gradient_row"),
        latex=found.value,
    )


def _row_function(module: str, name: str) -> str:
    match = re.search(rf"@\w+\ndef {name}\(.*?(?=\n\n\n)", module, flags=re.DOTALL)
    assert match is not None
    return match.group()
