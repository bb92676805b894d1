// SPDX-License-Identifier: MIT
#include "compiler.hpp"

#include <charconv>
#include <chrono>
#include <fmt/format.h>
#include <utility>

#include "diagnostics.hpp"

namespace wasmup::wasm {
namespace {

namespace fs = std::filesystem;

constexpr int oldest_clang = 19;  // CLANG_WASM_MINIMUM in versions.env
constexpr std::chrono::seconds probe_limit{30};
constexpr std::chrono::minutes compile_limit{10};  // zig builds its C++ library first, once

constexpr const char* how_to_get_one =
    "./wasmup setup\n"
    "or: apt-get install clang-19 lld-19 libc++-19-dev-wasm32 libclang-rt-19-dev-wasm32 wasi-libc";

bool is_zig(const fs::path& program) { return program.filename() == "zig-c++"; }

/// What a compiler prints when asked, in one line; empty if it fails.
Expected<std::string> ask(os::Processes& processes, std::vector<std::string> argv) {
  Expected<os::Finished> finished = processes.run({std::move(argv)}, probe_limit);
  if (!finished) {
    if (finished.error().code == ExitCode::interrupted) return std::unexpected(finished.error());
    return std::string();
  }
  if (finished->status != 0) return std::string();
  return finished->output.substr(0, finished->output.find('\n'));
}

/// Empty if it can make modules, else why it cannot.
Expected<std::string> unfit(os::Processes& processes, const fs::path& clang) {
  const Expected<std::string> version = ask(processes, {clang, "-dumpversion"});
  if (!version) return std::unexpected(version.error());
  int major = 0;
  std::from_chars(version->data(), version->data() + version->size(), major);
  if (major < oldest_clang) return fmt::format("is of version {}, and {} is needed", *version, oldest_clang);
  // A file that clang does not find is printed as it was given, without a folder.
  const Expected<std::string> library =
      ask(processes, {clang, "-target", "wasm32-wasi", "-print-file-name=libc++.a"});
  if (!library) return std::unexpected(library.error());
  if (!library->contains('/')) return "has no C++ library for wasm32";
  return std::string();
}

/// A name that starts like a flag or a file of flags is not to be taken for one.
std::string as_argument(const fs::path& path) {
  const std::string text = path.string();
  return text.starts_with('-') || text.starts_with('@') ? "./" + text : text;
}

}  // namespace

Expected<Compiler> find_compiler(os::Processes& processes, const std::optional<std::string>& wanted,
                                 const fs::path& root) {
  if (wanted && !wanted->empty()) {
    const std::optional<fs::path> program = processes.find(*wanted);
    if (program) return Compiler{*program, is_zig(*program)};
    return std::unexpected(Error{ExitCode::environment, "the compiler in WASMUP_WASM_CXX cannot be run",
                                 *wanted + " is not there, or is not a program", "unset WASMUP_WASM_CXX"});
  }
  if (const auto zig = processes.find((root / ".wasmup" / "bin" / "zig-c++").string())) {
    return Compiler{*zig, true};
  }
  std::string seen = fmt::format("{} is not there", (root / ".wasmup" / "bin" / "zig-c++").string());
  for (const char* name : {"clang++-19", "clang++-20", "clang++-21", "clang++-22", "clang++"}) {
    const std::optional<fs::path> clang = processes.find(name);
    if (!clang) continue;
    const Expected<std::string> reason = unfit(processes, *clang);
    if (!reason) return std::unexpected(reason.error());
    if (reason->empty()) return Compiler{*clang, false};
    seen += fmt::format("\n{} {}", clang->string(), *reason);
  }
  return std::unexpected(
      Error{ExitCode::environment, "there is no compiler for modules", seen, how_to_get_one});
}

Expected<std::string> compile(os::Processes& processes, const Compiler& compiler, const fs::path& root,
                              const FilterSource& source, const fs::path& output) {
  os::Command command;
  command.argv = {compiler.program, "@" + (root / "cmake" / "module.flags").string()};
  // Without it, a deep recursion overwrites the filter's own data instead of trapping.
  if (!compiler.lays_stack_first) command.argv.emplace_back("-Wl,--stack-first");
  command.argv.push_back("-I" + (root / "include").string());
  for (const fs::path& file : source.files) command.argv.push_back(as_argument(file));
  command.argv.insert(command.argv.end(), {"-o", output.string()});

  const Expected<os::Finished> finished = processes.run(command, compile_limit);
  if (!finished) return std::unexpected(finished.error());
  if (finished->status == 0 && !finished->timed_out) return finished->output;
  Error error{ExitCode::build_failed, source.name + " does not compile", finished->output,
              pointer_to_first_error(finished->output, source.files)};
  if (finished->timed_out) {
    error.seen +=
        fmt::format("{} was ended after {} minutes", compiler.program.string(), compile_limit.count());
  } else if (error.seen.empty()) {
    error.seen = fmt::format("{} ended with status {} and without a word", compiler.program.string(),
                             finished->status);
  }
  return std::unexpected(error);
}

}  // namespace wasmup::wasm
