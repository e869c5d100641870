import json

import check_tests_run


def database(*files: str) -> str:
    return json.dumps([{"directory": "/nowhere", "file": file, "command": "c++"} for file in files])


def test_a_test_that_no_target_compiles_is_found(tree, tmp_path):
    root = tree(
        {
            "retrain/base/a_test.cpp": "TEST(A, Works) {}\n",
            "retrain/base/b_test.cpp": "TEST(B, Works) {}\n",
            "build/compile_commands.json": database(str(tmp_path / "retrain/base/a_test.cpp")),
        }
    )
    assert check_tests_run.violations(root) == ["retrain/base/b_test.cpp: no target compiles it"]


def test_a_python_test_where_pytest_does_not_look_is_found(tree):
    body = "def test_it():\n    pass\n"
    root = tree(
        {
            "build/compile_commands.json": database(),
            "tests/python/test_good.py": body,
            "tests/python/helper.py": "def help_it(): pass\n",
            "tests/python/wrong_name.py": body,
            "tests/e2e/test_nowhere.py": body,
        }
    )
    assert sorted(check_tests_run.not_collected(root)) == ["tests/e2e/test_nowhere.py", "tests/python/wrong_name.py"]


def test_a_test_behind_a_macro_or_switched_off_is_found(tree):
    root = tree(
        {
            "retrain/base/a_test.cpp": "#ifdef ORACLE\nTEST(A, Works) {}\n#endif\n",
            "retrain/base/b_test.cpp": "TEST(B, DISABLED_Works) {}\n",
            "retrain/base/c_test.cpp": "// #if in a comment\n#if FAST\nint rounds = 1;\n#endif\nTEST(C, Works) {}\n",
        }
    )
    assert [line.split(":")[0] for line in check_tests_run.hidden(root)] == [
        "retrain/base/a_test.cpp",
        "retrain/base/b_test.cpp",
    ]
