// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <wasmup/abi.hpp>
#include <wasmup/testing/guest.hpp>
#include <wasmup/testing/host.hpp>

namespace wasmup::testing {

/// One direction of a stream: what is held back, what is at hand for the module, what has passed.
struct Flow {
  enum class Hold { none, headers, all };

  Headers headers;
  bool headers_at_hand = false;
  Hold hold = Hold::none;

  std::string held;   ///< body bytes kept back: by the filter's buffer action, or behind a hold
  std::string chunk;  ///< the new bytes of the body callback that runs now
  bool in_body_callback = false;
  bool is_buffering = false;  ///< the last body callback returned "buffer": held bytes are at hand
  bool end_of_stream = false;

  Headers trailers;
  bool trailers_at_hand = false;

  Message passed;
  bool headers_passed = false;
  bool is_complete = false;
};

struct StreamState {
  uint32_t id = 0;
  uint32_t root = 0;
  Flow request = {};
  Flow response = {};
  std::optional<Message> wanted_reply = {};  ///< asked for in the callback that runs now
  bool is_answered = false;                  ///< a local reply was sent: the request goes nowhere
  bool was_reset = false;
};

struct RootState {
  uint32_t id = 0;
  std::string configuration;
  std::chrono::milliseconds tick_period{0};
  std::chrono::milliseconds next_tick{0};
};

class Host::Implementation {
 public:
  explicit Implementation(HostOptions options);
  ~Implementation();
  Implementation(const Implementation&) = delete;
  Implementation& operator=(const Implementation&) = delete;

  // host.cpp: the VM and its roots
  bool start_root(std::string configuration);
  void end_unused_roots();
  void advance(std::chrono::milliseconds time);
  /// Calls an export for a context, if the module has it and the VM lives. Nothing on a trap.
  std::optional<uint32_t> call(uint32_t context, std::string_view name, std::span<const uint32_t> arguments,
                               uint32_t if_absent);

  // stream.cpp: one stream's callbacks
  uint32_t create_stream();
  void close_stream(uint32_t id);
  StreamState& stream(uint32_t id) { return streams_.at(id); }
  void headers(StreamState& stream, bool is_request, Headers headers, bool end_of_stream);
  void body(StreamState& stream, bool is_request, std::string_view chunk, bool end_of_stream);
  void trailers(StreamState& stream, bool is_request, Headers trailers);

  // hostcalls.cpp: what the module asks
  Status hostcall(std::string_view name, std::span<const uint64_t> words);

  StreamState* current_stream();
  RootState& current_root();
  /// A map as it is at hand for the context that runs, or null.
  Headers* map_at_hand(abi::MapType map);
  /// A map to write to; trailers come into being in the last body callback.
  Headers* map_to_write(abi::MapType map);
  /// A body or configuration at hand, or null.
  std::string* buffer_at_hand(abi::BufferType buffer);
  std::optional<std::string> attribute(std::string_view path);

  HostOptions options;
  std::unique_ptr<Guest> guest;
  std::string failure;
  std::map<std::string, std::string, std::less<>> attributes;
  std::map<std::string, std::string, std::less<>> kept_properties;
  std::vector<LogLine> logs;
  std::vector<Hostcall> hostcalls;
  size_t vm_entries = 0;
  std::chrono::milliseconds now{0};

 private:
  bool fails(StreamState& stream, bool is_request);
  void settle(StreamState& stream, bool is_request);
  void answer(StreamState& stream, Message reply, bool through_module);
  void pass_headers(Flow& flow);
  void finish(Flow& flow, const Headers* trailers);

  std::map<uint32_t, StreamState> streams_;
  std::map<uint32_t, RootState> roots_;
  uint32_t serving_root_ = 0;
  uint32_t next_id_ = 1;
  uint32_t current_context_ = 0;
  uint32_t trapped_context_ = 0;
  bool in_configure_ = false;
  bool is_restricted_ = false;  ///< starting up, or in the allocator: only logging is allowed
};

}  // namespace wasmup::testing
