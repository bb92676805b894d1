// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <wasmup/attributes.hpp>
#include <wasmup/wasmup.hpp>

/// The keys that open the gate: the lines of the plugin configuration.
struct Keys : wasmup::RootContext {
  bool on_configure(wasmup::Bytes configuration) {
    lines_ = configuration.view();
    if (lines_.empty()) wasmup::log::error("the configuration has no key");
    return !lines_.empty();
  }

  bool contain(std::string_view key) const {
    for (std::string_view rest = lines_; !rest.empty();) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      if (rest.substr(0, end) == key) return !key.empty();
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
  }

 private:
  std::string lines_;
};

/// Lets a connection through when its first line is a key, greets the client, and counts what passes.
struct TcpGate : wasmup::TcpFilter<Keys> {
  void on_new_connection() {
    if (auto address = wasmup::attributes::source_address()) client_ = *std::move(address);
  }

  wasmup::DataAction on_downstream_data(wasmup::DownstreamData data, bool end_of_stream) {
    if (is_open_) {
      to_upstream_ += data.size();
      return wasmup::DataAction::continue_iteration;
    }
    const auto bytes = data.read();
    const std::string_view line = bytes->view().substr(0, bytes->view().find('\n'));
    const bool is_whole = line.size() < data.size() || end_of_stream;
    if (!is_whole && line.size() < longest_line) return wasmup::DataAction::hold;  // until more comes
    if (!root().contain(line.substr(0, line.find('\r')))) {
      wasmup::log::warn("refused ", client_, ": its first line is no key");
      wasmup::close_downstream().ignore();
      return wasmup::DataAction::hold;
    }
    is_open_ = true;
    const std::string_view rest = bytes->view().substr(std::min(line.size() + 1, data.size()));
    to_upstream_ = rest.size();
    data.replace(rest).ignore();  // the key is not for the upstream
    return wasmup::DataAction::continue_iteration;
  }

  wasmup::DataAction on_upstream_data(wasmup::UpstreamData data, bool end_of_stream) {
    if (!is_open_) {
      if (end_of_stream) wasmup::close_downstream().ignore();  // nothing else would end the connection
      return wasmup::DataAction::hold;
    }
    to_client_ += data.size();
    if (!std::exchange(is_greeted_, true)) data.prepend("welcome\n").ignore();
    return wasmup::DataAction::continue_iteration;
  }

  void on_downstream_close(wasmup::PeerType by) {
    wasmup::log::info(client_, by == wasmup::PeerType::remote ? " has closed: " : " was closed: ",
                      std::to_string(to_upstream_), " bytes to the upstream, ", std::to_string(to_client_),
                      " from it");
  }

 private:
  static constexpr size_t longest_line = 256;

  wasmup::Bytes client_;
  bool is_open_ = false;
  bool is_greeted_ = false;
  uint64_t to_upstream_ = 0;
  uint64_t to_client_ = 0;
};

WASMUP_REGISTER(TcpGate)
