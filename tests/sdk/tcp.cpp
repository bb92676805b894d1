// SPDX-License-Identifier: MIT
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <wasmup/attributes.hpp>
#include <wasmup/wasmup.hpp>

/// Remembers the connections that are held back, until a tick or another connection lets them go.
struct Held : wasmup::RootContext {
  bool on_configure(wasmup::Bytes configuration) {
    on_new = configuration.view();
    return true;
  }

  void on_tick() { let_go(); }

  void let_go() {
    for (const wasmup::StreamHandle& connection : std::exchange(connections, {})) {
      const bool is_there = connection.run([] {
        const auto bytes = wasmup::DownstreamData(0).read();
        const bool was_written = static_cast<bool>(wasmup::DownstreamData(0).append("+"));
        wasmup::log::info("lets go '", bytes->view(), was_written ? "'" : "' as it is");
        wasmup::continue_downstream().ignore();
      });
      if (!is_there) wasmup::log::info("is gone");
    }
  }

  std::string on_new;  // what to do with a new connection
  std::vector<wasmup::StreamHandle> connections;
};

/// Says in the log what comes, and does what the bytes ask for: "down:WORD" those from the client, "up:WORD"
/// those from the upstream.
struct Tcp : wasmup::TcpFilter<Held> {
  wasmup::ConnectionAction on_new_connection() {
    const auto source = wasmup::attributes::source_address();
    wasmup::log::info("new connection", source->view().starts_with("127.0.0.1:") ? " from loopback" : "");
    if (root().on_new == "close") wasmup::close_downstream().ignore();
    if (root().on_new == "trap") __builtin_trap();
    if (root().on_new != "hold") return wasmup::ConnectionAction::continue_iteration;
    root().connections.emplace_back(*this);
    wasmup::set_tick_period(std::chrono::milliseconds(100)).ignore();
    return wasmup::ConnectionAction::hold;
  }

  wasmup::DataAction on_downstream_data(wasmup::DownstreamData data, bool end_of_stream) {
    return obey("down:", data, end_of_stream);
  }
  wasmup::DataAction on_upstream_data(wasmup::UpstreamData data, bool end_of_stream) {
    return obey("up:", data, end_of_stream);
  }

  void on_downstream_close(wasmup::PeerType by) { wasmup::log::info("down:closed by ", name_of(by)); }
  void on_upstream_close(wasmup::PeerType by) { wasmup::log::info("up:closed by ", name_of(by)); }
  void on_done() { wasmup::log::info("done"); }
  void on_log() {
    const auto kept = wasmup::get_property({"kept"});
    wasmup::log::info("log", kept ? " with " : "", kept->view());
  }
  ~Tcp() { wasmup::log::info("deleted"); }

 private:
  static std::string_view name_of(wasmup::PeerType peer) {
    static constexpr std::string_view names[] = {"unknown", "local", "remote"};
    return names[static_cast<size_t>(peer)];
  }

  template <class Data>
  wasmup::DataAction obey(std::string_view side, Data data, bool end_of_stream) {
    const auto bytes = data.read();
    wasmup::log::info(side, " '", bytes->view(), end_of_stream ? "' end" : "'");
    const auto asks = [&](std::string_view word) {
      const size_t found = bytes->view().find(side);
      return found != std::string_view::npos && bytes->view().substr(found + side.size()).starts_with(word);
    };
    if (asks("prepend")) data.prepend("<").ignore();
    if (asks("append")) data.append(">").ignore();
    if (asks("replace")) data.replace("other").ignore();
    if (asks("drop")) data.replace("").ignore();
    if (asks("keep")) wasmup::set_property("kept", bytes->view()).ignore();
    if (asks("close_downstream")) wasmup::close_downstream().ignore();
    if (asks("close_upstream")) wasmup::close_upstream().ignore();
    if (asks("resume")) wasmup::continue_downstream().ignore();
    if (asks("trap")) __builtin_trap();
    if (asks("later")) root().connections.emplace_back(*this);
    if (asks("release")) root().let_go();
    const bool holds = asks("hold") || asks("later") || asks("resume");
    return holds && !bytes->view().ends_with("go") ? wasmup::DataAction::hold
                                                   : wasmup::DataAction::continue_iteration;
  }
};

WASMUP_REGISTER(Tcp)
