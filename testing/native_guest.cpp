// SPDX-License-Identifier: MIT
#include <cstdlib>
#include <cstring>
#include <gtest/gtest.h>
#include <map>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

#include <wasmup/plugin.hpp>
#include <wasmup/testing/guest.hpp>
#include <wasmup/wasi.hpp>

/// The filter's source, compiled into the test: its hostcalls are the functions at the end of this file.
/// There is one such module in a process, so one host at a time plays with it, and each finds it fresh.
namespace wasmup::testing {
namespace {

class NativeGuest;
NativeGuest* running = nullptr;

/// What static constructors called, before there was a host. Function-local, so that it is there whoever
/// comes first.
std::vector<std::string>& early_calls() {
  static std::vector<std::string> calls;
  return calls;
}

class NativeGuest final : public Guest {
 public:
  explicit NativeGuest(HostcallHandler handler) : handler_(std::move(handler)) {
    if (running != nullptr) throw std::logic_error("a test has one Host at a time: end the first one before");
    running = this;
    for (const std::string& name : std::exchange(early_calls(), {})) {
      ADD_FAILURE() << "the module called " << name
                    << " while it started (in a static constructor): Envoy traps there";
    }
  }
  ~NativeGuest() override {
    handler_ = nullptr;  // a VM that goes away asks nothing any more
    wasmup::detail::native_module().reset();
    for (const auto& [address, size] : handed_over_) std::free(address);
    running = nullptr;
  }

  bool exports(std::string_view name) const override { return find(name) != nullptr; }

  std::optional<uint32_t> call(std::string_view name, std::span<const uint32_t> arguments) override {
    return find(name)->call(arguments.data());
  }
  const std::string& trap() const override { return no_trap_; }

  Address allocate(size_t size) override {
    void* const memory = std::malloc(size);
    handed_over_[memory] = size;
    return reinterpret_cast<Address>(memory);
  }
  std::optional<std::string_view> read(Address address, size_t size) const override {
    if (size == 0) return std::string_view();
    return std::string_view(reinterpret_cast<const char*>(address), size);
  }
  bool write(Address address, std::string_view bytes) override {
    std::memcpy(reinterpret_cast<void*>(address), bytes.data(), bytes.size());
    return true;
  }
  size_t word_size() const override { return sizeof(void*); }

  std::optional<size_t> unfreed_bytes() const override {
    size_t total = 0;
    for (const auto& [address, size] : handed_over_) total += size;
    return total;
  }
  std::optional<size_t> memory_pages() const override { return std::nullopt; }

  Status answer(std::string_view name, std::span<const uint64_t> words) {
    return handler_ ? handler_(name, words) : Status::internal_failure;
  }
  void forget(void* memory) { handed_over_.erase(memory); }

 private:
  static const wasmup::detail::NativeExport* find(std::string_view name) {
    for (const auto& one : wasmup::detail::native_module().exports) {
      const bool is_there = one.is_taken_in == nullptr || *one.is_taken_in;
      if (one.name != nullptr && name == one.name && is_there) return &one;
    }
    return nullptr;
  }

  HostcallHandler handler_;
  std::map<void*, size_t> handed_over_;
  std::string no_trap_;  // a native crash ends the process: the sanitizers say where
};

template <class Argument>
uint64_t word(Argument argument) {
  if constexpr (std::is_pointer_v<Argument>) {
    return reinterpret_cast<uint64_t>(argument);
  } else {
    return static_cast<uint64_t>(argument);
  }
}

template <class... Arguments>
Status call(std::string_view name, Arguments... arguments) {
  if (running == nullptr) {
    if (name != "proxy_log") early_calls().emplace_back(name);
    return Status::internal_failure;
  }
  const uint64_t words[] = {word(arguments)..., 0};
  return running->answer(name, std::span(words, sizeof...(arguments)));
}

}  // namespace

std::unique_ptr<Guest> make_guest(HostcallHandler handler) {
  return std::make_unique<NativeGuest>(std::move(handler));
}

}  // namespace wasmup::testing

namespace wasmup::detail {

extern "C" void wasmup_testing_deallocate(void* memory) {
  if (wasmup::testing::running != nullptr) wasmup::testing::running->forget(memory);
  std::free(memory);
}

}  // namespace wasmup::detail

namespace wasmup::abi {

using wasmup::testing::call;

extern "C" {
Status proxy_log(LogLevel level, const char* message, size_t message_size) {
  return call("proxy_log", level, message, message_size);
}
Status proxy_get_log_level(LogLevel* level) { return call("proxy_get_log_level", level); }
Status proxy_get_current_time_nanoseconds(uint64_t* time) {
  return call("proxy_get_current_time_nanoseconds", time);
}
Status proxy_set_tick_period_milliseconds(uint32_t milliseconds) {
  return call("proxy_set_tick_period_milliseconds", milliseconds);
}
Status proxy_get_buffer_bytes(BufferType buffer, size_t start, size_t max_size, char** data, size_t* size) {
  return call("proxy_get_buffer_bytes", buffer, start, max_size, data, size);
}
Status proxy_get_buffer_status(BufferType buffer, size_t* size, uint32_t* flags) {
  return call("proxy_get_buffer_status", buffer, size, flags);
}
Status proxy_set_buffer_bytes(BufferType buffer, size_t start, size_t size, const char* data,
                              size_t data_size) {
  return call("proxy_set_buffer_bytes", buffer, start, size, data, data_size);
}
Status proxy_get_header_map_value(MapType map, const char* name, size_t name_size, char** value,
                                  size_t* value_size) {
  return call("proxy_get_header_map_value", map, name, name_size, value, value_size);
}
Status proxy_get_header_map_pairs(MapType map, char** pairs, size_t* pairs_size) {
  return call("proxy_get_header_map_pairs", map, pairs, pairs_size);
}
Status proxy_get_header_map_size(MapType map, size_t* bytes) {
  return call("proxy_get_header_map_size", map, bytes);
}
Status proxy_set_header_map_pairs(MapType map, const char* pairs, size_t pairs_size) {
  return call("proxy_set_header_map_pairs", map, pairs, pairs_size);
}
Status proxy_add_header_map_value(MapType map, const char* name, size_t name_size, const char* value,
                                  size_t value_size) {
  return call("proxy_add_header_map_value", map, name, name_size, value, value_size);
}
Status proxy_replace_header_map_value(MapType map, const char* name, size_t name_size, const char* value,
                                      size_t value_size) {
  return call("proxy_replace_header_map_value", map, name, name_size, value, value_size);
}
Status proxy_remove_header_map_value(MapType map, const char* name, size_t name_size) {
  return call("proxy_remove_header_map_value", map, name, name_size);
}
Status proxy_continue_stream(StreamType stream) { return call("proxy_continue_stream", stream); }
Status proxy_close_stream(StreamType stream) { return call("proxy_close_stream", stream); }
Status proxy_send_local_response(uint32_t status, const char* details, size_t details_size, const char* body,
                                 size_t body_size, const char* pairs, size_t pairs_size,
                                 uint32_t grpc_status) {
  return call("proxy_send_local_response", status, details, details_size, body, body_size, pairs, pairs_size,
              grpc_status);
}
Status proxy_get_status(uint32_t* code, char** message, size_t* message_size) {
  return call("proxy_get_status", code, message, message_size);
}
Status proxy_done() { return call("proxy_done"); }
Status proxy_set_effective_context(uint32_t context_id) {
  return call("proxy_set_effective_context", context_id);
}
Status proxy_http_call(const char* cluster, size_t cluster_size, const char* headers, size_t headers_size,
                       const char* body, size_t body_size, const char* trailers, size_t trailers_size,
                       uint32_t timeout_milliseconds, uint32_t* token) {
  return call("proxy_http_call", cluster, cluster_size, headers, headers_size, body, body_size, trailers,
              trailers_size, timeout_milliseconds, token);
}
Status proxy_grpc_call(const char* cluster, size_t cluster_size, const char* service, size_t service_size,
                       const char* method, size_t method_size, const char* metadata, size_t metadata_size,
                       const char* message, size_t message_size, uint32_t timeout_milliseconds,
                       uint32_t* token) {
  return call("proxy_grpc_call", cluster, cluster_size, service, service_size, method, method_size, metadata,
              metadata_size, message, message_size, timeout_milliseconds, token);
}
Status proxy_grpc_stream(const char* cluster, size_t cluster_size, const char* service, size_t service_size,
                         const char* method, size_t method_size, const char* metadata, size_t metadata_size,
                         uint32_t* token) {
  return call("proxy_grpc_stream", cluster, cluster_size, service, service_size, method, method_size,
              metadata, metadata_size, token);
}
Status proxy_grpc_send(uint32_t token, const char* message, size_t message_size, uint32_t end_of_stream) {
  return call("proxy_grpc_send", token, message, message_size, end_of_stream);
}
Status proxy_grpc_cancel(uint32_t token) { return call("proxy_grpc_cancel", token); }
Status proxy_grpc_close(uint32_t token) { return call("proxy_grpc_close", token); }
Status proxy_get_shared_data(const char* key, size_t key_size, char** value, size_t* value_size,
                             uint32_t* cas) {
  return call("proxy_get_shared_data", key, key_size, value, value_size, cas);
}
Status proxy_set_shared_data(const char* key, size_t key_size, const char* value, size_t value_size,
                             uint32_t cas) {
  return call("proxy_set_shared_data", key, key_size, value, value_size, cas);
}
Status proxy_register_shared_queue(const char* name, size_t name_size, uint32_t* token) {
  return call("proxy_register_shared_queue", name, name_size, token);
}
Status proxy_resolve_shared_queue(const char* vm_id, size_t vm_id_size, const char* name, size_t name_size,
                                  uint32_t* token) {
  return call("proxy_resolve_shared_queue", vm_id, vm_id_size, name, name_size, token);
}
Status proxy_enqueue_shared_queue(uint32_t token, const char* data, size_t data_size) {
  return call("proxy_enqueue_shared_queue", token, data, data_size);
}
Status proxy_dequeue_shared_queue(uint32_t token, char** data, size_t* data_size) {
  return call("proxy_dequeue_shared_queue", token, data, data_size);
}
Status proxy_define_metric(MetricType type, const char* name, size_t name_size, uint32_t* metric) {
  return call("proxy_define_metric", type, name, name_size, metric);
}
Status proxy_increment_metric(uint32_t metric, int64_t offset) {
  return call("proxy_increment_metric", metric, offset);
}
Status proxy_record_metric(uint32_t metric, int64_t value) {
  return call("proxy_record_metric", metric, value);
}
Status proxy_get_metric(uint32_t metric, uint64_t* value) { return call("proxy_get_metric", metric, value); }
Status proxy_get_property(const char* path, size_t path_size, char** value, size_t* value_size) {
  return call("proxy_get_property", path, path_size, value, value_size);
}
Status proxy_set_property(const char* path, size_t path_size, const char* value, size_t value_size) {
  return call("proxy_set_property", path, path_size, value, value_size);
}
Status proxy_call_foreign_function(const char* name, size_t name_size, const char* arguments,
                                   size_t arguments_size, char** results, size_t* results_size) {
  return call("proxy_call_foreign_function", name, name_size, arguments, arguments_size, results,
              results_size);
}

}  // extern "C"

}  // namespace wasmup::abi

namespace wasmup::wasi {
namespace {

/// The handler has no other type for an answer: WASI's own number stands in it.
template <class... Arguments>
Errno call(std::string_view name, Arguments... arguments) {
  return static_cast<Errno>(wasmup::testing::call(name, arguments...));
}

}  // namespace

Errno clock_time_get(Clock clock, int64_t precision, uint64_t* time) {
  return call("clock_time_get", clock, precision, time);
}
Errno random_get(void* buffer, size_t size) { return call("random_get", buffer, size); }
Errno environ_sizes_get(size_t* count, size_t* text_size) {
  return call("environ_sizes_get", count, text_size);
}
Errno environ_get(char** entries, char* text) { return call("environ_get", entries, text); }

}  // namespace wasmup::wasi
