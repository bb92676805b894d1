// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../error.hpp"
#include "../http/client.hpp"
#include "../os/network.hpp"
#include "../os/processes.hpp"
#include "controller_log.hpp"
#include "layout.hpp"
#include "resources.hpp"
#include "state.hpp"

namespace wasmup::gateway {

/// The world outside, as far as a gateway needs it.
struct Means {
  os::Processes& processes;
  os::Network& network;
  std::function<Expected<http::Response>(const http::Request&)> send;
  std::function<std::chrono::steady_clock::time_point()> now;
  std::function<void(std::chrono::milliseconds)> pause;
  std::function<bool()> interrupted;
};

/// Makes the folder, with certificates and configurations in it, and what the controller is to begin with;
/// ports that `settings` leaves 0, or that `objects` have none for, are picked.
Expected<void> prepare(const Layout& layout, Settings settings, Objects objects, const Means& means);

/// The user's variables that the gateway's processes, and filters, may see; all others they do not.
using Variables = std::vector<std::pair<std::string, std::string>>;

/// Starts the supervisor; `program` is this program. The values of `variables` are written nowhere.
Expected<void> launch(const Layout& layout, const std::filesystem::path& program, const Variables& variables,
                      const Means& means);

/// Waits until the registry, the upstream and the controller answer. When they do not, the error has the
/// reason from their logs, and nothing is left.
Expected<void> await_start(const Layout& layout, const Means& means,
                           std::chrono::milliseconds limit = std::chrono::seconds(120));

/// Ends whatever there is of the gateway and takes its folder away, also when its supervisor has died.
Expected<void> stop(const Layout& layout, const Means& means);

/// A change of what has been applied.
struct Change {
  std::vector<Json> apply = {};
  std::vector<Json> remove = {};
  std::string default_namespace = "default";
  std::map<std::string, std::string> backends = {};  ///< as in Objects, added to those there are
  std::map<std::string, uint16_t> ports = {};        ///< likewise
  bool trusted = false;                              ///< take what check_bounded() refuses
};

struct Changed {
  std::vector<std::string> applied;  ///< keys
  std::vector<std::string> removed;
  std::vector<std::string> missing;  ///< were to be removed, and were not there
  std::vector<Resources::Note> notes;
};

/// Makes the change and waits until the controller has taken it in. When it cannot read the result, or breaks
/// off over it, all is as it was before (ExitCode::refused, with its reason).
Expected<Changed> change(const Layout& layout, const Change& change, const Means& means,
                         std::chrono::milliseconds limit = std::chrono::seconds(120));

/// The controller's log, as far as it has been written.
ControllerLog read_controller_log(const Layout& layout);

/// A listener of a Gateway that has been applied.
struct Listener {
  std::string gateway;  ///< NAMESPACE/NAME
  std::string name;
  std::string protocol;
  int wanted_port = 0;
  uint16_t port = 0;
};
std::vector<Listener> listeners(const Objects& objects);

}  // namespace wasmup::gateway
