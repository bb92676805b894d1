// SPDX-License-Identifier: MIT
#include "manifest_plan.hpp"

#include <fmt/format.h>
#include <map>
#include <regex>
#include <set>

#include "../image/acceptance.hpp"
#include "../image/digest.hpp"
#include "../text/file.hpp"
#include "../text/json.hpp"
#include "../text/shell_word.hpp"
#include "../wasm/module_check.hpp"
#include "name_checks.hpp"
#include "plugin_configuration.hpp"

namespace wasmup::commands {
namespace {

std::unexpected<Error> wrong(const std::string& what, const std::string& seen, const std::string& next) {
  return std::unexpected(Error{ExitCode::usage, what, seen, next});
}

/// The digest of an image that is in the registry, which the gateway would load.
Expected<std::string> digest_in_registry(const registry::Reference& reference, const ManifestFlags& flags,
                                         Environment& environment) {
  const Expected<registry::Options> options = registry_options(flags.registry, reference, environment);
  if (!options) return std::unexpected(options.error());
  const auto accepted = registry::acceptance(environment.processes, reference, *options);
  if (!accepted) return std::unexpected(accepted.error());
  if (const auto loads = wasm::check_module(accepted->module, reference.text()); !loads)
    return std::unexpected(loads.error());
  return image::hex_of(accepted->digest);
}

/// The digest of a module that a server has now.
Expected<std::string> digest_behind(const std::string& url, Environment& environment) {
  const Expected<http::Response> response =
      environment.send({.url = url, .most_bytes = image::most_module_bytes});
  if (!response) return std::unexpected(response.error());
  constexpr int ok = 200;
  if (response->status != ok) {
    return std::unexpected(Error{ExitCode::refused, fmt::format("cannot fetch {}", url),
                                 fmt::format("status {}", response->status),
                                 "curl -i " + text::shell_word(url)});
  }
  if (const auto loads = wasm::check_module(response->body, url); !loads)
    return std::unexpected(loads.error());
  return image::sha256(response->body);
}

/// Registries and tools write "sha256:" before the digits, a policy does not.
std::optional<std::string> without_prefix(const std::optional<std::string>& sha256) {
  constexpr std::string_view prefix = "sha256:";
  return sha256 && sha256->starts_with(prefix) ? sha256->substr(prefix.size()) : sha256;
}

Expected<policy::Source> source_of(const PolicyFilterFlags& filter, const ManifestFlags& flags,
                                   Environment& environment) {
  constexpr const char* next = "--source image HOST/NAME:TAG, or --source http URL";
  const std::string& kind = filter.source[0];
  const std::optional<std::string> sha256 = without_prefix(filter.sha256);
  const std::string& url = filter.source[1];
  if (kind == "http") {
    if (!url.starts_with("http://") && !url.starts_with("https://"))
      return wrong("this is no URL", url, next);
    policy::Source source{policy::Source::Kind::http, url, sha256};
    if (!filter.pin) return source;
    const Expected<std::string> digest = digest_behind(url, environment);
    if (!digest) return std::unexpected(digest.error());
    source.sha256 = *digest;
    return source;
  }
  if (kind != "image") return wrong(fmt::format("there is no source {}", kind), "it is image or http", next);
  const Expected<registry::Reference> reference = registry::parse_reference(url);
  if (!reference) return std::unexpected(reference.error());
  policy::Source source{policy::Source::Kind::image, url, sha256};
  if (!reference->digest.empty()) source.sha256 = image::hex_of(reference->digest);
  if (!filter.pin) return source;
  const Expected<std::string> digest = digest_in_registry(*reference, flags, environment);
  if (!digest) return std::unexpected(digest.error());
  source.sha256 = *digest;
  return source;
}

Expected<policy::Filter> filter_of(const PolicyFilterFlags& flags, const ManifestFlags& all,
                                   Environment& environment) {
  policy::Filter filter{.name = flags.name,
                        .root_id = flags.root_id,
                        .pull_policy = flags.pull_policy,
                        .pull_secret = flags.pull_secret,
                        .fail_open = flags.fail_open,
                        .host_keys = flags.host_keys};
  for (const std::string& key : flags.host_keys) {
    if (key.find_first_of(",= ") != key.npos)
      return wrong("--env takes the name of one variable", key, "--env ONE --env OTHER");
  }
  if (flags.source.empty() && (flags.pin || flags.sha256)) {
    return wrong("what is to be pinned?", "there is no --source for this filter", "--source image REF --pin");
  }
  if (!flags.source.empty()) {
    Expected<policy::Source> source = source_of(flags, all, environment);
    if (!source) return std::unexpected(source.error());
    filter.source = *std::move(source);
  }
  if (flags.ca_ref) {
    Expected<policy::Authority> authority = policy::parse_authority(*flags.ca_ref);
    if (!authority) return std::unexpected(authority.error());
    filter.authority = *std::move(authority);
  }
  if (flags.config) {
    const Expected<std::string> text = read_plugin_configuration(config_source(*flags.config));
    if (!text) return std::unexpected(text.error());
    filter.config = text::parse_json<policy::Document>(*text);
  }
  return filter;
}

/// "x-wasm_Custom" of an image's name, in what a Kubernetes object may be called.
std::string default_name(const ManifestFlags& flags) {
  std::string name = "wasm";
  for (const PolicyFilterFlags& filter : flags.filters) {
    if (filter.source.size() < 2) continue;
    const std::string& url = filter.source[1];
    name = url.substr(url.rfind('/') + 1);
    name = name.substr(0, name.find_first_of(":@.?"));
    break;
  }
  for (char& letter : name) {
    if (letter == '_') letter = '-';
  }
  return name;
}

Expected<void> add_targets(policy::Policy& policy, const ManifestFlags& flags) {
  for (const std::string& text : flags.targets) {
    Expected<policy::Target> target = policy::parse_target(text);
    if (!target) return std::unexpected(target.error());
    target->section = flags.section;
    policy.targets.push_back(*std::move(target));
  }
  if (flags.section && flags.targets.empty())
    return wrong("--section of what?", "there is no --target", "--target Gateway/NAME");
  return {};
}

}  // namespace

void add_manifest_flags(CLI::App& command, ManifestFlags& flags) {
  command
      .add_option("--target", flags.targets,
                  "HTTPRoute/NAME, Gateway/NAME, GRPCRoute/NAME, ...\n(may be repeated)")
      ->option_text("KIND/NAME")
      ->allow_extra_args(false);
  command.add_option("--section", flags.section, "A listener of the gateway, a rule of the route")
      ->option_text("NAME")
      ->check(object_name_check());
  command.add_option("--name", flags.name, "The policy's (default: as the image is called)")
      ->option_text("NAME")
      ->check(object_name_check());
  command.add_option("--namespace", flags.namespace_name, "The policy's (default: kubectl's)")
      ->option_text("NAME")
      ->check(namespace_check());
  // What belongs to a filter is read from the order of the flags: read_filter_flags().
  const auto of_filter = [&command](const std::string& name, const char* text, const char* about) {
    return command.add_option(name)
        ->description(about)
        ->option_text(text)
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
  };
  const auto flag_of_filter = [&command](const std::string& name, const char* about) {
    command.add_flag(name)->description(about)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  };
  of_filter("--source", "image REF|http URL", "Where the module is")->type_size(2);
  flag_of_filter("--pin", "Write the digest of what is there now");
  of_filter("--sha256", "DIGITS", "Write this digest");
  of_filter("--config", "JSON|@FILE", "The plugin configuration");
  of_filter("--root-id", "ID", "Which filter of the module");
  flag_of_filter("--fail-open,!--fail-closed", "Let requests pass when the filter cannot run");
  of_filter("--pull-secret", "NAME", "The Secret with the registry's credentials")
      ->check(object_name_check());
  of_filter("--pull-policy", "Always|IfNotPresent", "When to pull an image again")
      ->check(CLI::IsMember({"Always", "IfNotPresent"}));
  of_filter("--ca-ref", "[Secret|ConfigMap/]NAME",
            "What has, as ca.crt, the authority that the gateway is\nto trust (--ca is for this machine)");
  of_filter("--env", "KEY", "A variable of Envoy that the filter may read (may\nbe repeated)");
  of_filter("--filter", "NAME", "What follows is about this filter");
  command.add_option("--update", flags.update, "Change this policy, keep what is not said here")
      ->option_text("FILE");
  command.add_option("-o,--output", flags.output, "Write to a file")->option_text("FILE");
  auto* const plain = command.add_flag("--plain-envoy", flags.plain_envoy,
                                       "Print an Envoy configuration with the same filters");
  command.add_flag("--istio", flags.istio, "Print WasmPlugins of Istio")->excludes(plain);
  add_registry_flags(command, flags.registry);
}

void read_filter_flags(const CLI::App& command, ManifestFlags& flags) {
  std::map<std::string, size_t> taken;
  flags.filters.clear();
  const auto last = [&flags]() -> PolicyFilterFlags& {
    if (flags.filters.empty()) flags.filters.emplace_back();
    return flags.filters.back();
  };
  for (const CLI::Option* option : command.parse_order()) {
    const std::string name = option->get_lnames().empty() ? "" : option->get_lnames().front();
    const auto next = [&] { return option->results().at(taken[name]++); };
    if (name == "filter") {
      // Flags before the first --filter are of that filter.
      if (flags.filters.empty() || flags.filters.back().name) flags.filters.emplace_back();
      flags.filters.back().name = next();
    } else if (name == "source") {
      // Its two words come one after the other; the last pair counts.
      std::vector<std::string>& words = last().source;
      if (words.size() == 2) words.clear();
      words.push_back(next());
    } else if (name == "pin") {
      last().pin = next() == "true";
    } else if (name == "sha256") {
      last().sha256 = next();
    } else if (name == "config") {
      last().config = next();
    } else if (name == "root-id") {
      last().root_id = next();
    } else if (name == "fail-open") {
      last().fail_open = next() == "true";
    } else if (name == "pull-secret") {
      last().pull_secret = next();
    } else if (name == "pull-policy") {
      last().pull_policy = next();
    } else if (name == "ca-ref") {
      last().ca_ref = next();
    } else if (name == "env") {
      last().host_keys.push_back(next());
    }
  }
}

Expected<ManifestPlan> plan_manifest(const ManifestFlags& flags, Environment& environment) {
  ManifestPlan plan{{.name = flags.name, .namespace_name = flags.namespace_name}, {}};
  if (const auto added = add_targets(plan.policy, flags); !added) return std::unexpected(added.error());
  std::set<std::string> names;
  for (const PolicyFilterFlags& filter : flags.filters) {
    if (filter.name && !names.insert(*filter.name).second)
      return wrong("two filters have the same name", "--filter " + *filter.name, "");
    Expected<policy::Filter> added = filter_of(filter, flags, environment);
    if (!added) return std::unexpected(added.error());
    plan.policy.filters.push_back(*std::move(added));
  }
  if (flags.update) {
    if (flags.plain_envoy || flags.istio) return wrong("--update prints a policy", "and nothing else", "");
    const Expected<std::string> text = text::read_file(*flags.update);
    if (!text) return std::unexpected(text.error());
    Expected<policy::Document> document = policy::read_yaml(*text, *flags.update);
    if (!document) return std::unexpected(document.error());
    plan.document = *std::move(document);
    if (const auto updated = policy::update(plan.document, plan.policy); !updated)
      return std::unexpected(updated.error());
    return plan;
  }
  for (const PolicyFilterFlags& filter : flags.filters) {
    if (filter.source.empty())
      return wrong("where is the module?", filter.name.value_or("the filter") + " has no --source",
                   "--source image HOST/NAME:TAG");
  }
  if (flags.filters.empty())
    return wrong("where is the module?", "there is no --source", "--source image HOST/NAME:TAG");
  if (flags.targets.empty())
    return wrong("what is the policy for?", "there is no --target", "--target HTTPRoute/NAME");
  if (!plan.policy.name) plan.policy.name = default_name(flags);
  plan.document = policy::to_document({});
  if (const auto filled = policy::update(plan.document, plan.policy); !filled)
    return std::unexpected(filled.error());
  return plan;
}

}  // namespace wasmup::commands
