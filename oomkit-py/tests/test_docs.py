"""The examples of the README and the docstrings run."""

import doctest
from pathlib import Path

import oomkit


def test_the_readme_says_what_happens():
    result = doctest.testfile(str(Path(__file__).parent.parent / "README.md"), module_relative=False)
    assert result.failed == 0 and result.attempted > 0


def test_docstrings_say_what_happens():
    runner = doctest.DocTestRunner()
    for documented in oomkit, oomkit.cgroup, oomkit.resources, oomkit.resources.overcommit, oomkit.resources.lint:
        name, names = documented.__name__, {"oomkit": oomkit}
        test = doctest.DocTestParser().get_doctest(documented.__doc__, names, name, None, None)
        assert runner.run(test).failed == 0
    assert runner.tries >= 4
