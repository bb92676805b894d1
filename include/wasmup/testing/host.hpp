// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <wasmup/abi.hpp>
#include <wasmup/testing/attribute_value.hpp>
#include <wasmup/testing/calls.hpp>
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
  std::string vm_id = "filter";
  std::map<std::string, std::string> environment = {};
  LogLevel log_level =
      LogLevel::info;  ///< what proxy_get_log_level answers; everything is recorded all the same
  /// The clusters Envoy knows: a call-out to any other is refused.
  std::vector<std::string> clusters = {};
  /// Those among them that have no endpoint, or whose circuit breaker is open: a call-out to one of them
  /// fails at once (internal_failure) and is never answered; a gRPC call fails so, and is closed besides
  /// (14).
  std::vector<std::string> empty_clusters = {};
  std::chrono::system_clock::time_point start = std::chrono::sys_days{std::chrono::January / 1 / 2026};
  uint64_t random_seed = 1;                      ///< the same one, the same random bytes
  bool allow_on_headers_stop_iteration = false;  ///< Envoy's setting of that name
  /// Envoy's setting of that name, for HTTP/1.1 (where its default is false): whether there are trailers.
  /// Those that come are left out before the module sees them, those that it makes after it has.
  bool enable_trailers = true;
  /// How many bytes of a message are held for a filter: the listener's per_connection_buffer_limit_bytes, as
  /// Envoy has it by default; Envoy Gateway sets 32 KiB. Past it, a request that is buffered is answered 413,
  /// such a response 500, or it is cut when its headers have gone out. Where the body is held otherwise (a
  /// headers' callback that answers 1 or 4, a body's that answers 2), the sender has to wait: nothing more
  /// comes until what is held goes on.
  size_t buffer_limit = size_t{1} << 20;
  bool fail_open = false;  ///< after a trap: let streams pass instead of answering 503
  /// After a trap: a fresh VM for the first stream that opens a second or more later.
  bool reload = false;
  /// Configure one more root first and drop it without a word, as Envoy does to try a configuration out.
  bool trial_pass = false;
};

/// A foreign function as a test plays it: takes the arguments, gives the results, or a failure.
struct ForeignResult {
  Status status = Status::ok;
  std::string results = {};
};
using ForeignFunction = std::function<ForeignResult(std::string_view arguments)>;

class Connection;
class DeferredDeletion;
class SimulatedHost;
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
  Exchange exchange(const Message& request, const Message& response = reply());
  /// A stream to be driven callback by callback.
  Stream open_stream();

  /// Contexts of the streams that end from now on stay after on_delete, until the object goes that this
  /// gives.
  [[nodiscard]] DeferredDeletion defer_deletion();

  /// A changed plugin configuration: a new root context in the same VM, while streams of the old one may go
  /// on. The old one ends with its last stream. False when it was refused: then the old one goes on serving.
  bool reconfigure(std::string plugin_configuration);

  /// A TCP connection to be driven callback by callback; on_new_connection runs at once.
  Connection open_connection();

  /// Moves the clock: on_tick of each root runs as often as that makes due, and call-outs run out of time.
  void advance(std::chrono::milliseconds time);

  /// HTTP call-outs that wait for their answer, in the order they were made. (Those that Envoy cannot send,
  /// for control characters in their headers, are not among them: it answers them 503 when the clock
  /// advances.)
  std::vector<HttpCall> http_calls() const;
  /// Answers one; the test fails when it does not wait (any more).
  void answer(const HttpCall& call, const Message& response);
  /// Its stream was reset: the module gets no headers at all. (An unreachable upstream is a 503 answer, and a
  /// time-out a 504, both made by Envoy: for the first, answer with it; for the second, advance the clock.)
  void fail(const HttpCall& call);

  /// gRPC calls and streams that are open on both sides, calls first, each in the order they were opened.
  std::vector<GrpcCall> grpc_calls() const;
  /// Metadata reaches the module for streams only. What is left out of it comes by itself, empty, before what
  /// follows it.
  void send_initial_metadata(const GrpcCall& call, const Headers& metadata);
  /// A message; it is the whole answer to a call that is no stream.
  void send_message(const GrpcCall& call, std::string_view message);
  void send_trailing_metadata(const GrpcCall& call, const Headers& metadata);
  /// The end of a stream, or the failure of a call. (A service that is unreachable has status 14 by Envoy;
  /// for a time-out, advance the clock.)
  void close(const GrpcCall& call, uint32_t grpc_status, std::string_view message = {});
  /// Streams that the other side has closed and the module has not: Envoy keeps them for as long as the root.
  size_t half_open_grpc_streams() const;

  /// Shared data as the module and its like see it.
  std::optional<std::string> shared_data(std::string_view key) const;
  void set_shared_data(std::string_view key, std::string_view value);
  /// What waits in a shared queue of this vm_id; nothing when there is no such queue.
  std::optional<std::vector<std::string>> shared_queue(std::string_view name) const;
  /// Puts an item in, as another VM would: on_queue_ready of the root that registered the queue last.
  void enqueue(std::string_view queue, std::string_view item);

  /// A counter's or gauge's value; nothing when no such metric is defined.
  std::optional<uint64_t> metric(std::string_view name) const;
  /// What a histogram was given, in order.
  std::vector<uint64_t> histogram(std::string_view name) const;
  /// The names of all metrics there are, sorted.
  std::vector<std::string> metrics() const;

  /// Offers a foreign function, or puts another in the place of one that is there from the start (compress,
  /// uncompress, clear_route_cache, set_envoy_filter_state for names that begin with "envoy.",
  /// declare_property).
  void set_foreign_function(std::string_view name, ForeignFunction function);
  /// on_foreign_function of the serving root.
  void call_foreign(uint32_t function, std::string_view arguments);
  /// How often the route was chosen anew: asked for, or because request headers changed.
  size_t route_cache_clearings() const;

  /// Sends on_log to the serving root, as when the plugin is an access logger.
  void log(const Message& request, const Message& response);

  /// How many roots ended their service but said in on_done that they are not finished.
  size_t parked_roots() const;

  /// The value of an attribute for get_property, for all streams: text, or a value of another type. It is at
  /// hand in the callbacks in which Envoy has it. Those that tell of a message's headers (request.method and
  /// the like, request.headers, response.headers, response.code) are there without being set.
  void set_property(std::initializer_list<std::string_view> path, std::string_view value);
  void set_property(std::initializer_list<std::string_view> path, const AttributeValue& value) {
    set_property(path, value.bytes());
  }
  /// What a filter last kept under this name with set_property or set_envoy_filter_state, in any stream.
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
  friend class SimulatedHost;  // drives it by events
  explicit Host(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

/// A TCP connection, driven callback by callback. When both sides have ended their stream, Envoy closes it:
/// on_downstream_close, then on_done, on_log and on_delete. One that is still there when this object goes is
/// cut by the client.
class Connection {
 public:
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) = delete;
  ~Connection();

  /// Bytes from the client. While on_new_connection holds the connection, they wait without a callback.
  Connection& downstream_data(std::string_view chunk, bool end_of_stream = false);
  /// Bytes from the upstream. After its last ones comes on_upstream_close.
  Connection& upstream_data(std::string_view chunk, bool end_of_stream = false);
  /// Cut off at once: by the client, or by Envoy itself (`PeerType::local`: the upstream is not there, a
  /// time-out).
  void close(PeerType by = PeerType::remote);

  /// What has got past the filter: to the upstream, and to the client.
  std::string to_upstream() const;
  std::string to_client() const;
  /// Whether on_new_connection holds the connection back: there is no upstream yet.
  bool is_held() const;
  /// Whether the filter closed it, or its trap did.
  bool was_closed() const;

 private:
  friend class Host;
  Connection(Host::Implementation& host, uint32_t id);
  Host::Implementation* host_;
  uint32_t id_;
};

/// One pass of Envoy's event loop. Envoy destroys contexts at its end, and what comes in it after on_delete,
/// such as the answer of a call-out, can still make the context of the stream the effective one:
///
///     const DeferredDeletion pass = host.defer_deletion();
///     stream.close();
///     host.answer(call, reply());
///
/// Hostcalls on such a context are ok: headers and bodies that the stream held can be read, and letting it
/// go, answering and closing it have no effect.
class DeferredDeletion {
 public:
  DeferredDeletion(DeferredDeletion&&) noexcept;
  DeferredDeletion& operator=(DeferredDeletion&&) = delete;
  ~DeferredDeletion();

 private:
  friend class Host;
  explicit DeferredDeletion(Host::Implementation& host);
  Host::Implementation* host_;
};

/// A stream, driven callback by callback. It ends (on_delete) with this object.
class Stream {
 public:
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) = delete;
  ~Stream();

  Stream& request_headers(const Headers& headers, bool end_of_stream = true);
  Stream& request_body(std::string_view chunk, bool end_of_stream = true);
  Stream& request_trailers(const Headers& trailers);
  Stream& response_headers(const Headers& headers, bool end_of_stream = true);
  Stream& response_body(std::string_view chunk, bool end_of_stream = true);
  Stream& response_trailers(const Headers& trailers);
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
