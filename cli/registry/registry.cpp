// SPDX-License-Identifier: MIT
#include "registry.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <system_error>
#include <utility>

#include "../image/layout.hpp"
#include "engine.hpp"
#include "session.hpp"
#include "tool.hpp"

namespace wasmup::registry {
namespace {

namespace fs = std::filesystem;

constexpr const char* layout_name = "image:latest";

/// A tool may write warnings beside what it prints.
std::string_view json_in(std::string_view output) {
  const size_t begin = output.find('{');
  const size_t end = output.rfind('}');
  return begin == output.npos || end == output.npos ? output : output.substr(begin, end - begin + 1);
}

Expected<image::Accepted> read_back(Session& session, const Tool& tool, const Reference& reference) {
  const std::string what = fmt::format("cannot read {}", reference.text());
  const Expected<std::string> manifest = session.run(tool.print_manifest, what);
  if (!manifest) return std::unexpected(manifest.error());
  const Expected<std::string> kind = image::acceptance_of_manifest(json_in(*manifest));
  if (!kind) return std::unexpected(kind.error());
  const Expected<uint64_t> largest = image::largest_part(json_in(*manifest));
  if (!largest) return std::unexpected(largest.error());
  session.bound(*largest);
  const fs::path folder = session.scratch("fetched");
  const Expected<std::string> fetched = session.run(tool.fetch, what, folder);
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
  const Expected<std::optional<Engine>> engine = find_engine(processes, options.tool);
  if (!engine) return std::unexpected(engine.error());
  const Expected<Tool> tool =
      *engine ? Tool{(*engine)->name, (*engine)->push} : find_tool(processes, options.tool);
  if (!tool) return std::unexpected(tool.error());
  const Expected<Session> session = Session::begin(processes, reference, options, std::string(tool->name));
  if (!session) return std::unexpected(session.error());
  const os::Command command = session->command(tool->push, session->scratch("image"));
  return Plan{std::string(tool->name), fmt::format("{}", fmt::join(command.argv, " ")), engine->has_value()};
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
  const Expected<std::optional<Engine>> engine = find_engine(processes, options.tool);
  if (!engine) return std::unexpected(engine.error());
  if (*engine) return push_by(**engine, processes, image, reference, options);
  const Expected<Tool> tool = find_tool(processes, options.tool);
  if (!tool) return std::unexpected(tool.error());
  Expected<Session> session = Session::begin(processes, reference, options, std::string(tool->name));
  if (!session) return std::unexpected(session.error());
  const fs::path layout = session->scratch("image");
  if (const auto written = image::write_layout(image, text::place_of(layout), layout_name); !written)
    return std::unexpected(written.error());
  const Expected<std::string> pushed =
      session->run(tool->push, fmt::format("cannot push {}", reference.text()), layout);
  if (!pushed) return std::unexpected(pushed.error());
  Expected<image::Accepted> after = read_back(*session, *tool, reference);
  if (!after) return std::unexpected(after.error());
  if (after->digest != before->digest) {
    return std::unexpected(Error{ExitCode::refused, "the registry has something else than was pushed",
                                 fmt::format("pushed {}\nread   {}", before->digest, after->digest),
                                 "did somebody else push the same tag? wasmup push again"});
  }
  return Pushed{std::string(tool->name), *std::move(after), image.size()};
}

Expected<image::Accepted> acceptance(os::Processes& processes, const Reference& reference,
                                     const Options& options) {
  const Expected<Tool> tool = find_tool(processes, options.tool);
  if (!tool) return std::unexpected(tool.error());
  Expected<Session> session = Session::begin(processes, reference, options, std::string(tool->name));
  if (!session) return std::unexpected(session.error());
  return read_back(*session, *tool, reference);
}

}  // namespace wasmup::registry
