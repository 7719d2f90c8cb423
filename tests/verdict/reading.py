"""How a row of the literature is read: the loss, the domain, and the formula in its names."""

from lossgen.verdict import claim as claims
from lossgen.verdict.question import Subject
from lossgen.verdict.regions import regions
from lossgen.verdict.statement import stated


def read_of(losses, row, text):
    """Return the entry, the regions of its arguments, and a formula of the row as it is read."""
    given = {name: listed(row.given.get(name, ())) for name in ("domain", "where", "let")}
    named, where = regions(given["domain"]), given["where"]
    if row.loss:
        entry = losses[row.loss].entry
        subject = Subject(entry, row.what, row.given.get("wrt") or entry.wrt[0])
    else:
        entry, named = stated(row.given["value"], row.given["wrt"], named, where, (text,))
        subject, where = Subject(entry, row.what, entry.wrt[0]), ()
    return entry, named, claims.formula(subject, text, where, given["let"]).formula


def listed(texts):
    return [texts] if isinstance(texts, str) else list(texts)
