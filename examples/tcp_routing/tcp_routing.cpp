// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <wasmup/attributes.hpp>
#include <wasmup/wasmup.hpp>

/// Where clients go: each line of the plugin configuration has the beginning of an address, and a cluster.
struct Routes : wasmup::RootContext {
  bool on_configure(wasmup::Bytes configuration) {
    lines_ = configuration.view();
    for_each([this](std::string_view address, std::string_view cluster) {
      is_sound_ = is_sound_ && !address.empty() && !cluster.empty();
      return false;
    });
    if (!is_sound_) wasmup::log::error("a line of the configuration is not ADDRESS CLUSTER");
    return is_sound_;
  }

  /// The cluster of the first line that fits; empty when none does.
  std::string_view cluster_for(std::string_view client) const {
    std::string_view found;
    for_each([&](std::string_view address, std::string_view cluster) {
      if (client.starts_with(address)) found = cluster;
      return !found.empty();
    });
    return found;
  }

 private:
  /// Until `is_enough(address, cluster)`.
  template <class IsEnough>
  void for_each(IsEnough is_enough) const {
    for (std::string_view rest = lines_; !rest.empty();) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      const size_t space = std::min(line.find(' '), line.size());
      if (is_enough(line.substr(0, space), line.substr(std::min(space + 1, line.size())))) return;
    }
  }

  std::string lines_;
  bool is_sound_ = true;
};

/// Chooses the cluster of a TCP connection by where its client is, before Envoy's TCP proxy connects to it.
struct TcpRouting : wasmup::TcpFilter<Routes> {
  void on_new_connection() {
    const auto client = wasmup::attributes::source_address();
    const std::string_view cluster = root().cluster_for(client->view());
    if (cluster.empty()) return;  // the TCP proxy's own
    if (wasmup::set_envoy_filter_state("envoy.tcp_proxy.cluster", cluster)) {
      wasmup::log::info(client->view(), " goes to ", cluster);
    } else {
      wasmup::log::warn(client->view(), " cannot be sent to ", cluster);
    }
  }
};

WASMUP_REGISTER(TcpRouting)
