from count_tests import count


def test_both_kinds_of_result_files_are_summed(tree):
    root = tree(
        {
            "ctest.xml": '<testsuite><testcase name="a" status="run" time="0.5"/>'
            '<testcase name="b" status="fail"><failure/></testcase>'
            '<testcase name="c" status="notrun"><skipped/></testcase></testsuite>',
            "pytest.xml": '<testsuites><testsuite><testcase name="d" time="1"/>'
            '<testcase name="e"><error/></testcase></testsuite></testsuites>',
        }
    )
    counts = count(root)
    assert counts.text() == "2 passed, 2 failed, 1 skipped"
    assert counts.seconds == 1.5
