import clang_tidy
import pytest


@pytest.fixture
def root(tree, monkeypatch):
    root = tree(
        {
            ".clang-tidy": "Checks: a\n",
            "requirements.txt": "x==1\n",
            "retrain/base/a.cpp": '#include "retrain/base/a.h"\n',
            "retrain/base/a.h": '#include "retrain/base/b.h"\n',
            "retrain/base/b.h": "int b;\n",
            "retrain/base/other.h": "int other;\n",
        }
    )
    monkeypatch.setattr(clang_tidy, "ROOT", root)
    return root


def mark(root, command="c++ a.cpp"):
    clang_tidy.included.cache_clear()
    return clang_tidy.fingerprint(root / "retrain/base/a.cpp", command)


@pytest.mark.parametrize("path", ["retrain/base/a.cpp", "retrain/base/a.h", "retrain/base/b.h", ".clang-tidy"])
def test_a_file_is_looked_at_again_when_anything_that_it_depends_on_changes(root, path):
    before = mark(root)
    (root / path).write_text((root / path).read_text() + "\n")
    assert mark(root) != before


def test_other_changes_leave_it_clean(root):
    before = mark(root)
    (root / "retrain/base/other.h").write_text("int changed;\n")
    assert mark(root) == before
    assert mark(root, "c++ -O3 a.cpp") != before
