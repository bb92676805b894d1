// SPDX-License-Identifier: MIT
#include "child.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

bool crashes_quickly = false;

}  // namespace

/// AddressSanitizer calls this before it reports: a report with its symbols takes a second.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the sanitizer names it
extern "C" void __asan_on_error() {
  if (crashes_quickly) _exit(1);
}

namespace wasmup::testing::simulation {
namespace {

/// A file without a name: a child writes to it, and we read it once the child has ended.
class Scratch {
 public:
  Scratch() : file_(std::tmpfile()) {
    if (file_ == nullptr) throw std::runtime_error("a simulation can make no temporary file");
  }
  ~Scratch() { std::fclose(file_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  int descriptor() const { return fileno(file_); }
  void write(std::string_view text) {
    const size_t size = text.size();
    std::fwrite(&size, sizeof(size), 1, file_);
    std::fwrite(text.data(), 1, size, file_);
  }
  void flush() { std::fflush(file_); }
  void rewind() { std::fseek(file_, 0, SEEK_SET); }
  /// What was written next; false at the end.
  bool read(std::string& text) {
    size_t size = 0;
    if (std::fread(&size, sizeof(size), 1, file_) != 1) return false;
    text.resize(size);
    return std::fread(text.data(), 1, size, file_) == size;
  }
  std::string all() {
    rewind();
    std::string text;
    char buffer[4096];
    while (const size_t size = std::fread(buffer, 1, sizeof(buffer), file_)) text.append(buffer, size);
    return text;
  }

 private:
  std::FILE* file_;
};

/// Runs this in a child, and gives its status. What it prints is kept in `printed`.
int fork_and_wait(Scratch& printed, const std::function<void()>& work) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("a simulation cannot fork");
  if (child == 0) {
    dup2(printed.descriptor(), STDOUT_FILENO);
    dup2(printed.descriptor(), STDERR_FILENO);
    std::signal(SIGALRM, SIG_DFL);
    work();
    std::fflush(nullptr);
    _exit(0);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

void write_outcome(Scratch& results, const Outcome& outcome) {
  const auto write = [&](char kind, const std::string& text) { results.write(kind + text); };
  for (const std::string& text : outcome.failures) write('f', text);
  for (const std::string& text : outcome.headers_asked_for) write('h', text);
  for (const Watch::Made& made : outcome.made) {
    write('m', std::to_string(made.event) + " " + std::to_string(made.nth) + " " + made.hostcall);
  }
  write('s', std::to_string(outcome.streams));
  write('p', {outcome.protocols.http ? 'h' : '-', outcome.protocols.tcp ? 't' : '-'});
  write('e', "");
  results.flush();
}

/// False when the child did not come to the end of it.
bool read_outcome(Scratch& results, Outcome& outcome) {
  results.rewind();
  std::string text;
  while (results.read(text)) {
    const char kind = text.front();
    text.erase(0, 1);
    if (kind == 'f') outcome.failures.push_back(text);
    if (kind == 't') outcome.trace.push_back(text);
    if (kind == 'h') outcome.headers_asked_for.push_back(text);
    if (kind == 's') outcome.streams = std::stoul(text);
    if (kind == 'p') outcome.protocols = {.http = text[0] == 'h', .tcp = text[1] == 't'};
    if (kind == 'm') {
      const size_t first = text.find(' ');
      const size_t second = text.find(' ', first + 1);
      outcome.made.push_back({static_cast<uint32_t>(std::stoul(text)),
                              static_cast<uint32_t>(std::stoul(text.substr(first))),
                              text.substr(second + 1)});
    }
    if (kind == 'e') return true;
  }
  return false;
}

/// The line of a sanitizer's report that says what it is about.
std::string line_with(const std::string& text, const char* words) {
  const size_t found = text.find(words);
  if (found == std::string::npos) return {};
  const size_t begin = text.rfind('\n', found) + 1;
  return text.substr(begin, text.find('\n', found) - begin);
}

std::string crash_of(int status, const std::string& printed) {
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) return "the run does not end: it loops for ever";
  std::string text = "the filter crashes";
  for (const char* const words : {"ERROR: AddressSanitizer", "runtime error:", "SUMMARY:"}) {
    const std::string line = line_with(printed, words);
    if (!line.empty()) text += "\n  " + line;
  }
  if (text.find('\n') != std::string::npos) return text;
  if (WIFSIGNALED(status)) return text + ": " + strsignal(WTERMSIG(status));
  return text + ": the process ended with status " + std::to_string(WEXITSTATUS(status)) + "\n" +
         printed.substr(0, 500);
}

}  // namespace

void limit_time(unsigned seconds) { alarm(seconds); }

Progress in_child(const std::function<void(Progress&)>& work) {
  void* const memory =
      mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error("a simulation can get no shared memory");
  Progress& progress = *new (memory) Progress;
  Scratch printed;
  fork_and_wait(printed, [&] {
    work(progress);
    progress.is_finished = true;
  });
  const Progress result = progress;
  munmap(memory, sizeof(Progress));
  return result;
}

Outcome run_in_child(const Plan& plan, const SimulationOptions& options, const Invariant& invariant,
                     Details details, unsigned seconds) {
  Scratch printed;
  Scratch results;
  const int status = fork_and_wait(printed, [&] {
    limit_time(seconds);
    crashes_quickly = details == Details::none;
    std::function<void(const std::string&)> trace;
    if (details == Details::all) {
      trace = [&results](const std::string& line) {
        results.write("t" + line);
        results.flush();
      };
    }
    write_outcome(results, run(plan, options, invariant, trace));
  });
  Outcome outcome;
  if (!read_outcome(results, outcome)) outcome.failures = {crash_of(status, printed.all())};
  return outcome;
}

}  // namespace wasmup::testing::simulation
