import check_rooms

ROOMS = """
# add_room(NAME ghost DESCRIPTION "a comment is no room")
add_room(NAME base
  DESCRIPTION "the ground (all stand on it)" USES OpenSSL::Crypto)
add_room(NAME data DESCRIPTION "tables" DEPENDS base TEST_DEPENDS testing)
add_room(NAME testing DESCRIPTION "fakes" DEPENDS base data)
"""


def test_the_rows_of_add_room_are_read_whole(tree):
    rooms = check_rooms.rooms(tree({"retrain/CMakeLists.txt": ROOMS}))
    assert list(rooms) == ["base", "data", "testing"]
    assert rooms["base"].description == "the ground (all stand on it)"
    assert (rooms["data"].depends, rooms["data"].test_depends) == (("base",), ("testing",))


def test_a_tree_that_keeps_to_its_rows_is_clean(tree):
    root = tree(
        {
            "retrain/CMakeLists.txt": ROOMS,
            "retrain/data/frame.h": '#include "retrain/base/result.h"\n#include <vector>\n',
            "retrain/data/frame_test.cpp": '#include "retrain/testing/fake.h"\n',
        }
    )
    assert check_rooms.violations(root) == []


def test_an_include_that_the_row_does_not_name_is_found_with_its_line(tree):
    root = tree(
        {
            "retrain/CMakeLists.txt": ROOMS,
            "retrain/base/text.cpp": '#include "retrain/base/text.h"\n#include "retrain/data/frame.h"\n',
        }
    )
    found = check_rooms.undeclared_includes(root)
    assert len(found) == 1 and found[0].startswith("retrain/base/text.cpp:2:") and "data" in found[0]


def test_what_tests_may_include_the_room_itself_may_not(tree):
    root = tree({"retrain/CMakeLists.txt": ROOMS, "retrain/data/frame.cpp": '#include "retrain/testing/fake.h"\n'})
    assert len(check_rooms.undeclared_includes(root)) == 1


def test_a_folder_without_a_row_is_found(tree):
    root = tree({"retrain/CMakeLists.txt": ROOMS, "retrain/stray/x.cpp": "\n"})
    assert check_rooms.violations(root) == ["retrain/stray/x.cpp: no add_room() names the room stray"]


def test_a_cycle_is_told_once_whether_declared_or_only_included(tree):
    root = tree(
        {"retrain/CMakeLists.txt": ROOMS, "retrain/base/text.h": '#include "retrain/data/frame.h"\n'},
    )
    assert check_rooms.cycles(root) == ["base -> data -> base"]
