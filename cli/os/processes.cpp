// SPDX-License-Identifier: MIT
#include "processes.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include "descriptor.hpp"
#include "interrupt.hpp"

namespace wasmup::os {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds grace_at_the_end{2000};
constexpr milliseconds grace_in_the_terminal{10000};
constexpr size_t most_output = size_t{64} << 20;

/// The bytes a child writes, as lines.
class Lines {
 public:
  explicit Lines(LineSink sink) : sink_(std::move(sink)) {}

  void add(std::string_view bytes) {
    for (size_t end; (end = bytes.find('\n')) != bytes.npos; bytes.remove_prefix(end + 1)) {
      begun_ += bytes.substr(0, end);
      give();
    }
    begun_ += bytes;
    if (begun_.size() > longest) give();
  }

  /// What came without a newline at the very end is a line too.
  void finish() {
    if (!begun_.empty()) give();
  }

 private:
  void give() {
    const std::string line = std::exchange(begun_, {});
    if (sink_) sink_(line);
  }

  static constexpr size_t longest = size_t{1} << 20;

  LineSink sink_;
  std::string begun_;
};

/// Whether a variable is one that any program needs, and that holds no secret.
bool is_basic(std::string_view name) {
  constexpr std::array<std::string_view, 24> names{"PATH",
                                                   "HOME",
                                                   "USER",
                                                   "LOGNAME",
                                                   "LANG",
                                                   "LANGUAGE",
                                                   "TZ",
                                                   "TERM",
                                                   "COLUMNS",
                                                   "TMPDIR",
                                                   "NO_COLOR",
                                                   "LD_LIBRARY_PATH",
                                                   "SSL_CERT_DIR",
                                                   "SSL_CERT_FILE",
                                                   "CPATH",
                                                   "C_INCLUDE_PATH",
                                                   "CPLUS_INCLUDE_PATH",
                                                   "ASAN_OPTIONS",
                                                   "LSAN_OPTIONS",
                                                   "TSAN_OPTIONS",
                                                   "UBSAN_OPTIONS",
                                                   "WASMUP_ROOT",
                                                   "WASMUP_CACHE",
                                                   "XDG_CACHE_HOME"};
  constexpr std::array<std::string_view, 3> prefixes{"LC_", "CCACHE_", "ZIG_"};
  return std::ranges::find(names, name) != names.end() ||
         std::ranges::any_of(prefixes, [name](std::string_view prefix) { return name.starts_with(prefix); });
}

/// The environment of a command, in the shape that exec wants.
class Environment {
 public:
  explicit Environment(const Command& command) {
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string_view text(*entry);
      const std::string_view name = text.substr(0, text.find('='));
      const bool is_inherited = command.inherits == Inherits::everything || is_basic(name);
      const auto is_it = [name](const auto& added) { return added.first == name; };
      if (is_inherited && std::ranges::none_of(command.environment, is_it)) entries_.emplace_back(text);
    }
    for (const auto& [name, value] : command.environment) entries_.push_back(name + "=" + value);
  }

  std::vector<std::string>& entries() { return entries_; }

 private:
  std::vector<std::string> entries_;
};

/// With the folders that the inherited environment names, where compilers and loaders look.
Reach with_named_folders(Reach reach) {
  for (const char* name : {"CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "LD_LIBRARY_PATH"}) {
    const char* const value = std::getenv(name);
    for (std::string_view rest = value != nullptr ? value : ""; !rest.empty();) {
      const std::string_view folder = rest.substr(0, rest.find(':'));
      rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
      if (!folder.empty()) reach.reads.emplace_back(folder);
    }
  }
  if (const char* const cache = std::getenv("CCACHE_DIR")) reach.writes.emplace_back(cache);
  return reach;
}

bool has_zero_byte(const Command& command) {
  const auto has = [](const std::string& text) { return text.contains('\0'); };
  return std::ranges::any_of(command.argv, has) || has(command.directory.string()) ||
         std::ranges::any_of(command.environment,
                             [&](const auto& added) { return has(added.first) || has(added.second); });
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

int status_of(const siginfo_t& info) {
  return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
}

/// The status of a child that has ended. It stays a zombie until reap(), so that its number, which is its
/// group's too, cannot go to a stranger in the meantime.
std::optional<int> look_at(pid_t pid) {
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) {
    return std::nullopt;
  }
  return status_of(info);
}

void await_end(pid_t pid, int flags = WNOWAIT) {
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | flags) != 0 && errno == EINTR) {
  }
}

void reap(pid_t pid) { await_end(pid, 0); }

/// Becomes readable when the process ends.
Descriptor watch(pid_t pid) { return Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))); }

constexpr milliseconds longest{std::chrono::hours(24 * 20)};  // what poll's int can say

Clock::time_point after(milliseconds limit) { return Clock::now() + std::min(limit, longest); }

milliseconds until(Clock::time_point deadline) {
  return std::max(std::chrono::ceil<milliseconds>(deadline - Clock::now()), milliseconds(0));
}

/// Waits until one of the descriptors has something (-1: leave it out) or the time is up.
void poll_for(std::initializer_list<int> descriptors, milliseconds limit) {
  std::array<pollfd, 3> entries{};
  size_t count = 0;
  for (const int descriptor : descriptors) entries.at(count++) = {descriptor, POLLIN, 0};
  ::poll(entries.data(), count, static_cast<int>(limit.count()));
}

/// Where there is no pidfd_open (a kernel before 5.3, a strict sandbox), this often we look ourselves.
constexpr milliseconds without_watch{20};

class PosixChild : public Child {
 public:
  using ByteSink = std::function<void(std::string_view)>;

  PosixChild(pid_t pid, Descriptor output, ByteSink sink, std::function<void()> at_end)
      : pid_(pid),
        watch_(watch(pid)),
        output_(std::move(output)),
        sink_(std::move(sink)),
        at_end_(std::move(at_end)) {}
  ~PosixChild() override { terminate(grace_at_the_end); }

  int pid() const override { return pid_; }

  std::optional<int> ended() override {
    if (status_) return status_;
    const std::optional<int> status = look_at(pid_);
    // Its end was seen first, so this reads all it has written (up to 1 MiB, if others write on).
    for (int chunk = 0; chunk < 64 && read_some(); ++chunk) {
    }
    if (status) {
      status_ = status;
      at_end_();
    }
    return status_;
  }

  std::optional<int> wait(milliseconds limit) override { return wait(limit, true); }

  void terminate(milliseconds grace) override {
    if (reaped_) return;
    if (!ended()) {
      ::kill(-pid_, SIGTERM);
      wait(grace, false);
    }
    ::kill(-pid_, SIGKILL);
    await_end(pid_);
    ended();
    reap(pid_);
    reaped_ = true;
  }

 private:
  std::optional<int> wait(milliseconds limit, bool heed_interrupt) {
    const Clock::time_point deadline = after(limit);
    for (;;) {
      if (ended()) return status_;
      const milliseconds left = until(deadline);
      if (left.count() == 0 || (heed_interrupt && Interrupt::requested())) return std::nullopt;
      poll_for({output_.get(), watch_.get(), heed_interrupt ? Interrupt::wake_descriptor() : -1},
               watch_.open() ? left : std::min(left, without_watch));
    }
  }

  /// Hands on one chunk; false when there is nothing (more) to read now.
  bool read_some() {
    std::array<char, 16384> chunk;
    const ssize_t size = output_.open() ? ::read(output_.get(), chunk.data(), chunk.size()) : -1;
    if (size == 0) output_.close();
    if (size <= 0) return false;
    sink_({chunk.data(), static_cast<size_t>(size)});
    return true;
  }

  pid_t pid_;
  Descriptor watch_;
  Descriptor output_;
  ByteSink sink_;
  std::function<void()> at_end_;
  std::optional<int> status_;
  bool reaped_ = false;
};

Error cannot_run(const std::string& program, const std::string& reason) {
  return {ExitCode::environment, "cannot run " + program, reason, ""};
}

class PosixProcesses : public Processes {
 public:
  Expected<std::unique_ptr<Child>> start(const Command& command, LineSink sink) override {
    const auto lines = std::make_shared<Lines>(std::move(sink));
    return start_bytes(
        command, [lines](std::string_view bytes) { lines->add(bytes); }, [lines] { lines->finish(); });
  }

  Expected<Finished> run(const Command& command, milliseconds limit, LineSink sink) override {
    Finished finished;
    bool is_too_much = false;
    Expected<std::unique_ptr<Child>> child =
        sink ? start(command, std::move(sink))
             : start_bytes(
                   command,
                   [&](std::string_view bytes) {
                     is_too_much = is_too_much || finished.output.size() + bytes.size() > most_output;
                     if (!is_too_much) finished.output += bytes;
                   },
                   [] {});
    if (!child) return std::unexpected(child.error());
    const std::optional<int> status = (*child)->wait(limit);
    const bool interrupted = !status && Interrupt::requested();
    finished.timed_out = !status && !interrupted;
    (*child)->terminate(grace_at_the_end);  // what it leaves behind, when it has ended by itself
    if (interrupted) return std::unexpected(interrupted_in(command));
    if (is_too_much) {
      return std::unexpected(Error{ExitCode::environment, command.argv.at(0) + " prints too much",
                                   "more than 64 MiB", "run it by itself to see what it says"});
    }
    finished.status = (*child)->ended().value_or(0);
    return finished;
  }

  Expected<int> run_in_terminal(const Command& command) override {
    Expected<pid_t> pid = spawn(command, Descriptor());
    if (!pid) return std::unexpected(pid.error());
    const Descriptor watched = watch(*pid);
    std::optional<Clock::time_point> last_moment;  // set once we were interrupted
    std::optional<int> status;
    while (!(status = look_at(*pid))) {
      if (Interrupt::requested() && !last_moment) {
        // Ctrl-C has reached it already; a signal to us alone has not.
        ::kill(*pid, SIGTERM);
        last_moment = after(grace_in_the_terminal);
      }
      if (last_moment && Clock::now() >= *last_moment) ::kill(*pid, SIGKILL);
      const milliseconds left = last_moment ? std::max(until(*last_moment), without_watch) : longest;
      poll_for({watched.get(), last_moment ? -1 : Interrupt::wake_descriptor()},
               watched.open() ? left : without_watch);
    }
    reap(*pid);
    if (last_moment) return std::unexpected(interrupted_in(command));
    return *status;
  }

  Expected<int> start_detached(const Command& command, const fs::path& log) override {
    Descriptor output(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!output.open()) {
      return std::unexpected(
          cannot_run(command.argv.at(0), fmt::format("{}: {}", log.string(), std::strerror(errno))));
    }
    return spawn(command, std::move(output), Bond::none);
  }

  std::optional<fs::path> find(std::string_view program) const override {
    if (program.contains('/')) {
      fs::path path(program);
      return is_program(path) ? std::optional(path) : std::nullopt;
    }
    const char* variable = std::getenv("PATH");
    for (std::string_view rest = variable != nullptr ? variable : ""; !rest.empty();) {
      const std::string_view folder = rest.substr(0, rest.find(':'));
      rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
      fs::path path = fs::path(folder) / program;
      if (!folder.empty() && is_program(path)) return path;  // an empty entry means ".": not for us
    }
    return std::nullopt;
  }

 private:
  /// Whether a child ends with us.
  enum class Bond { ends_with_us, none };

  static bool is_program(const fs::path& path) {
    std::error_code error;
    return fs::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
  }

  static Error interrupted_in(const Command& command) {
    return {ExitCode::interrupted, command.argv.at(0) + " did not finish", "interrupted", ""};
  }

  Expected<std::unique_ptr<Child>> start_bytes(const Command& command, PosixChild::ByteSink sink,
                                               std::function<void()> at_end) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
      return std::unexpected(cannot_run(command.argv.at(0), std::strerror(errno)));
    }
    Descriptor reader(ends[0]);
    ::fcntl(reader.get(), F_SETFL, O_NONBLOCK);
    Expected<pid_t> pid = spawn(command, Descriptor(ends[1]));
    if (!pid) return std::unexpected(pid.error());
    return std::make_unique<PosixChild>(*pid, std::move(reader), std::move(sink), std::move(at_end));
  }

  /// Starts the program writing to `output` in a group of its own; when that is not open, with our files and
  /// group.
  Expected<pid_t> spawn(const Command& command, Descriptor output, Bond bond = Bond::ends_with_us) {
    const std::string& name = command.argv.at(0);
    if (has_zero_byte(command)) {
      return std::unexpected(Error{ExitCode::usage, "cannot run " + name,
                                   "a word of its command line has a zero byte in it", ""});
    }
    const std::optional<fs::path> program = find(name);
    if (!program) {
      std::error_code error;
      const bool is_there = name.contains('/') && fs::exists(name, error);
      return std::unexpected(cannot_run(name, is_there             ? "it is not an executable file"
                                              : name.contains('/') ? "there is no such file"
                                                                   : "there is no such program on the PATH"));
    }
    // All memory is got before fork: after it, only async-signal-safe calls are allowed.
    const std::string path = fs::absolute(*program);
    std::vector<std::string> arguments = command.argv;
    Environment environment(command);
    const std::vector<char*> argv = pointers_to(arguments);
    const std::vector<char*> envp = pointers_to(environment.entries());
    const std::string directory = command.directory;
    const Descriptor ruleset =
        command.reach ? make_ruleset(with_named_folders(*command.reach)) : Descriptor();
    // Where it can be held to its reach, it runs so or not at all.
    if (command.reach && !ruleset.open() && can_confine()) {
      return std::unexpected(cannot_run(name, "its reach cannot be limited (Landlock)"));
    }
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::unexpected(cannot_run(name, std::strerror(errno)));
    const Descriptor failure_reader(ends[0]);
    Descriptor failure_writer(ends[1]);

    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) return std::unexpected(cannot_run(name, std::strerror(errno)));
    if (pid == 0) {
      become(bond == Bond::none ? 0 : parent, path, argv, envp, directory, output.get(),
             command.most_file_bytes, ruleset.get());
      const int reason = errno;
      [[maybe_unused]] const ssize_t written = ::write(failure_writer.get(), &reason, sizeof(reason));
      ::_exit(127);
    }
    failure_writer.close();
    int reason = 0;
    ssize_t size = 0;
    while ((size = ::read(failure_reader.get(), &reason, sizeof(reason))) < 0 && errno == EINTR) {
    }
    if (size == 0) return pid;  // exec has closed the other end
    reap(pid);
    return std::unexpected(cannot_run(name, std::strerror(reason)));
  }

  /// Those that we have ourselves from whoever started us are not marked to be closed.
  static void keep_descriptors_to_ourselves() {
    constexpr unsigned first = 3;  // behind standard error
    if (::close_range(first, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
    constexpr int most = 65536;  // a kernel before 5.11
    for (int descriptor = first; descriptor < most; ++descriptor) ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  }

  /// Lowers a limit of this process, and never raises it.
  static bool limit(int resource, rlim_t most) {
    rlimit current{};
    if (::getrlimit(resource, &current) != 0) return false;
    current.rlim_max = std::min(current.rlim_max, most);
    current.rlim_cur = std::min(current.rlim_cur, most);
    return ::setrlimit(resource, &current) == 0;
  }

  /// In the child: returns only if it failed, with the reason in errno. `parent` 0: it lives on without one.
  static void become(pid_t parent, const std::string& path, const std::vector<char*>& argv,
                     const std::vector<char*>& envp, const std::string& directory, int output,
                     const std::optional<uint64_t>& most_file_bytes, int ruleset) {
    // Handlers are gone after exec, but what our own parent ignored or blocked would stay so; for SIGHUP
    // (nohup) and SIGINT that is meant, a closed pipe should end any program.
    ::signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    if (parent != 0) {
      if (::prctl(PR_SET_PDEATHSIG, SIGTERM) != 0) return;
      if (::getppid() != parent) ::_exit(127);  // we died before that took hold
    } else if (::setsid() < 0) {
      return;
    }
    if (output >= 0) {
      if (parent != 0 && ::setpgid(0, 0) != 0) return;
      const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
      if (nothing < 0 || ::dup2(nothing, STDIN_FILENO) < 0) return;
      if (::dup2(output, STDOUT_FILENO) < 0 || ::dup2(output, STDERR_FILENO) < 0) return;
    }
    if (!directory.empty() && ::chdir(directory.c_str()) != 0) return;
    keep_descriptors_to_ourselves();
    if (!limit(RLIMIT_CORE, 0)) return;
    if (ruleset >= 0 && !enter_ruleset(ruleset)) return;
    if (most_file_bytes && !limit(RLIMIT_FSIZE, *most_file_bytes)) return;
    ::execve(path.c_str(), argv.data(), envp.data());
  }
};

}  // namespace

std::unique_ptr<Processes> make_processes() { return std::make_unique<PosixProcesses>(); }

}  // namespace wasmup::os
