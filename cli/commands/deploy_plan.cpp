// SPDX-License-Identifier: MIT
#include "deploy_plan.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "../project/settings.hpp"
#include "../text/file.hpp"
#include "../text/json.hpp"
#include "../traffic/requests_file.hpp"
#include "filter_folder.hpp"
#include "plugin_configuration.hpp"

namespace wasmup::commands {
namespace {

namespace fs = std::filesystem;
using kubernetes::Json;

constexpr std::string_view digest_mark = "@sha256:";

std::unexpected<Error> wrong(std::string what, std::string seen, std::string next) {
  return std::unexpected(Error{ExitCode::usage, std::move(what), std::move(seen), std::move(next)});
}

bool is_hex(std::string_view text) {
  return text.size() == 64 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// As Kubernetes wants names: lower case letters, digits and '-'.
std::string as_name(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool allowed = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!allowed) c = '-';
  }
  const size_t first = text.find_first_not_of('-');
  if (first == text.npos) return "";
  return text.substr(first, std::min<size_t>(text.find_last_not_of('-') + 1 - first, 63));
}

/// "reg:5000/team/add-header:1@sha256:..." is called "add-header".
std::string name_in(const std::string& image) {
  const std::string last = image.substr(image.rfind('/') + 1);
  return last.substr(0, last.find_first_of(":@"));
}

/// Takes the digest off an image's name.
Expected<void> set_image(DeployPlan& plan, const std::string& image) {
  const size_t at = image.find(digest_mark);
  plan.image = image.substr(0, at);
  if (at != image.npos) plan.digest = image.substr(at + digest_mark.size());
  const bool is_odd = plan.image.empty() || plan.image.contains("://") || plan.image.contains('@') ||
                      plan.image.contains(' ');
  if (!is_odd && (at == image.npos || is_hex(plan.digest))) return {};
  return wrong(fmt::format("'{}' is no image", image),
               "an image is HOST/NAME:TAG, or HOST/NAME@sha256:DIGEST",
               "wasmup deploy ghcr.io/me/hello:1 --target HTTPRoute/backend");
}

Expected<void> plan_source(DeployPlan& plan, const DeployFlags& flags, Environment& environment) {
  std::error_code error;
  const bool is_path =
      !flags.what || fs::exists(environment.folder / *flags.what, error) || flags.what->ends_with(".wasm");
  if (!is_path) {
    if (flags.image) {
      return wrong("there are two images", *flags.what + " and --image " + *flags.image,
                   "leave out --image, or name a folder or a module to push to it");
    }
    if (auto set = set_image(plan, *flags.what); !set) return set;
  } else {
    const Expected<fs::path> filter = find_filter(
        environment, flags.what ? std::optional((environment.folder / *flags.what).string()) : std::nullopt);
    if (!filter) return std::unexpected(filter.error());
    plan.source = filter->lexically_normal();
    if (!flags.image) {
      return wrong("where is the image to be pushed to?", plan.source->string() + " is built and packed here",
                   "--image ghcr.io/me/hello:1, as the gateway pulls it");
    }
    if (auto set = set_image(plan, *flags.image); !set) return set;
    if (!plan.digest.empty()) {
      return wrong("--image has a digest", "what is pushed has a digest of its own", "--image " + plan.image);
    }
  }
  plan.push_to = flags.push_to.value_or(plan.image);
  plan.name = flags.name ? *flags.name : as_name(name_in(plan.image));
  if (!plan.name.empty() && plan.name == as_name(plan.name)) return {};
  return wrong(fmt::format("'{}' is no name for a policy", plan.name),
               "it has small letters, digits and '-', and no more than 63 of them", "--name hello");
}

Expected<void> plan_configuration(DeployPlan& plan, const DeployFlags& flags,
                                  const project::Settings& settings) {
  plan.root_id = flags.root_id.value_or(settings.root_id.value_or("add_header_root"));
  if (!flags.config && !settings.config) return {};
  const auto text = read_plugin_configuration(flags.config ? config_source(*flags.config)
                                                           : ConfigurationSource{.file = settings.config});
  if (!text) return std::unexpected(text.error());
  plan.config = text::parse_json(*text);
  return {};
}

Expected<void> plan_requests(DeployPlan& plan, const DeployFlags& flags, const project::Settings& settings) {
  if (!flags.expect.empty() && flags.verify) {
    return wrong("there are two lists of what is expected", "--expect and --verify", "keep one of them");
  }
  if (flags.path && flags.expect.empty()) {
    return wrong("--path is of the request whose response --expect is about", "there is no --expect",
                 "--expect x-wasm-custom=FOO --path " + *flags.path);
  }
  if (!flags.expect.empty()) {
    auto requests = requests_for(flags.expect, flags.path.value_or(""));
    if (!requests) return std::unexpected(requests.error());
    plan.requests = *std::move(requests);
    return {};
  }
  std::optional<text::Origin> file = settings.requests;
  if (flags.verify) file = text::Origin{*flags.verify};
  if (!file) return {};
  auto text = text::read(*file);
  if (!text) return std::unexpected(text.error());
  // The policy carries them along, and whoever rolls back sends them.
  const std::string name = file->path().string();
  if (const auto parsed = traffic::parse_requests(*text, name, traffic::Urls::paths_only); !parsed) {
    return std::unexpected(parsed.error());
  }
  constexpr size_t most = 32UL * 1024;  // it is kept in the policy's annotations
  if (text->size() > most) {
    return wrong(name + " is larger than 32 KiB", "the policy carries it along",
                 "keep the requests that show the filter at work, and send the others by wasmup verify");
  }
  plan.requests = *std::move(text);
  return {};
}

}  // namespace

Expected<std::string> requests_for(const std::vector<std::string>& expect, const std::string& path) {
  const auto expectations = traffic::parse_expectations(expect);
  if (!expectations) return std::unexpected(expectations.error());
  Json headers = Json::object();
  Json expected = Json::object();
  for (const traffic::Expectation& one : *expectations) {
    if (one.name == ":status") {
      expected["status"] = one.values.front();
    } else {
      headers[one.name] = one.values.size() == 1 ? Json(one.values.front()) : Json(one.values);
    }
  }
  if (!headers.empty()) expected["headers"] = headers;
  const std::string url = path.empty() ? "/" : path;
  Json request{{"name", "GET " + url}, {"path", url}, {"expect", expected}};
  std::string yaml = Json{{"requests", Json::array({std::move(request)})}}.dump();
  if (const auto parsed = traffic::parse_requests(yaml, "--expect", traffic::Urls::paths_only); !parsed) {
    return std::unexpected(parsed.error());
  }
  return yaml;
}

Expected<DeployPlan> plan_deploy(const DeployFlags& flags, Environment& environment) {
  DeployPlan plan;
  if (auto source = plan_source(plan, flags, environment); !source) return std::unexpected(source.error());
  project::Settings settings;
  if (plan.source) {
    auto read = project::read_settings(folder_of(*plan.source));
    if (!read) return std::unexpected(read.error());
    settings = *std::move(read);
  }
  if (auto set = plan_configuration(plan, flags, settings); !set) return std::unexpected(set.error());
  if (auto set = plan_requests(plan, flags, settings); !set) return std::unexpected(set.error());
  const auto wait = parse_wait(flags.wait);
  if (!wait) return std::unexpected(wait.error());
  plan.wait = *wait;
  return plan;
}

}  // namespace wasmup::commands
