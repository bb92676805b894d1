// SPDX-License-Identifier: MIT
#include "registry.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <system_error>
#include <utility>

#include "../image/layout.hpp"
#include "../os/temporary_folder.hpp"
#include "../text/file.hpp"
#include "explain.hpp"
#include "tool.hpp"

namespace wasmup::registry {
namespace {

namespace fs = std::filesystem;

constexpr const char* layout_name = "image:latest";

/// A tool, and the folder it works in.
class Session {
 public:
  static Expected<Session> begin(os::Processes& processes, const Reference& reference,
                                 const Options& options) {
    Expected<Tool> tool = find_tool(processes, options.tool);
    if (!tool) return std::unexpected(tool.error());
    Expected<os::TemporaryFolder> folder = os::TemporaryFolder::make("wasmup-registry");
    if (!folder) return std::unexpected(folder.error());
    Session session(processes, reference, options, *tool, *std::move(folder));
    // Each tool wants these under a name of its own choice.
    if (const auto copied = session.copy(options.credentials, "login/config.json", session.job_.credentials);
        !copied)
      return std::unexpected(copied.error());
    if (const auto copied = session.copy(options.authority, "trust/ca.crt", session.job_.authorities);
        !copied)
      return std::unexpected(copied.error());
    return session;
  }

  std::string_view tool() const { return tool_.name; }
  fs::path scratch(std::string_view name) const { return folder_.path() / name; }

  os::Command command(os::Command (*make)(const Job&), const fs::path& folder = {}) const {
    Job job = job_;
    job.folder = folder;
    return make(job);
  }

  /// What it printed. A registry on this machine may speak plain HTTP; it is asked for TLS first, as Envoy
  /// Gateway does, so that a certificate is checked where there is one.
  Expected<std::string> run(os::Command (*make)(const Job&), const std::string& what,
                            const fs::path& folder = {}) {
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

  const Tool& calls() const { return tool_; }

 private:
  Session(os::Processes& processes, const Reference& reference, const Options& options, const Tool& tool,
          os::TemporaryFolder folder)
      : processes_(processes), options_(options), tool_(tool), folder_(std::move(folder)) {
    job_.reference = reference;
    job_.plain_http = options.plain_http;
  }

  /// Copies a file, if there is one, and says in which folder it is now.
  Expected<void> copy(const std::optional<fs::path>& from, const char* to, std::optional<fs::path>& folder) {
    if (!from) return {};
    const Expected<std::string> bytes = text::read_file(*from);
    if (!bytes) return std::unexpected(bytes.error());
    folder = (folder_.path() / to).parent_path();
    return text::write_file(folder_.path() / to, *bytes);
  }

  Error too_slow(const std::string& what) const {
    return {ExitCode::environment, what,
            fmt::format("{} was not done after {} s", tool_.name,
                        std::chrono::duration_cast<std::chrono::seconds>(options_.limit).count()),
            "see to the network on the way to " + job_.reference.host};
  }

  os::Processes& processes_;
  Options options_;
  Tool tool_;
  os::TemporaryFolder folder_;
  Job job_ = {};
};

/// A tool may write warnings beside what it prints.
std::string_view json_in(std::string_view output) {
  const size_t begin = output.find('{');
  const size_t end = output.rfind('}');
  return begin == output.npos || end == output.npos ? output : output.substr(begin, end - begin + 1);
}

Expected<image::Accepted> read_back(Session& session, const Reference& reference) {
  const std::string what = fmt::format("cannot read {}", reference.text());
  const Expected<std::string> manifest = session.run(session.calls().print_manifest, what);
  if (!manifest) return std::unexpected(manifest.error());
  const Expected<std::string> kind = image::acceptance_of_manifest(json_in(*manifest));
  if (!kind) return std::unexpected(kind.error());
  const fs::path folder = session.scratch("fetched");
  const Expected<std::string> fetched = session.run(session.calls().fetch, what, folder);
  if (!fetched) return std::unexpected(fetched.error());
  const Expected<image::Image> image = image::read_layout(folder);
  if (!image) return std::unexpected(image.error());
  if (!reference.digest.empty() && image->digest() != reference.digest) {
    return std::unexpected(
        Error{ExitCode::refused, what, fmt::format("its digest is {}", image->digest()), ""});
  }
  return image::acceptance(*image);
}

}  // namespace

Expected<std::optional<fs::path>> find_credentials(
    const std::optional<std::string>& chosen,
    const std::function<std::optional<std::string>(const std::string& name)>& variable) {
  std::error_code error;
  if (chosen) {
    if (fs::is_regular_file(*chosen, error)) return *chosen;
    return std::unexpected(Error{ExitCode::usage, "there is no file " + *chosen, "named by --authfile",
                                 "skopeo login --authfile FILE HOST makes one"});
  }
  if (const auto file = variable("REGISTRY_AUTH_FILE"); file && fs::is_regular_file(*file, error))
    return *file;
  if (const auto folder = variable("DOCKER_CONFIG")) {
    fs::path file = fs::path(*folder) / "config.json";
    if (fs::is_regular_file(file, error)) return file;
  }
  return std::nullopt;
}

Expected<Plan> plan_push(os::Processes& processes, const Reference& reference, const Options& options) {
  const Expected<Session> session = Session::begin(processes, reference, options);
  if (!session) return std::unexpected(session.error());
  const os::Command command = session->command(session->calls().push, session->scratch("image"));
  return Plan{std::string(session->tool()), fmt::format("{}", fmt::join(command.argv, " "))};
}

Expected<Pushed> push(os::Processes& processes, const image::Image& image, const Reference& reference,
                      const Options& options) {
  if (!reference.digest.empty()) {
    return std::unexpected(Error{ExitCode::usage, "an image is pushed to a tag",
                                 "the digest is its own anyway",
                                 fmt::format("wasmup push {}:TAG", reference.name())});
  }
  const Expected<image::Accepted> before = image::acceptance(image);
  if (!before) return std::unexpected(before.error());
  Expected<Session> session = Session::begin(processes, reference, options);
  if (!session) return std::unexpected(session.error());
  const fs::path layout = session->scratch("image");
  if (const auto written = image::write_layout(image, layout, layout_name); !written)
    return std::unexpected(written.error());
  const Expected<std::string> pushed =
      session->run(session->calls().push, fmt::format("cannot push {}", reference.text()), layout);
  if (!pushed) return std::unexpected(pushed.error());
  Expected<image::Accepted> after = read_back(*session, reference);
  if (!after) return std::unexpected(after.error());
  if (after->digest != before->digest) {
    return std::unexpected(Error{ExitCode::refused, "the registry has something else than was pushed",
                                 fmt::format("pushed {}\nread   {}", before->digest, after->digest),
                                 "did somebody else push the same tag? wasmup push again"});
  }
  return Pushed{std::string(session->tool()), *std::move(after), image.size()};
}

Expected<image::Accepted> acceptance(os::Processes& processes, const Reference& reference,
                                     const Options& options) {
  Expected<Session> session = Session::begin(processes, reference, options);
  if (!session) return std::unexpected(session.error());
  return read_back(*session, reference);
}

}  // namespace wasmup::registry
