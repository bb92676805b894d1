// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <wasmup/abi.hpp>
#include <wasmup/testing/headers.hpp>

/// A host for unit tests that does what Envoy does: the same callbacks in the same order, the same data at
/// hand in each, the same answers to hostcalls. What it claims is also shown in real Envoy by this project's
/// own tests.
namespace wasmup::testing {

/// A request or a response.
struct Message {
  Headers headers = {};
  std::string body = {};
  Headers trailers = {};

  bool operator==(const Message&) const = default;
};

/// Requests and responses with the pseudo-headers that every real one has.
Message get(std::string_view path, const Headers& headers = {});
Message post(std::string_view path, std::string_view body, const Headers& headers = {});
Message reply(int status = 200, std::string_view body = {}, const Headers& headers = {});

/// One request's whole way: what the upstream got and what the client got.
struct Exchange {
  std::optional<Message> upstream;  ///< nothing when the filter answered by itself, or holds the request
  std::optional<Message> client;    ///< nothing when the filter holds the response
  bool was_reset = false;           ///< the stream was cut: no more came

  /// The client's status code; 0 when nothing came.
  int status() const;
};

struct LogLine {
  LogLevel level;
  std::string text;
  bool operator==(const LogLine&) const = default;
};
std::ostream& operator<<(std::ostream& out, const LogLine& line);

/// A hostcall as it was made, such as `proxy_replace_header_map_value(response_headers, "x-a", "1") = ok`.
struct Hostcall {
  std::string name;
  std::string text;
  Status status;
};
std::ostream& operator<<(std::ostream& out, const Hostcall& call);

struct HostOptions {
  std::string plugin_configuration = {};
  std::string vm_configuration = {};
  std::string root_id = "add_header_root";
  std::string plugin_name = "filter";
  bool fail_open = false;                        ///< after a trap: let streams pass instead of answering 503
  bool allow_on_headers_stop_iteration = false;  ///< Envoy's setting of that name
};

class Stream;

/// One VM with one plugin. The test fails at the end of its life when the module has not freed what it was
/// handed.
class Host {
 public:
  explicit Host(HostOptions options = {});
  explicit Host(std::string plugin_configuration);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  /// Whether the VM started and took its configuration, and has not trapped since.
  bool is_running() const;
  /// What went wrong when it is not running: "on_configure returned false", a trap's message.
  std::string failure() const;

  /// Sends a request through, and, if it reaches the upstream, this response back; then ends the stream.
  Exchange exchange(Message request, Message response = reply());
  /// A stream to be driven callback by callback.
  Stream open_stream();

  /// A changed plugin configuration: a new root context in the same VM, while streams of the old one may go
  /// on. The old one ends with its last stream. False when it was refused: then the old one goes on serving.
  bool reconfigure(std::string plugin_configuration);

  /// Moves the clock, and calls on_tick of each root as often as that makes due.
  void advance(std::chrono::milliseconds time);

  /// The value of an attribute for get_property, for all streams.
  void set_property(std::initializer_list<std::string_view> path, std::string_view value);
  /// What a filter last kept with set_property under this name, in any stream.
  std::optional<std::string> property(std::string_view name) const;

  /// All the module logged, and all it asked of the host, since the start or the last clear_records().
  const std::vector<LogLine>& logs() const;
  const std::vector<Hostcall>& hostcalls() const;
  /// How often the host entered the VM (the allocator apart).
  size_t vm_entries() const;
  void clear_records();

  /// Pages of 64 KiB the module has; nothing in a native build.
  std::optional<size_t> memory_pages() const;

  class Implementation;

 private:
  std::unique_ptr<Implementation> implementation_;
};

/// A stream, driven callback by callback. It ends (on_delete) with this object.
class Stream {
 public:
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) = delete;
  ~Stream();

  Stream& request_headers(Headers headers, bool end_of_stream = true);
  Stream& request_body(std::string_view chunk, bool end_of_stream = true);
  Stream& request_trailers(Headers trailers);
  Stream& response_headers(Headers headers, bool end_of_stream = true);
  Stream& response_body(std::string_view chunk, bool end_of_stream = true);
  Stream& response_trailers(Headers trailers);
  /// The end of the stream, on the module's side too.
  void close();

  /// What has got past the filter so far. Headers come first: without them nothing has.
  Exchange so_far() const;
  bool request_is_held() const;
  bool response_is_held() const;

 private:
  friend class Host;
  Stream(Host::Implementation& host, uint32_t id);
  Host::Implementation* host_;
  uint32_t id_;
};

}  // namespace wasmup::testing
