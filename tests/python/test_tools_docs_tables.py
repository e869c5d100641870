import docs_tables
import pytest

STATES = """
inline constexpr StateRow kStates[] = {
    {State::kCreated, "created", "Trigger validated", false},
    {State::kKept, "kept", "", true},
};
inline constexpr Edge kEdges[] = {
    {State::kCreated, State::kKept, "the verdict | reject"},
};
"""


def test_a_marked_place_is_filled_and_the_rest_is_left_alone(tree):
    root = tree({"retrain/CMakeLists.txt": 'add_room(NAME base DESCRIPTION "the ground")'})
    text = "before\n<!-- table: rooms -->\nstale\n<!-- end of table -->\nafter\n"
    new = docs_tables.rewritten(text, root)
    assert "| `base` | the ground | – |" in new and "stale" not in new
    assert new.startswith("before\n") and new.endswith("\nafter\n")
    assert docs_tables.rewritten(new, root) == new


def test_states_and_edges_come_from_the_table_in_the_code(tree):
    root = tree({"retrain/pipeline/state.h": STATES})
    assert "| `created` | Trigger validated |  |" in docs_tables.stage_table(root)
    assert "| `kept` | – | yes |" in docs_tables.stage_table(root)
    assert "| `created` | `kept` | the verdict \\| reject |" in docs_tables.edge_table(root)


def test_a_stale_document_is_told_by_check_and_mended_without_it(tree, monkeypatch, capsys):
    monkeypatch.setattr(docs_tables, "DOCS", ("docs/a.md",))
    root = tree(
        {
            "retrain/CMakeLists.txt": 'add_room(NAME base DESCRIPTION "the ground")',
            "docs/a.md": "<!-- table: rooms -->\n<!-- end of table -->\n",
        }
    )
    assert docs_tables.main(root, check=True) == 1
    assert "docs/a.md" in capsys.readouterr().out
    assert docs_tables.main(root, check=False) == 0
    assert docs_tables.main(root, check=True) == 0


def test_an_unknown_table_is_refused(tree):
    with pytest.raises(SystemExit, match="no table `nonsense`"):
        docs_tables.rewritten("<!-- table: nonsense -->\n<!-- end of table -->", tree({}))
