// SPDX-License-Identifier: MIT
#include "kubectl.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

#include "../os/temporary_folder.hpp"
#include "../text/file.hpp"
#include "../text/json.hpp"
#include "../text/shell_word.hpp"

namespace wasmup::kubernetes {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds longest_call = 30s;
constexpr std::chrono::milliseconds longest_connect = 15s;
constexpr char patience[] = "--request-timeout=20s";

/// What kubectl said that is about the failure: its last lines, without the client's own log ("E1125 ...").
std::string reason_in(const std::string& output) {
  std::string reason;
  for (size_t begin = 0; begin < output.size();) {
    const size_t end = std::min(output.find('\n', begin), output.size());
    const std::string line = output.substr(begin, end - begin);
    begin = end + 1;
    const bool is_log =
        line.size() > 5 && (line[0] == 'E' || line[0] == 'I' || line[0] == 'W') &&
        std::all_of(line.begin() + 1, line.begin() + 5, [](char c) { return c >= '0' && c <= '9'; });
    if (line.empty() || is_log || line.starts_with("Warning: ")) continue;
    reason += (reason.empty() ? "" : "\n") + line;
  }
  return reason.empty() ? output : reason;
}

/// Whether the cluster itself has answered, if only to refuse.
bool is_servers_word(const std::string& output) {
  constexpr std::array<std::string_view, 7> words{
      "Error from server",      "error: the server doesn't have a resource type",
      "no matches for kind",    "is invalid: ",
      "Apply failed with ",     "error: unable to forward port",
      "error: failed to create"};
  return std::ranges::any_of(words, [&](std::string_view word) { return output.contains(word); });
}

Error failed(const std::string& line, const os::Finished& finished) {
  if (finished.timed_out) {
    return {ExitCode::environment, "the cluster does not answer", line + " had not ended in time",
            "kubectl cluster-info"};
  }
  if (is_servers_word(finished.output)) {
    return {ExitCode::refused, "the cluster refuses it", reason_in(finished.output), line};
  }
  return {ExitCode::environment, "the cluster cannot be reached", reason_in(finished.output),
          "kubectl config get-contexts, then --context NAME or KUBECONFIG=FILE"};
}

/// kubectl's warnings and its output come as one: the document is between the first line that opens one and
/// the last that closes it.
std::string_view document_in(std::string_view output) {
  size_t begin = output.starts_with('{') ? 0 : output.find("\n{");
  if (begin == output.npos) return {};
  if (begin > 0) ++begin;
  const size_t end = output.rfind("\n}");
  const size_t close = end == output.npos ? output.rfind('}') : end + 1;
  return close == output.npos || close < begin ? std::string_view() : output.substr(begin, close + 1 - begin);
}

/// "Forwarding from 127.0.0.1:41195 -> 10080".
std::optional<uint16_t> port_in(std::string_view line) {
  constexpr std::string_view start = "Forwarding from 127.0.0.1:";
  if (!line.starts_with(start)) return std::nullopt;
  uint16_t port = 0;
  const char* const first = line.data() + start.size();
  const auto [end, error] = std::from_chars(first, line.data() + line.size(), port);
  return error == std::errc() && end != first ? std::optional(port) : std::nullopt;
}

/// What is in a list; an object on its own is one of one.
std::vector<Json> items_of(Json found) {
  std::vector<Json> items;
  if (!found.contains("items")) {
    items.push_back(std::move(found));
    return items;
  }
  for (Json& item : found["items"]) items.push_back(std::move(item));
  return items;
}

}  // namespace

Expected<Kubectl> Kubectl::find(os::Processes& processes, const std::optional<std::string>& context) {
  if (context && !is_context(*context)) {
    return std::unexpected(Error{ExitCode::usage, "--context names no context",
                                 Argument::context(*context).problem(), "kubectl config get-contexts"});
  }
  if (const auto found = processes.find("kubectl")) return Kubectl(processes, found->string(), context);
  return std::unexpected(Error{ExitCode::environment, "there is no kubectl",
                               "clusters are reached through it, and it is not on the PATH",
                               "apt-get install kubernetes-client, or see kubernetes.io/docs/tasks/tools"});
}

Expected<std::string> Kubectl::server_version() const {
  const Expected<Json> version = json({"get", "--raw", "/version", patience});
  if (!version) return std::unexpected(version.error());
  return version->value("gitVersion", "");
}

Expected<std::string> Kubectl::default_namespace() const {
  auto found = run({"config", "view", "--minify", "-o", "jsonpath={..namespace}"});
  if (found && found->empty()) return "default";
  return found;
}

Expected<std::optional<Json>> Kubectl::get(const std::string& kind, const std::string& space,
                                           const std::string& name) const {
  Arguments arguments{"get",   Argument::kind(kind), Argument::name(name), "-o", "json", "--ignore-not-found",
                      patience};
  if (!space.empty()) arguments.insert(arguments.end(), {"-n", Argument::space(space)});
  const Expected<std::string> output = run(arguments);
  if (!output) return std::unexpected(output.error());
  const std::string_view document = document_in(*output);
  if (document.empty()) return std::nullopt;
  Json object = text::parse_json(document);
  if (object.is_discarded()) return std::nullopt;
  return object;
}

Expected<std::vector<Json>> Kubectl::list(const std::string& kind, const std::string& space,
                                          const Labels& labels) const {
  Arguments arguments{"get", Argument::kind(kind), "-o", "json", patience};
  if (space.empty()) {
    arguments.emplace_back("-A");
  } else {
    arguments.insert(arguments.end(), {"-n", Argument::space(space)});
  }
  if (!labels.empty()) arguments.insert(arguments.end(), {"-l", Argument::labels(labels)});
  Expected<Json> all = json(arguments);
  if (!all) return std::unexpected(all.error());
  return items_of(*std::move(all));
}

Expected<std::vector<Json>> Kubectl::get_all(const std::string& kind,
                                             const std::vector<std::string>& names) const {
  Arguments arguments{"get", Argument::kind(kind)};
  for (const std::string& name : names) arguments.push_back(Argument::name(name));
  arguments.insert(arguments.end(), {"-o", "json", "--ignore-not-found", patience});
  const Expected<std::string> output = run(arguments);
  if (!output) return std::unexpected(output.error());
  Json found = text::parse_json(document_in(*output));
  return found.is_discarded() ? std::vector<Json>() : items_of(std::move(found));
}

Expected<Json> Kubectl::apply(const Json& object, Apply how) const {
  // A file, as children read nothing from us; of our own folder, as an object may be a secret.
  const Expected<os::TemporaryFolder> folder = os::TemporaryFolder::make("wasmup-apply");
  if (!folder) return std::unexpected(folder.error());
  const std::filesystem::path file = folder->path() / "object.json";
  if (const auto written = text::write_file(file, object.dump()); !written) {
    return std::unexpected(written.error());
  }
  Arguments arguments{"apply", "--server-side", "--field-manager=wasmup", "-f", Argument::file(file), "-o",
                      "json",  patience};
  if (how.dry_run) arguments.emplace_back("--dry-run=server");
  if (how.take_over) arguments.emplace_back("--force-conflicts");
  return json(arguments);
}

Expected<bool> Kubectl::remove(const std::string& kind, const std::string& space,
                               const std::string& name) const {
  const Expected<std::string> output =
      run({"delete", Argument::kind(kind), Argument::name(name), "-n", Argument::space(space),
           "--ignore-not-found", "--timeout=30s", "-o", "name"},
          longest_call + 10s);
  if (!output) return std::unexpected(output.error());
  return !output->empty();
}

Expected<std::string> Kubectl::logs(const std::string& space, const std::string& what, int lines,
                                    const std::string& container) const {
  Arguments arguments{
      "logs",  Argument::object(what), "-n", Argument::space(space), Argument::number("--tail=", lines),
      patience};
  if (!container.empty()) arguments.insert(arguments.end(), {"-c", Argument::name(container)});
  return run(arguments);
}

Expected<Forward> Kubectl::forward(const std::string& space, const std::string& what, uint16_t port) const {
  const Arguments arguments{
      "port-forward", Argument::object(what), Argument::number(":", port), "--address=127.0.0.1",
      "-n",           Argument::space(space)};
  const auto wanted = command(arguments);
  if (!wanted) return std::unexpected(wanted.error());
  struct Said {
    std::optional<uint16_t> port;
    std::string text;
  };
  const auto said = std::make_shared<Said>();  // the child may speak on when we have heard enough
  auto child = processes_->start(*wanted, [said](std::string_view text) {
    if (!said->port) said->port = port_in(text);
    if (!said->port) said->text.append(text) += '\n';
  });
  if (!child) return std::unexpected(child.error());
  const auto until = std::chrono::steady_clock::now() + longest_connect;
  while (!said->port && std::chrono::steady_clock::now() < until && !(*child)->wait(50ms)) {
  }
  if (said->port) return Forward(*std::move(child), *said->port);
  const bool ended = (*child)->ended().has_value();
  return std::unexpected(failed(shown(arguments), {.status = 1, .output = said->text, .timed_out = !ended}));
}

Expected<std::string> Kubectl::run(const Arguments& arguments, std::chrono::milliseconds limit) const {
  const auto wanted = command(arguments);
  if (!wanted) return std::unexpected(wanted.error());
  Expected<os::Finished> finished = processes_->run(*wanted, limit);
  if (!finished) return std::unexpected(finished.error());
  if (finished->timed_out || finished->status != 0) {
    return std::unexpected(failed(shown(arguments), *finished));
  }
  return std::move(finished->output);
}

std::string Kubectl::line(const std::vector<std::string>& arguments) const {
  std::string line = "kubectl";
  for (const std::string& word : arguments) line += " " + text::shell_word(word);
  return context_ ? line + " --context " + text::shell_word(*context_) : line;
}

std::string Kubectl::shown(const Arguments& arguments) const {
  std::vector<std::string> words;
  for (const Argument& one : arguments) words.push_back(one.text());
  return line(words);
}

/// The only way to a command line of kubectl's.
Expected<os::Command> Kubectl::command(const Arguments& arguments) const {
  os::Command command{.argv = {program_}, .inherits = os::Inherits::everything};  // plugins that log in
  for (const Argument& one : arguments) {
    if (!one.problem().empty()) {
      return std::unexpected(Error{ExitCode::refused,
                                   "the cluster is not asked about a name that cannot be one", one.problem(),
                                   "correct it where it is written: in a policy, a route or a Gateway"});
    }
    command.argv.push_back(one.text());
  }
  if (context_) command.argv.insert(command.argv.end(), {"--context", *context_});
  return command;
}

Expected<Json> Kubectl::json(const Arguments& arguments) const {
  const Expected<std::string> output = run(arguments);
  if (!output) return std::unexpected(output.error());
  Json value = text::parse_json(document_in(*output));
  if (!value.is_discarded()) return value;
  return std::unexpected(
      Error{ExitCode::environment, "kubectl did not print JSON", output->substr(0, 500), shown(arguments)});
}

}  // namespace wasmup::kubernetes
