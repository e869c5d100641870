#include "retrain/app/ports/real_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#include "retrain/app/ports/descriptor.h"

namespace retrain::app {
namespace {

constexpr const char* kParentVariable = "RETRAIN_PARENT";
constexpr std::size_t kLastWordsBytes = 4096;

struct Pipe {
  Descriptor read;
  Descriptor write;
};

std::optional<Pipe> MakePipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) < 0) return std::nullopt;
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

// What posix_spawn is told, released in the end.
class SpawnPlan final {
 public:
  SpawnPlan(int out, int err) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, err, STDERR_FILENO);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setpgroup(&attributes_, 0);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE}) sigaddset(&signals, signal);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  // The child's process id, or minus the error.
  pid_t Spawn(const std::string& program, const std::vector<std::string>& arguments) {
    std::vector<std::string> texts = {program};
    texts.insert(texts.end(), arguments.begin(), arguments.end());
    std::vector<std::string> settings = {fmt::format("{}={}", kParentVariable, getpid())};
    for (char** entry = environ; *entry != nullptr; ++entry) {
      if (!std::string_view(*entry).starts_with(kParentVariable)) settings.emplace_back(*entry);
    }
    pid_t child = 0;
    const int error = posix_spawn(&child, program.c_str(), &actions_, &attributes_, Pointers(texts).data(),
                                  Pointers(settings).data());
    return error == 0 ? child : -error;
  }

 private:
  static std::vector<char*> Pointers(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
  }

  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// Cuts a stream of bytes into lines and hands on each whole one; the rest at Finish().
class LineCutter final {
 public:
  explicit LineCutter(const std::function<bool(std::string_view)>& on_line) : on_line_(on_line) {}

  bool Take(std::string_view bytes) {  // false: the receiver has had enough
    rest_ += bytes;
    std::size_t begin = 0;
    for (auto end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
      if (!on_line_(std::string_view(rest_).substr(begin, end - begin))) return false;
      begin = end + 1;
    }
    rest_.erase(0, begin);
    return true;
  }

  void Finish() {
    if (!rest_.empty()) on_line_(rest_);
  }

 private:
  const std::function<bool(std::string_view)>& on_line_;
  std::string rest_;
};

// One running child, from its start to its end.
class Child final {
 public:
  Child(pid_t pid, Descriptor out, Descriptor err, std::chrono::milliseconds grace, int stop)
      : pid_(pid), out_(std::move(out)), err_(std::move(err)), grace_(grace), stop_(stop) {}

  ChildExit Follow(const std::function<bool(std::string_view)>& on_line) {
    LineCutter lines(on_line);
    bool wanted = true;
    while (out_.get() >= 0 || err_.get() >= 0) {
      if (!WaitForBytes(wanted ? -1 : static_cast<int>(grace_.count()))) {
        kill(-pid_, SIGKILL);  // it had its time
        grace_ = std::chrono::milliseconds(-1);
        continue;
      }
      const std::string out = TakeBytes(out_, 0);
      if (wanted && (!lines.Take(out) || watched_[2].revents != 0)) {
        wanted = false;
        stop_ = -1;  // it was heard
        kill(-pid_, SIGTERM);
      }
      KeepLastWords(TakeBytes(err_, 1));
    }
    if (wanted) lines.Finish();
    return Reap();
  }

 private:
  bool WaitForBytes(int timeout_ms) {
    const std::array<int, 3> descriptors = {out_.get(), err_.get(), stop_};
    for (std::size_t i = 0; i < watched_.size(); ++i)
      watched_[i] = {.fd = descriptors[i], .events = POLLIN, .revents = 0};
    const int ready = poll(watched_.data(), watched_.size(), timeout_ms);
    return ready != 0;  // interrupted counts as bytes: the reads below find none
  }

  std::string TakeBytes(Descriptor& from, std::size_t index) {
    if (from.get() < 0 || watched_[index].revents == 0) return {};
    std::string bytes(16'384, '\0');
    const ssize_t count = read(from.get(), bytes.data(), bytes.size());
    if (count == 0 || (count < 0 && errno != EINTR)) from.Close();
    bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return bytes;
  }

  void KeepLastWords(std::string_view bytes) {
    last_words_ += bytes;
    if (last_words_.size() > kLastWordsBytes) last_words_.erase(0, last_words_.size() - kLastWordsBytes);
  }

  ChildExit Reap() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    ChildExit exit{.last_words = std::move(last_words_)};
    if (WIFSIGNALED(status)) exit.signal = WTERMSIG(status);
    if (WIFEXITED(status)) exit.code = WEXITSTATUS(status);
    return exit;
  }

  pid_t pid_;
  Descriptor out_;
  Descriptor err_;
  std::chrono::milliseconds grace_;
  int stop_;  // readable: end it; negative: nobody will ask
  std::array<pollfd, 3> watched_{};
  std::string last_words_;
};

Error CannotStart(const std::string& program, int error) {
  return Error{.code = "E0303",
               .message = fmt::format("cannot start {}: {}", program, std::strerror(error)),
               .hint = "run `retrain doctor`"};
}

}  // namespace

RealProcessRunner::RealProcessRunner(std::string program, std::chrono::milliseconds grace,
                                     std::shared_ptr<const StopSignal> stop)
    : program_(program.empty() ? "/proc/self/exe" : std::move(program)), grace_(grace), stop_(std::move(stop)) {}

Result<ChildExit> RealProcessRunner::Run(const std::vector<std::string>& arguments,
                                         const std::function<bool(std::string_view)>& on_line) {
  auto out = MakePipe();
  auto err = MakePipe();
  if (!out || !err) return CannotStart(program_, errno);
  const pid_t pid = SpawnPlan(out->write.get(), err->write.get()).Spawn(program_, arguments);
  if (pid < 0) return CannotStart(program_, -pid);
  out->write.Close();
  err->write.Close();
  Child child(pid, std::move(out->read), std::move(err->read), grace_, stop_ ? stop_->descriptor() : -1);
  auto exit = child.Follow(on_line);
  if (stop_ && stop_->raised()) {
    return Error{.code = "E0403", .message = "stopped on request", .hint = "the same command goes on where it was"};
  }
  return exit;
}

void DieWithParent() {
  const char* parent = std::getenv(kParentVariable);
  if (parent == nullptr) return;  // started by hand
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != std::atoi(parent)) _exit(1);  // the parent ended before the line above
}

}  // namespace retrain::app
