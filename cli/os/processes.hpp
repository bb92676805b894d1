// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../error.hpp"
#include "confinement.hpp"

namespace wasmup::os {

/// What a child gets of our own environment.
enum class Inherits {
  basics,  ///< what any program needs (PATH, HOME, TMPDIR, the locale, ...), and none of the user's secrets
  everything,  ///< for tools of the user's own, which find their clusters and logins by it
};

/// A program to run: never through a shell. argv[0] is looked up on the PATH unless it holds a slash; a path
/// that is not absolute starts at our own folder, not at `directory`.
struct Command {
  std::vector<std::string> argv;
  std::vector<std::pair<std::string, std::string>> environment = {};  ///< added to what it inherits
  std::filesystem::path directory = {};                               ///< empty: ours
  Inherits inherits = Inherits::basics;
  std::optional<uint64_t> most_file_bytes = {};  ///< of each file that it writes
  std::optional<Reach> reach =
      {};  ///< of the machine's files, where the kernel can hold it to that; none: all
};

/// Called with each whole line (without its newline) a child writes to standard output or error.
using LineSink = std::function<void(std::string_view line)>;

/// A child in a process group of its own. Destruction ends the whole group: terminate, a grace time, kill.
class Child {
 public:
  virtual ~Child() = default;
  virtual int pid() const = 0;
  /// Its exit status once it has ended (128 + n for signal n), nothing while it runs.
  virtual std::optional<int> ended() = 0;
  /// Waits at most `limit`, pumping lines to the sink; nothing when it still runs, which after an Interrupt
  /// may be at once.
  virtual std::optional<int> wait(std::chrono::milliseconds limit) = 0;
  /// SIGTERM to the group; SIGKILL to what is left of it once the child has ended or `grace` is over.
  virtual void terminate(std::chrono::milliseconds grace) = 0;
};

struct Finished {
  int status = 0;      ///< exit status, 128 + n for signal n
  std::string output;  ///< standard output and error as they came, unless a sink took them; at most 64 MiB
  bool timed_out = false;
};

class Processes {
 public:
  virtual ~Processes() = default;
  virtual Expected<std::unique_ptr<Child>> start(const Command&, LineSink) = 0;
  /// Runs to the end, or ends the group after `limit`. A sink, when given, gets the lines as they come.
  /// An Interrupt ends the group too, and is an error with ExitCode::interrupted.
  virtual Expected<Finished> run(const Command&, std::chrono::milliseconds limit, LineSink = {}) = 0;
  /// Runs with our own terminal, files and process group (a test runner, say), and passes an Interrupt on.
  virtual Expected<int> run_in_terminal(const Command&) = 0;
  /// Starts it in a session of its own, to live on when we have gone; what it says goes to the end of `log`.
  /// Returns its number.
  virtual Expected<int> start_detached(const Command&, const std::filesystem::path& log) = 0;
  /// The program's path, from the PATH or as given; nothing when it is not there or not executable.
  virtual std::optional<std::filesystem::path> find(std::string_view program) const = 0;
};

/// fork/exec, with SIGTERM to children when we die, or the thread that started them does (PR_SET_PDEATHSIG).
/// Children read nothing (/dev/null), inherit no descriptor but the one they write to, and leave no core
/// file. An argument with a zero byte in it is an error of usage: the child would see another one.
std::unique_ptr<Processes> make_processes();

}  // namespace wasmup::os
