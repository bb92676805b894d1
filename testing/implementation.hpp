// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <wasmup/abi.hpp>
#include <wasmup/testing/guest.hpp>
#include <wasmup/testing/host.hpp>

#include "calls.hpp"
#include "connection_state.hpp"
#include "metrics.hpp"
#include "observer.hpp"
#include "shared_state.hpp"
#include "stream_state.hpp"

namespace wasmup::testing {

struct RootState {
  uint32_t id = 0;
  std::string configuration;
  std::chrono::nanoseconds tick_period{0};
  std::chrono::nanoseconds next_tick{0};
  /// Its on_done returned false: it is kept until proxy_done.
  bool is_parked = false;
  bool is_done = false;  ///< it was parked, and has said so
  /// What proxy_get_status answers: of the last call-out that failed.
  uint32_t status_code = 0;
  std::string status_message = {};
};

/// What an access logger is given. Request trailers are never among it.
struct LogEntry {
  const Headers* request_headers = nullptr;
  const Headers* response_headers = nullptr;
  const Headers* response_trailers = nullptr;
};

/// The host behind the public face, in the parts that Envoy has too.
class Host::Implementation {
 public:
  explicit Implementation(HostOptions options, Observer* observer = nullptr);
  ~Implementation();
  Implementation(const Implementation&) = delete;
  Implementation& operator=(const Implementation&) = delete;

  // host.cpp: the VM, its roots, its clock
  bool start_root(std::string configuration);
  void end_unused_roots();
  void advance(std::chrono::nanoseconds time);
  Status root_done();
  uint32_t serving_root() const { return serving_root_; }
  size_t parked_roots() const;
  /// Calls an export for a context, if the module has it and the VM lives, then does what the module asked
  /// for meanwhile. Nothing on a trap.
  std::optional<uint32_t> call(uint32_t context, std::string_view name, std::span<const uint32_t> arguments,
                               uint32_t if_absent);
  /// Does this once the outermost callback that runs now has returned, as Envoy does with whatever could
  /// re-enter it.
  void defer(std::function<void()> action) { deferred_.push_back(std::move(action)); }
  /// Does what has been put off, unless a callback runs: then it does it afterwards.
  void settle() {
    if (call_depth_ == 0) run_deferred();
  }

  // stream.cpp: one HTTP stream's callbacks
  uint32_t create_stream();
  void close_stream(uint32_t id);
  /// Contexts of streams stay after on_delete as long as somebody holds them.
  void hold_deleted() { ++deletion_holds_; }
  void release_deleted();
  StreamState& stream(uint32_t id) { return streams_.at(id); }
  /// Null once it has ended.
  StreamState* find_stream(uint32_t id);
  void headers(StreamState& stream, bool is_request, const Headers& headers, bool end_of_stream);
  void body(StreamState& stream, bool is_request, std::string_view chunk, bool end_of_stream);
  void trailers(StreamState& stream, bool is_request, const Headers& trailers);
  Status continue_stream(abi::StreamType type);
  Status close_stream(abi::StreamType type);
  void local_reply(StreamState& stream, Message reply);
  static void cut_late(StreamState& stream, std::string_view what);
  static void refuse_at_the_end(const StreamState& stream, std::string_view what);
  static void report_crash(std::string_view what);

  // connection.cpp: one TCP connection's callbacks
  uint32_t create_connection();
  /// Also one that is closed, until end_connection.
  ConnectionState& connection(uint32_t id);
  void data(ConnectionState& connection, bool is_downstream, std::string_view chunk, bool end_of_stream);
  void close_downstream(ConnectionState& connection, PeerType peer);
  void end_connection(uint32_t id);
  Status continue_downstream();
  Status close_connection();

  /// on_log for a stream or a root.
  void log(uint32_t context, const LogEntry& entry);

  // calls.cpp: what comes of call-outs
  void answer_http_call(uint32_t token, const Message* response);
  void time_out_http_call(uint32_t token);
  // grpc_calls.cpp: what comes of gRPC
  GrpcCalls::Open* open_grpc(uint32_t token);
  void receive_grpc_initial_metadata(uint32_t token, const Headers& metadata);
  void receive_grpc_message(uint32_t token, std::string message);
  void receive_grpc_trailing_metadata(uint32_t token, const Headers& metadata);
  void close_grpc(uint32_t token, uint32_t status, std::string message);
  void tell_grpc_close(uint32_t root, uint32_t token, uint32_t status, std::string message);
  void time_out_grpc_call(uint32_t token);

  // hostcalls.cpp: what the module asks
  Status hostcall(std::string_view name, std::span<const uint64_t> words);

  /// The context hostcalls act on: the effective one, else the one whose callback runs.
  uint32_t context() const { return effective_context_ != 0 ? effective_context_ : current_context_; }
  bool set_effective_context(uint32_t id);
  bool knows_cluster(std::string_view name) const;
  /// Whether the context has had its on_delete, in this pass of the event loop.
  bool is_deleted(uint32_t id) const {
    const auto found = streams_.find(id);
    return found != streams_.end() && found->second.is_deleted;
  }
  /// The end of a pass of Envoy's event loop: contexts that were deleted in it are gone now.
  void end_pass() {
    release_deleted();
    hold_deleted();
  }
  bool is_logging() const { return log_entry_ != nullptr; }
  StreamState* current_stream();
  ConnectionState* current_connection();
  /// The root of the context hostcalls act on; null while the module starts.
  RootState* current_root();
  RootState* root(uint32_t id);
  /// A map as it is at hand for the context that runs, or null.
  const Headers* map_at_hand(abi::MapType map);
  /// A map to write to; trailers come into being in the last body callback.
  Headers* map_to_write(abi::MapType map);
  /// A body or configuration at hand, or null.
  std::string* buffer_at_hand(abi::BufferType buffer);
  std::optional<std::string> attribute(std::string_view path);
  /// Hands bytes over: into memory from the guest's allocator, which is not asked for none.
  Status give(Address out_data, Address out_size, std::string_view bytes);

  HostOptions options;
  Observer* observer = nullptr;  ///< with one, a context lives on after its on_delete, until end_pass
  std::unique_ptr<Guest> guest;
  std::string failure;
  std::map<std::string, std::string, std::less<>> attributes;
  std::map<std::string, std::string, std::less<>> kept_properties;
  std::map<std::string, ForeignFunction, std::less<>> foreign_functions;
  std::string foreign_arguments;
  bool is_foreign_call = false;
  std::vector<LogLine> logs;
  std::vector<Hostcall> hostcalls;
  size_t vm_entries = 0;
  size_t route_cache_clearings = 0;
  std::mt19937_64 random;
  std::chrono::nanoseconds now{0};  ///< since the start of the test

  HttpCalls http_calls;
  GrpcCalls grpc_calls;
  SharedState shared;
  Metrics metrics;

 private:
  void start_vm();
  void delete_root(uint32_t id);
  void tick(uint32_t root);
  bool may_call(std::string_view hostcall) const;
  void run_deferred();
  void reload_when_due();

  void run_body(StreamState& stream, bool is_request, bool end_of_stream);
  void run_trailers(StreamState& stream, bool is_request);
  bool pass_headers(StreamState& stream, bool is_request);
  bool passes_limit(Flow& flow) const;
  bool hold(StreamState& stream, bool is_request, bool buffers);
  void refuse_length(StreamState& stream, bool is_request);
  void read_on(StreamState& stream, bool is_request);
  void log_once(StreamState& stream);
  void finish(Flow& flow) const;
  uint32_t run_filter(StreamState& stream, bool is_request, const char* part,
                      std::span<const uint32_t> arguments);
  bool is_settled(StreamState& stream, bool is_request);
  static bool is_over(const StreamState& stream, bool is_request);
  void resume(StreamState& stream, bool is_request);
  bool fails(StreamState& stream);
  void answer(StreamState& stream, Message reply, bool through_module);

  void run_data(ConnectionState& connection, bool is_downstream);
  void close_when_over(ConnectionState& connection, bool is_downstream);
  void resume(ConnectionState& connection);
  bool fails(ConnectionState& connection);

  std::map<uint32_t, StreamState> streams_;
  size_t deletion_holds_ = 0;
  std::map<uint32_t, ConnectionState> connections_;
  std::map<uint32_t, ConnectionState> closed_connections_;  ///< that the test may still look at
  std::map<uint32_t, RootState> roots_;
  uint32_t serving_root_ = 0;
  uint32_t next_id_ = 1;
  uint32_t current_context_ = 0;
  uint32_t effective_context_ = 0;
  std::optional<std::chrono::nanoseconds> reload_at_;
  std::deque<std::function<void()>> deferred_;
  int call_depth_ = 0;
  uint32_t configuring_root_ = 0;
  const LogEntry* log_entry_ = nullptr;
  std::set<uint32_t> lost_;  ///< contexts of a VM that has trapped and been replaced
  /// What the module may ask for: everything, little while it starts, next to nothing in its allocator.
  enum class Restriction { none, starting, allocating } restriction_ = Restriction::none;
};

}  // namespace wasmup::testing
