// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "../os/fake_processes.hpp"
#include "kubectl.hpp"

namespace wasmup::kubernetes {

/// A kubectl that does not run, before a cluster that the test fills: objects go in and out as they would.
class FakeKubectl {
 public:
  explicit FakeKubectl(os::FakeProcesses& processes) {
    processes.play("kubectl", [this](const os::Command& command) { return answer(command); });
  }

  /// Objects by "kind/namespace/name", the kind as commands name it.
  std::map<std::string, Json> objects;
  std::map<std::string, std::string> logs;      ///< by "namespace/what"
  std::map<std::string, uint16_t> forwards;     ///< local ports, by "namespace/what:port"
  std::map<std::string, os::FakeAnswer> fails;  ///< answers to commands that hold these words
  std::function<void(Json&)> on_apply;          ///< what the cluster makes of an object; its status, say
  std::function<void(const std::vector<std::string>&)> on_change;  ///< of commands that are not played here
  std::vector<std::string> lines;                                  ///< every command, without the program

  void put(const std::string& kind, Json object) {
    const Json& metadata = object["metadata"];
    if (!object.contains("kind")) object["kind"] = singular(kind);
    objects[key(kind, metadata.value("namespace", ""), metadata.value("name", ""))] = std::move(object);
  }
  Json* find(const std::string& kind, const std::string& space, const std::string& name) {
    const auto found = objects.find(key(kind, space, name));
    return found == objects.end() ? nullptr : &found->second;
  }
  int count(const std::string& words) const {
    return static_cast<int>(std::ranges::count_if(
        lines, [&](const std::string& line) { return line.find(words) != std::string::npos; }));
  }

 private:
  static std::string key(const std::string& kind, const std::string& space, const std::string& name) {
    return kind + "/" + space + "/" + name;
  }

  /// "pods" are of kind Pod, as kubectl prints them.
  static std::string singular(const std::string& resource) {
    return resource == "pods"          ? "Pod"
           : resource == "services"    ? "Service"
           : resource == "deployments" ? "Deployment"
           : resource == "secrets"     ? "Secret"
                                       : "";
  }

  static std::string flag(const std::vector<std::string>& argv, const std::string& name) {
    const auto found = std::ranges::find(argv, name);
    return found == argv.end() || found + 1 == argv.end() ? "" : *(found + 1);
  }

  static bool has_labels(const Json& object, std::string wanted) {
    const Json labels = object["metadata"].value("labels", Json::object());
    for (wanted += ','; !wanted.empty(); wanted.erase(0, wanted.find(',') + 1)) {
      const std::string one = wanted.substr(0, wanted.find(','));
      const size_t equals = one.find('=');
      if (equals != std::string::npos && labels.value(one.substr(0, equals), "") != one.substr(equals + 1)) {
        return false;
      }
    }
    return true;
  }

  os::FakeAnswer answer(const os::Command& command) {
    const std::vector<std::string>& argv = command.argv;
    std::string line;
    for (size_t i = 1; i < argv.size(); ++i) line += (i == 1 ? "" : " ") + argv[i];
    lines.push_back(line);
    for (const auto& [words, failure] : fails) {
      if (line.find(words) != std::string::npos) return failure;
    }
    const std::string& verb = argv.at(1);
    if (argv.at(2) == "--raw") return {.output = R"({"gitVersion": "v1.36.3"})"};
    if (verb == "get") return get(argv);
    if (verb == "apply") return apply(argv);
    if (verb == "delete") {
      const bool was_there = objects.erase(key(argv.at(2), flag(argv, "-n"), argv.at(3))) == 1;
      return {.output = was_there ? argv.at(2) + "/" + argv.at(3) + "\n" : ""};
    }
    if (verb == "config") return {.output = "default"};
    if (verb == "logs") return {.output = logs[flag(argv, "-n") + "/" + argv.at(2)]};
    if (verb == "port-forward") return forward(argv);
    if (on_change) on_change(argv);
    return {};
  }

  os::FakeAnswer get(const std::vector<std::string>& argv) {
    const std::string space = flag(argv, "-n");
    Json items = Json::array();
    if (std::ranges::find(argv, "--ignore-not-found") != argv.end()) {
      for (size_t i = 3; i < argv.size() && !argv[i].starts_with('-'); ++i) {
        if (const Json* const object = find(argv[2], space, argv[i])) items.push_back(*object);
      }
      if (items.empty()) return {};
      return {.output = (items.size() == 1 ? items[0] : Json{{"items", items}}).dump(2) + "\n"};
    }
    for (std::string kinds = argv[2] + ","; !kinds.empty(); kinds.erase(0, kinds.find(',') + 1)) {
      const std::string start = kinds.substr(0, kinds.find(',')) + "/" + (space.empty() ? "" : space + "/");
      for (const auto& [name, object] : objects) {
        if (name.starts_with(start) && has_labels(object, flag(argv, "-l"))) items.push_back(object);
      }
    }
    return {.output = Json{{"items", items}}.dump(2) + "\n"};
  }

  os::FakeAnswer apply(const std::vector<std::string>& argv) {
    Json object = Json::parse(std::ifstream(flag(argv, "-f")));
    if (std::ranges::find(argv, "--dry-run=server") != argv.end()) return {.output = object.dump(2) + "\n"};
    const std::string kind = kind_of(object);
    const std::string space = object["metadata"].value("namespace", "");
    const Json* const before = find(kind, space, object["metadata"]["name"]);
    const bool same = before != nullptr && before->value("spec", Json()) == object.value("spec", Json());
    const int generation = before == nullptr ? 0 : (*before)["metadata"].value("generation", 0);
    object["metadata"]["generation"] = same ? generation : generation + 1;
    if (on_apply) on_apply(object);
    put(kind, object);
    return {.output = "Warning: there is always something\n" + object.dump(2) + "\n"};
  }

  static std::string kind_of(const Json& object) {
    const std::string kind = object.value("kind", "");
    return kind == "EnvoyExtensionPolicy" ? "envoyextensionpolicies.gateway.envoyproxy.io"
           : kind == "Secret"             ? "secrets"
                                          : kind;
  }

  os::FakeAnswer forward(const std::vector<std::string>& argv) {
    const auto found = forwards.find(flag(argv, "-n") + "/" + argv.at(2) + argv.at(3));
    if (found == forwards.end()) {
      return {.status = 1, .output = "error: unable to forward port because pod is not running\n"};
    }
    return {.output = "Forwarding from 127.0.0.1:" + std::to_string(found->second) + " -> 1\n",
            .keeps_running = true};
  }
};

}  // namespace wasmup::kubernetes
