// SPDX-License-Identifier: MIT
#include "engine.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "../image/acceptance.hpp"
#include "../image/digest.hpp"
#include "../image/layout.hpp"
#include "../text/file.hpp"
#include "../text/json.hpp"
#include "session.hpp"

namespace wasmup::registry {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Words = std::vector<std::string>;

constexpr const char* archive_file = "image.tar";
constexpr const char* digest_file = "digest";

std::unexpected<Error> another_image(const Job& job, const std::string& pushed, const std::string& seen) {
  return std::unexpected(
      Error{ExitCode::refused, "the registry has something else than was pushed",
            fmt::format("pushed {}\nread   {}", pushed, seen),
            fmt::format("did somebody else push {}? wasmup push again", job.reference.text())});
}

std::string text_at(const Json& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string last_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

// --- docker -----------------------------------------------------------------------------------------------

os::Command docker(const Job& job, const Words& words) {
  os::Command command{{"docker"}};
  if (job.credentials) command.argv.insert(command.argv.end(), {"--config", job.credentials->string()});
  command.argv.insert(command.argv.end(), words.begin(), words.end());
  return command;
}

os::Command docker_load(const Job& job) {
  return docker(job, {"load", "--quiet", "--input", (job.folder / archive_file).string()});
}

os::Command docker_push(const Job& job) { return docker(job, {"push", "--quiet", job.reference.text()}); }

/// As the daemon does, it trusts whatever is on this machine.
os::Command docker_look(const Job& job) {
  Words words{"manifest", "inspect", "--verbose"};
  if (job.plain_http || job.reference.on_loopback()) words.emplace_back("--insecure");
  words.push_back(job.reference.text());
  return docker(job, words);
}

/// {"Descriptor": {"digest": ...}, "SchemaV2Manifest" or "OCIManifest": {...}}; of an index, a list of those.
Expected<image::Accepted> docker_read(const std::string& printed, const Job& job, const std::string& config) {
  const size_t begin = std::min(printed.find_first_of("{["), printed.size());
  const Json report = text::parse_json(printed.substr(begin));
  if (report.is_array()) {
    return std::unexpected(image::acceptance_of_manifest(R"({"manifests":[]})").error());
  }
  const Json object = report.is_object() ? report : Json::object();
  const Json manifest = object.value("SchemaV2Manifest", object.value("OCIManifest", Json()));
  Expected<std::string> kind = image::acceptance_of_manifest(manifest.dump());
  if (!kind) return std::unexpected(kind.error());
  const std::string seen = manifest.contains("config") ? text_at(manifest["config"], "digest") : "";
  if (seen != config) return another_image(job, config, seen);
  const std::string digest = object.contains("Descriptor") ? text_at(object["Descriptor"], "digest") : "";
  return image::Accepted{digest, *std::move(kind), {}};
}

// --- podman -----------------------------------------------------------------------------------------------

os::Command podman(const Job& job, const Words& words) {
  os::Command command{{"podman"}};
  command.argv.insert(command.argv.end(), words.begin(), words.end());
  const auto add = [&command](const std::string& word) { command.argv.push_back(word); };
  if (job.credentials) add("--authfile=" + (*job.credentials / "config.json").string());
  if (job.authorities) add("--cert-dir=" + job.authorities->string());
  if (job.plain_http) add("--tls-verify=false");
  add(job.reference.text());
  return command;
}

os::Command podman_load(const Job& job) {
  return {{"podman", "load", "--quiet", "--input", (job.folder / archive_file).string()}};
}

/// The format and the compression that the gateway reads, whatever podman's configuration says.
os::Command podman_push(const Job& job) {
  return podman(job, {"push", "--quiet", "--format=oci", "--compression-format=gzip",
                      "--digestfile=" + (job.folder / digest_file).string()});
}

/// It shows no manifest as the registry has it, but pulls the one of this digest and no other.
os::Command podman_look(const Job& job) { return podman(job, {"pull", "--quiet"}); }

/// The image's id, which is its configuration's digest. Format and compression were pushed as asked.
Expected<image::Accepted> podman_read(const std::string& printed, const Job& job, const std::string& config) {
  const std::string seen = "sha256:" + last_line(printed);
  if (seen != config) return another_image(job, config, seen);
  return image::Accepted{job.reference.digest, "OCI image", {}};
}

// ----------------------------------------------------------------------------------------------------------

/// podman before docker: it is all there when its program is, and docker's daemon may be elsewhere.
constexpr std::array<Engine, 2> engines{{
    {"podman", podman_load, podman_push, podman_look, podman_read},
    {"docker", docker_load, docker_push, docker_look, docker_read},
}};

/// What docker leaves to its daemon, and has no flags for.
Expected<void> check_options(const Engine& engine, const Reference& reference, const Options& options) {
  if (engine.name != "docker") return {};
  const auto no_flag = [](const std::string& flag, const std::string& next) {
    return std::unexpected(
        Error{ExitCode::usage, flag + " cannot be said to docker", "it is a setting of its daemon", next});
  };
  if (options.authority) {
    return no_flag("--ca", fmt::format("put the certificate into /etc/docker/certs.d/{}/ca.crt; or skopeo",
                                       reference.host));
  }
  if (options.plain_http && !reference.on_loopback())
    return no_flag("--plain-http", "insecure-registries in /etc/docker/daemon.json; or skopeo");
  return {};
}

/// The digest of the configuration of an image that engines know.
Expected<std::string> config_of(const Engine& engine, const image::Accepted& accepted,
                                const image::Image& image) {
  if (accepted.kind == "OCI image") return text_at(text::parse_json(image.manifest)["config"], "digest");
  return std::unexpected(
      Error{ExitCode::usage, fmt::format("{} cannot push this", engine.name),
            fmt::format("it is an {}, and {} knows OCI images", accepted.kind, engine.name),
            "wasmup image without --format; or skopeo"});
}

}  // namespace

Expected<std::optional<Engine>> find_engine(const os::Processes& processes,
                                            const std::optional<std::string>& wanted) {
  const auto installed = [&](const auto& program) { return processes.find(program.name).has_value(); };
  if (!wanted) {
    if (std::ranges::any_of(all_tools(), installed)) return std::nullopt;
    const auto found = std::ranges::find_if(engines, installed);
    return found == engines.end() ? std::nullopt : std::optional(*found);
  }
  const auto named = std::ranges::find(engines, *wanted, &Engine::name);
  if (named == engines.end()) return std::nullopt;
  if (installed(*named)) return *named;
  return std::unexpected(Error{ExitCode::environment, *wanted + " is not there", "not on the PATH",
                               "as root: apt-get install --no-install-recommends skopeo"});
}

Expected<Pushed> push_by(const Engine& engine, os::Processes& processes, const image::Image& image,
                         const Reference& reference, const Options& options) {
  const Expected<image::Accepted> ours = image::acceptance(image);
  if (!ours) return std::unexpected(ours.error());
  const Expected<std::string> config = config_of(engine, *ours, image);
  if (!config) return std::unexpected(config.error());
  if (const auto fine = check_options(engine, reference, options); !fine)
    return std::unexpected(fine.error());
  Expected<Session> session = Session::begin(processes, reference, options, std::string(engine.name));
  if (!session) return std::unexpected(session.error());
  const fs::path folder = session->scratch("");
  if (const auto written =
          text::write_file(folder / archive_file, image::to_archive(image, reference.text()));
      !written)
    return std::unexpected(written.error());
  for (const auto& [step, what] : {std::pair{engine.load, "cannot hand the image to {}"},
                                   std::pair{engine.push, "cannot push it by {}"}}) {
    const auto done = session->run(step, fmt::format(fmt::runtime(what), engine.name), folder);
    if (!done) return std::unexpected(done.error());
  }
  if (const auto digest = text::read_file(folder / digest_file)) session->pin(last_line(*digest));
  const auto printed = session->run(engine.look, fmt::format("cannot read {}", reference.text()), folder);
  if (!printed) return std::unexpected(printed.error());
  Expected<image::Accepted> accepted = engine.read(*printed, session->job(), *config);
  if (!accepted) return std::unexpected(accepted.error());
  accepted->module = ours->module;
  return Pushed{std::string(engine.name), *std::move(accepted), std::nullopt};
}

}  // namespace wasmup::registry
