import json
import shutil

import pytest
import shape

ROOMS = 'add_room(NAME base DESCRIPTION "a")\nadd_room(NAME data DESCRIPTION "b" DEPENDS base)\n'


@pytest.fixture
def measured(tree):
    """The measures of a small tree by name; each file given is compiled and clean unless it says otherwise."""
    if not shutil.which("ctags"):
        pytest.skip("ctags is not installed; ./dev setup installs it")

    def measure(files: dict[str, str]) -> dict[str, shape.Measure]:
        root = tree({"retrain/CMakeLists.txt": ROOMS, "retrain/base/a.cpp": "int A() { return 1; }\n", **files})
        built = [{"directory": "/", "file": str(path), "command": ""} for path in root.rglob("*.cpp")]
        tree({"build/compile_commands.json": json.dumps(built)})
        return {measure.name: measure for measure in shape.Shape(root).measures()}

    return measure


def test_a_clean_tree_fails_nowhere(measured):
    assert not any(measure.fails or measure.past for measure in measured({"retrain/base/b.h": "// threads\n"}).values())


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("rooms in a cycle", {"retrain/base/x.h": '#include "retrain/data/y.h"\n'}),
        ("edges that DEPENDS does not name", {"retrain/base/x.h": '#include "retrain/data/y.h"\n'}),
        ("tests and sources that nothing runs", {"retrain/base/x_test.cpp": "#if 0\nTEST(A, B) {}\n#endif\n"}),
        ("vendor headers and ways out past a fence", {"retrain/base/x.h": "#include <sqlite3.h>\n"}),
        ("vendor headers and ways out past a fence", {"retrain/base/x.h": "std::thread worker;\n"}),
    ],
)
def test_the_first_four_fail_on_a_planted_violation(measured, name, files):
    assert measured(files)[name].fails


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("functions over 60 lines", {"retrain/base/x.cpp": "int Long() {\n" + "  ;\n" * 70 + "  return 0;\n}\n"}),
        ("file length: 90th percentile, longest", {"retrain/base/x.cpp": "\n" * 500}),
        (
            "fields of the largest struct of options",
            {"retrain/base/x.h": "struct XOptions {\n" + "".join(f"int a{i} = 0;\n" for i in range(13)) + "};\n"},
        ),
        ("mutable statics", {"retrain/base/x.cpp": "static int count = 0;\n"}),
        ("sleeps in tests", {"retrain/base/x_test.cpp": "std::this_thread::sleep_for(1s);\n"}),
        ("TODO", {"retrain/base/x.cpp": "// TODO: later\n"}),
    ],
)
def test_decay_is_marked_and_does_not_fail(measured, name, files):
    measure = measured(files)[name]
    assert measure.past and not measure.fails


def test_doubled_code_names_both_places(measured):
    block = "".join(f"  first_word = second_word + {i};\n" for i in range(6))
    places = measured({"retrain/base/x.cpp": f"\n{block}", "retrain/data/y.cpp": block})
    assert places["places of doubled code (six lines)"].value == "1\nretrain/base/x.cpp:2 and retrain/data/y.cpp:1"
