import check_error_codes

TABLE = """// a comment
{"E0101", ErrorKind::kConfig, "unknown key", "write it as `retrain schema` lists it"},
{"E0201", ErrorKind::kData, "no such path", "make it"},
"""


def test_rows_are_read_in_order(tree):
    rows = check_error_codes.rows(tree({"retrain/base/error_codes.inc": TABLE}))
    assert rows[0] == ("E0101", "config", "unknown key", "write it as `retrain schema` lists it")
    assert [row[0] for row in rows] == ["E0101", "E0201"]


def test_a_code_without_a_row_and_a_row_without_a_use_are_found(tree):
    root = tree(
        {
            "retrain/base/error_codes.inc": TABLE,
            "retrain/data/files.cpp": 'return Error{.code = "E0999"};\nreturn Error{.code = "E0101"};\n',
            "retrain/data/files_test.cpp": 'EXPECT_EQ(error.code, "E0201");\n',
        }
    )
    assert check_error_codes.violations(root) == [
        "retrain/data/files.cpp: gives E0999, which has no row in retrain/base/error_codes.inc",
        "retrain/base/error_codes.inc: nothing gives E0201",
    ]
