import check_ports
import pytest


@pytest.mark.parametrize(
    "code",
    [
        "auto now = std::chrono::system_clock::now();",
        "auto now = std::chrono::steady_clock::now();",
        "long now = time(nullptr);",
        "long now = ::time(nullptr);",
        'const char* home = std::getenv("HOME");',
        'auto* file = fopen(path, "r");',
        "std::ifstream in(path);",
        "std::ofstream out(path);",
        "std::filesystem::remove(path);",
        "int file = ::open(path, O_RDONLY);",
        "int s = socket(AF_INET, SOCK_STREAM, 0);",
        "pid_t child = fork();",
        "execvp(argv[0], argv);",
        'std::system("ls");',
        'popen("ls", "r");',
        "std::thread worker(run);",
        "std::jthread worker(run);",
        "pthread_create(&id, nullptr, run, nullptr);",
        "int die = rand() % 6;",
        "std::random_device device;",
        "auto file = arrow::io::ReadableFile::Open(path);",
    ],
)
def test_each_way_out_is_found_where_it_is_not_allowed(tree, code):
    root = tree(
        {"retrain/data/x.cpp": f"// a line\n{code}\n", "retrain/app/x.cpp": code, "retrain/testing/x.cpp": code}
    )
    found = check_ports.violations(root)
    assert len(found) == 1 and found[0].startswith("retrain/data/x.cpp:2:")


@pytest.mark.parametrize(
    "code",
    [
        "// the old code called time(nullptr) and fopen(path)",
        'Error{.message = "fork() failed: open(path)"};',
        "files.open(path); clock->time(now); run.system(x);",
        "FakeClock clock({}, step); Clock& clock(int which); Seconds time(double seconds);",
        "double fit_time(int epochs); auto operand(int x); bool reopen(int x);",
        "const int big = 1'000'000; int grand(int x); // 'time('",
    ],
)
def test_words_that_only_look_alike_are_free(tree, code):
    assert check_ports.violations(tree({"retrain/data/x.cpp": code + "\n"})) == []


def test_an_exception_that_is_no_longer_needed_is_told(tree, monkeypatch):
    monkeypatch.setattr(
        check_ports, "EXCEPTIONS", {("retrain/base/x.cpp", "a clock"): "why", ("retrain/base/y.cpp", "a file"): "why"}
    )
    root = tree({"retrain/base/x.cpp": "int x;\n", "retrain/base/y.cpp": "std::ifstream in;\n"})
    assert check_ports.violations(root) == ["retrain/base/x.cpp: no longer reaches a clock; remove its exception"]
