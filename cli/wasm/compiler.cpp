// SPDX-License-Identifier: MIT
#include "compiler.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <fmt/format.h>
#include <iterator>
#include <sstream>
#include <utility>
#include <vector>

#include "../os/temporary_folder.hpp"
#include "../text/file.hpp"
#include "diagnostics.hpp"
#include "strip.hpp"

namespace wasmup::wasm {
namespace {

namespace fs = std::filesystem;

constexpr int oldest_clang = 19;  // CLANG_WASM_MINIMUM in versions.env
constexpr std::chrono::seconds probe_limit{30};
constexpr std::chrono::minutes compile_limit{10};  // zig builds its C++ library first, once

constexpr std::array clangs{"clang++-19", "clang++-20", "clang++-21", "clang++-22", "clang++"};

constexpr const char* how_to_get_clang =
    "apt-get install clang-19 lld-19 libc++-19-dev-wasm32 libclang-rt-19-dev-wasm32 wasi-libc";

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

/// Words between spaces and line ends.
Expected<std::vector<std::string>> read_flags(const fs::path& file) {
  const Expected<std::string> text = text::read_file(file);
  if (!text) return std::unexpected(text.error());
  std::istringstream words(*text);
  return std::vector<std::string>(std::istream_iterator<std::string>(words), {});
}

/// What comes before the sources.
Expected<os::Command> compiler_command(const Compiler& compiler, const os::Installation& installation,
                                       Optimize optimize) {
  Expected<std::vector<std::string>> flags = read_flags(installation.module_flags());
  if (!flags) return std::unexpected(flags.error());
  os::Command command{{compiler.program}};
  std::vector<std::string>& argv = command.argv;
  argv.insert(argv.end(), flags->begin(), flags->end());
  argv.emplace_back("-g");
  if (optimize == Optimize::debugging) argv.emplace_back("-O1");
  // Without it, a deep recursion overwrites the filter's own data instead of trapping.
  if (!compiler.lays_stack_first) argv.emplace_back("-Wl,--stack-first");
  argv.push_back("-I" + installation.include.string());
  // Where things lie on this machine is nothing to the module.
  argv.push_back(fmt::format("-ffile-prefix-map={}=sdk", installation.include.string()));
  argv.emplace_back("-fdebug-compilation-dir=.");
  return command;
}

Expected<os::Command> compile_command(const Compiler& compiler, const os::Installation& installation,
                                      const FilterSource& source, Optimize optimize, const fs::path& headers,
                                      const fs::path& output) {
  Expected<os::Command> command = compiler_command(compiler, installation, optimize);
  if (!command) return command;
  std::vector<std::string>& argv = command->argv;
  std::erase(argv, "-Wl,-s");  // we take the symbols off ourselves, and keep them
  if (!headers.empty()) argv.insert(argv.end(), {"-include-pch", headers.string()});
  for (const fs::path& file : source.files) {
    const std::string folder = file.parent_path().string();
    if (!folder.empty()) argv.push_back(fmt::format("-ffile-prefix-map={}=.", folder));
    argv.push_back(as_argument(file));
  }
  argv.insert(argv.end(), {"-o", output.string()});
  return command;
}

/// The folder that came as a whole, of which a filter's folder is a part: its repository, or the folder
/// itself. A home folder that is a repository is no such thing.
fs::path whole_of(const fs::path& folder) {
  std::error_code error;
  fs::path own = fs::canonical(folder.empty() ? "." : folder, error);
  if (error) return folder;
  const fs::path home = fs::canonical(os::home_folder(), error);
  for (fs::path at = own; at != at.root_path() && at != home; at = at.parent_path()) {
    if (fs::exists(fs::symlink_status(at / ".git", error))) return at;
  }
  return own;
}

/// The folder of a program, as it is called and as it lies there; all that belongs to it when it is in bin/.
void add_program(std::vector<fs::path>& reads, const fs::path& program) {
  std::error_code error;
  for (const fs::path& path : {fs::absolute(program), fs::canonical(program, error)}) {
    const fs::path folder = path.parent_path();
    if (!folder.empty()) reads.push_back(folder.filename() == "bin" ? folder.parent_path() : folder);
  }
}

/// What a compiler needs. It gets no more, for a source can put any file that it can read into the module
/// (#embed, .incbin), and the source may be somebody else's.
os::Reach reach_of(const os::Processes& processes, const Compiler& compiler,
                   const os::Installation& installation, const FilterSource& source, const fs::path& headers,
                   const fs::path& output) {
  os::Reach reach{.reads = {installation.include}, .writes = {output.parent_path()}};
  std::error_code error;
  add_program(reach.reads, compiler.program);
  if (const auto zig = os::find_zig(installation, processes)) {
    add_program(reach.reads, *zig);
    fs::create_directories(installation.zig_cache(), error);
    reach.writes.push_back(installation.zig_cache());
  }
  // zig-c++ looks for a zig among the Python packages beside it; that of a checkout has a cache beside it.
  if (!installation.is_checkout) reach.reads.push_back(installation.root / "lib");
  if (is_zig(compiler.program)) {
    reach.writes.push_back(compiler.program.parent_path().parent_path() / "zig-cache");
  }
  reach.writes.push_back(os::home_folder() / ".cache" / "ccache");  // a compiler may be called through it
  if (!headers.empty()) reach.reads.push_back(headers.parent_path());
  for (const fs::path& file : source.files) {
    const fs::path whole = whole_of(file.parent_path());
    if (std::ranges::find(reach.reads, whole) == reach.reads.end()) reach.reads.push_back(whole);
  }
  return reach;
}

constexpr const char* how_to_reach =
    "the compiler may read the filter's repository (or folder), the system's files and the folders of "
    "CPATH:\n"
    "what it must read has to lie there";

std::unexpected<Error> did_not_compile(const Compiler& compiler, const FilterSource& source,
                                       const os::Finished& finished) {
  Error error{ExitCode::build_failed, source.name + " does not compile", finished.output,
              pointer_to_first_error(finished.output, source.files)};
  if (finished.timed_out) {
    error.seen +=
        fmt::format("{} was ended after {} minutes", compiler.program.string(), compile_limit.count());
  } else if (error.seen.empty()) {
    error.seen =
        fmt::format("{} ended with status {} and without a word", compiler.program.string(), finished.status);
  } else {
    const bool is_denied =
        finished.output.contains("ermission denied") || finished.output.contains("AccessDenied");
    if (is_denied && os::can_confine()) error.next = how_to_reach;
    // Where a misspelled callback is the only one, the SDK says that the filter has none.
    error.seen += warnings_of(find_uncalled(source.files));
  }
  return std::unexpected(error);
}

}  // namespace

Expected<Compiler> find_compiler(os::Processes& processes, const std::optional<std::string>& wanted,
                                 const os::Installation& installation) {
  const bool any = !wanted || wanted->empty();
  if (!any && *wanted != "zig" && *wanted != "clang") {
    const std::optional<fs::path> program = processes.find(*wanted);
    if (program) return Compiler{*program, is_zig(*program)};
    return std::unexpected(Error{ExitCode::environment, "the compiler that was named cannot be run",
                                 *wanted + " is not there, or is not a program",
                                 "leave --compiler out, and unset WASMUP_WASM_CXX"});
  }
  if ((any || *wanted == "zig") && os::find_zig(installation, processes)) {
    return Compiler{installation.compiler, true};
  }
  std::string seen = installation.is_checkout
                         ? fmt::format("{} is not there", installation.compiler.string())
                         : "there is no zig, neither as a Python package beside wasmup nor on the PATH";
  for (const char* name : clangs) {
    if (!any && *wanted != "clang") break;
    const std::optional<fs::path> clang = processes.find(name);
    if (!clang) continue;
    const Expected<std::string> reason = unfit(processes, *clang);
    if (!reason) return std::unexpected(reason.error());
    if (reason->empty()) return Compiler{*clang, false};
    seen += fmt::format("\n{} {}", clang->string(), *reason);
  }
  return std::unexpected(Error{ExitCode::environment, "there is no compiler for modules", seen,
                               fmt::format("{}\nor: {}", installation.how_to_get_tools(), how_to_get_clang)});
}

Expected<Compiled> compile(os::Processes& processes, const Compiler& compiler,
                           const os::Installation& installation, const FilterSource& source,
                           Optimize optimize, const fs::path& headers) {
  const Expected<os::TemporaryFolder> folder = os::TemporaryFolder::make("wasmup-build");
  if (!folder) return std::unexpected(folder.error());
  const fs::path output = folder->path() / "symbols.wasm";
  Expected<os::Command> command = compile_command(compiler, installation, source, optimize, headers, output);
  if (!command) return std::unexpected(command.error());
  command->reach = reach_of(processes, compiler, installation, source, headers, output);
  command->environment = {{"TMPDIR", folder->path()}};

  const Expected<os::Finished> finished = processes.run(*command, compile_limit);
  if (!finished) return std::unexpected(finished.error());
  if (finished->status != 0 || finished->timed_out) {
    if (headers.empty()) return did_not_compile(compiler, source, *finished);
    // Without the precompiled headers the error is the one that everybody gets.
    return compile(processes, compiler, installation, source, optimize);
  }
  Expected<std::string> symbols = text::read_file(output);
  if (!symbols) {
    return std::unexpected(Error{ExitCode::build_failed, source.name + " was compiled to nothing",
                                 compiler.program.string() + " ended well and left no module",
                                 "unset WASMUP_WASM_CXX"});
  }
  std::string module = without_custom_sections(*symbols, optimize == Optimize::debugging ? "name" : "");
  std::vector<Uncalled> uncalled = find_uncalled(source.files);
  return Compiled{std::move(module), *std::move(symbols), finished->output + warnings_of(uncalled),
                  std::move(uncalled)};
}

Expected<void> precompile(os::Processes& processes, const Compiler& compiler,
                          const os::Installation& installation, const fs::path& output) {
  Expected<os::Command> command = compiler_command(compiler, installation, Optimize::size);
  if (!command) return std::unexpected(command.error());
  std::erase_if(command->argv, [](const std::string& flag) { return flag.starts_with("-Wl,"); });
  // The flag that compiles sources to bitcode would compile the headers to it, too.
  if (const auto bitcode = std::ranges::find(command->argv, "-emit-llvm-bc");
      bitcode != command->argv.end() && bitcode != command->argv.begin()) {
    command->argv.erase(std::prev(bitcode), std::next(bitcode));
  }
  command->argv.insert(
      command->argv.end(),
      {"-x", "c++-header", (installation.include / "wasmup" / "wasmup.hpp").string(), "-o", output.string()});
  const Expected<os::Finished> finished = processes.run(*command, compile_limit);
  if (!finished) return std::unexpected(finished.error());
  if (finished->status == 0 && !finished->timed_out) return {};
  return did_not_compile(compiler, {"the SDK", {}}, *finished);
}

}  // namespace wasmup::wasm
