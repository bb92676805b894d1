// SPDX-License-Identifier: MIT
#include "session.hpp"

#include <chrono>
#include <fmt/format.h>
#include <utility>

#include "../text/file.hpp"
#include "explain.hpp"

namespace wasmup::registry {

namespace fs = std::filesystem;

Session::Session(os::Processes& processes, const Reference& reference, const Options& options,
                 std::string tool, os::TemporaryFolder folder)
    : processes_(processes), options_(options), tool_(std::move(tool)), folder_(std::move(folder)) {
  job_.reference = reference;
  job_.plain_http = options.plain_http;
}

Expected<Session> Session::begin(os::Processes& processes, const Reference& reference, const Options& options,
                                 const std::string& tool) {
  Expected<os::TemporaryFolder> folder = os::TemporaryFolder::make("wasmup-registry");
  if (!folder) return std::unexpected(folder.error());
  Session session(processes, reference, options, tool, *std::move(folder));
  // Each tool wants these under a name of its own choice.
  if (const auto copied = session.copy(options.credentials, "login/config.json", session.job_.credentials);
      !copied)
    return std::unexpected(copied.error());
  if (const auto copied = session.copy(options.authority, "trust/ca.crt", session.job_.authorities); !copied)
    return std::unexpected(copied.error());
  return session;
}

os::Command Session::command(os::Command (*make)(const Job&), const fs::path& folder) const {
  Job job = job_;
  job.folder = folder;
  os::Command command = make(job);
  command.inherits = os::Inherits::everything;  // credential helpers, and the way through a proxy
  command.most_file_bytes = most_file_bytes_;
  return command;
}

Expected<std::string> Session::run(os::Command (*make)(const Job&), const std::string& what,
                                   const fs::path& folder) {
  while (true) {
    const Expected<os::Finished> finished = processes_.run(command(make, folder), options_.limit);
    if (!finished) return std::unexpected(finished.error());
    if (finished->timed_out) return std::unexpected(too_slow(what));
    if (finished->status == 0) return finished->output;
    const bool may_be_plain = job_.reference.on_loopback() && !job_.plain_http;
    if (!may_be_plain || !speaks_plain_http(finished->output)) {
      return std::unexpected(explain(what, finished->output, job_.reference));
    }
    job_.plain_http = true;
  }
}

/// Copies a file, if there is one, and says in which folder it is now.
Expected<void> Session::copy(const std::optional<fs::path>& from, const char* to,
                             std::optional<fs::path>& folder) {
  if (!from) return {};
  const Expected<std::string> bytes = text::read_file(*from);
  if (!bytes) return std::unexpected(bytes.error());
  folder = (folder_.path() / to).parent_path();
  return text::write_file(folder_.path() / to, *bytes);
}

Error Session::too_slow(const std::string& what) const {
  return {ExitCode::environment, what,
          fmt::format("{} was not done after {} s", tool_,
                      std::chrono::duration_cast<std::chrono::seconds>(options_.limit).count()),
          "see to the network on the way to " + job_.reference.host};
}

}  // namespace wasmup::registry
