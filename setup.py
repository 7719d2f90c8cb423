"""The one thing pyproject.toml cannot say: `generated/` is installed as `lossgen.generated`.

setuptools finds packages by folder, and `lossgen.generated` lies outside lossgen/; a written-out
list would forget the next room. The mapping holds in wheels and in the ordinary editable install,
whose import hook knows single packages; strict editable mode would need a new install per new file.
"""

from setuptools import find_packages, setup

generated = [f"lossgen.generated.{target}" for target in find_packages("generated")]

setup(
    packages=[*find_packages(include=["lossgen", "lossgen.*"]), "lossgen.generated", *generated],
    package_dir={"lossgen.generated": "generated"},
)
