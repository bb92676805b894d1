// SPDX-License-Identifier: MIT
#include <algorithm>
#include <gtest/gtest.h>
#include <iterator>
#include <utility>

#include "implementation.hpp"
#include "names.hpp"
#include "pairs.hpp"

/// What Envoy answers to each hostcall, and in which callbacks.
namespace wasmup::testing {
namespace {

/// A hostcall's arguments, taken one by one from its words, and written down as they are taken.
class Arguments {
 public:
  Arguments(Guest& guest, std::span<const uint64_t> words, std::string& text)
      : guest_(guest), words_(words), text_(text) {}

  uint32_t number() {
    return static_cast<uint32_t>(note(std::to_string(static_cast<uint32_t>(peek())), word()));
  }
  template <class Enum>
  Enum named() {
    const auto value = static_cast<Enum>(peek());
    note(name_of(value), word());
    return value;
  }
  /// A pointer and a size.
  std::string_view text() {
    const Address address = word();
    const auto size = static_cast<uint32_t>(word());
    const auto bytes = guest_.read(address, size);
    if (!bytes) is_valid_ = false;
    note(bytes ? quoted(*bytes) : "<outside memory>", 0);
    return bytes.value_or(std::string_view());
  }
  /// An out-parameter.
  Address out() { return word(); }

  /// Whether every pointer was within memory.
  bool valid() const { return is_valid_; }

 private:
  uint64_t peek() const { return words_.empty() ? 0 : words_.front(); }
  uint64_t word() {
    const uint64_t value = peek();
    if (!words_.empty()) words_ = words_.subspan(1);
    return value;
  }
  uint64_t note(const std::string& piece, uint64_t value) {
    text_ += (text_.ends_with('(') ? "" : ", ") + piece;
    return value;
  }

  Guest& guest_;
  std::span<const uint64_t> words_;
  std::string& text_;
  bool is_valid_ = true;
};

/// Writes a number as wide as the guest's pointers and sizes are.
bool write_word(Guest& guest, Address address, uint64_t value) {
  return guest.write(address, {reinterpret_cast<const char*>(&value), guest.word_size()});
}

bool write_u32(Guest& guest, Address address, uint32_t value) {
  return guest.write(address, {reinterpret_cast<const char*>(&value), sizeof(value)});
}

/// Hands bytes over: into memory from the guest's allocator, which is not asked for none.
Status give(Guest& guest, Address out_data, Address out_size, std::string_view bytes) {
  Address data = 0;
  if (!bytes.empty()) {
    data = guest.allocate(bytes.size());
    if (data == 0 || !guest.write(data, bytes)) return Status::invalid_memory_access;
  }
  const bool written = write_word(guest, out_data, data) && write_word(guest, out_size, bytes.size());
  return written ? Status::ok : Status::invalid_memory_access;
}

using Host_ = Host::Implementation;

Status log(Host_& host, Arguments& in) {
  const auto level = in.named<LogLevel>();
  const std::string_view text = in.text();
  if (!in.valid()) return Status::invalid_memory_access;
  if (level > LogLevel::critical) return Status::bad_argument;
  host.logs.push_back({level, std::string(text)});
  return Status::ok;
}

Status set_tick_period(Host_& host, Arguments& in) {
  RootState& root = host.current_root();
  root.tick_period = std::chrono::milliseconds(in.number());
  root.next_tick = host.now + root.tick_period;
  return Status::ok;
}

Status get_buffer_bytes(Host_& host, Arguments& in) {
  const auto type = in.named<abi::BufferType>();
  const uint32_t start = in.number();
  const uint32_t max = in.number();
  const Address data = in.out();
  const Address size = in.out();
  if (type > abi::BufferType::foreign_arguments) return Status::bad_argument;
  const std::string* buffer = host.buffer_at_hand(type);
  if (buffer == nullptr) {
    // A body outside its callback is an empty buffer; everything else is not there.
    if (type <= abi::BufferType::upstream_data) return give(*host.guest, data, size, {});
    return Status::not_found;
  }
  const std::string_view all = *buffer;
  return give(*host.guest, data, size, start < all.size() ? all.substr(start, max) : std::string_view());
}

Status get_buffer_status(Host_& host, Arguments& in) {
  const auto type = in.named<abi::BufferType>();
  const Address size = in.out();
  const Address flags = in.out();
  if (type > abi::BufferType::foreign_arguments) return Status::bad_argument;
  const std::string* buffer = host.buffer_at_hand(type);
  if (buffer == nullptr && type > abi::BufferType::upstream_data) return Status::not_found;
  const bool written = write_word(*host.guest, size, buffer != nullptr ? buffer->size() : 0) &&
                       write_u32(*host.guest, flags, 0);
  return written ? Status::ok : Status::invalid_memory_access;
}

Status set_buffer_bytes(Host_& host, Arguments& in) {
  const auto type = in.named<abi::BufferType>();
  const uint32_t start = in.number();
  const uint32_t length = in.number();
  const std::string_view data = in.text();
  if (!in.valid()) return Status::invalid_memory_access;
  if (type > abi::BufferType::foreign_arguments) return Status::bad_argument;
  std::string* buffer = host.buffer_at_hand(type);
  if (buffer == nullptr) {
    return type <= abi::BufferType::upstream_data ? Status::bad_argument : Status::not_found;
  }
  if (type > abi::BufferType::upstream_data) return Status::bad_argument;
  if (start == 0) {
    buffer->replace(0, std::min<size_t>(length, buffer->size()), data);
  } else if (start >= buffer->size()) {
    buffer->append(data);
  } else {
    return Status::bad_argument;  // Envoy does not splice
  }
  return Status::ok;
}

Status get_header(Host_& host, Arguments& in) {
  const auto type = in.named<abi::MapType>();
  const std::string_view name = in.text();
  const Address data = in.out();
  const Address size = in.out();
  if (!in.valid()) return Status::invalid_memory_access;
  const Headers* map = host.map_at_hand(type);
  if (map == nullptr) return Status::bad_argument;
  const auto value = map->get(name);
  return value ? give(*host.guest, data, size, *value) : Status::not_found;
}

Status get_pairs(Host_& host, Arguments& in) {
  const auto type = in.named<abi::MapType>();
  const Address data = in.out();
  const Address size = in.out();
  if (type > abi::MapType::call_trailers) return Status::bad_argument;
  const Headers* map = host.map_at_hand(type);
  return give(*host.guest, data, size, map != nullptr ? encode_pairs(*map) : std::string());
}

Status change_header(Host_& host, Arguments& in,
                     void (Headers::*change)(std::string_view, std::string_view)) {
  const auto type = in.named<abi::MapType>();
  const std::string_view name = in.text();
  const std::string_view value = in.text();
  if (!in.valid()) return Status::invalid_memory_access;
  Headers* map = host.map_to_write(type);
  if (map == nullptr) return Status::bad_argument;
  (map->*change)(name, value);
  return Status::ok;
}

Status add_header(Host_& host, Arguments& in) { return change_header(host, in, &Headers::add); }
Status replace_header(Host_& host, Arguments& in) { return change_header(host, in, &Headers::set); }

Status remove_header(Host_& host, Arguments& in) {
  const auto type = in.named<abi::MapType>();
  const std::string_view name = in.text();
  if (!in.valid()) return Status::invalid_memory_access;
  Headers* map = host.map_to_write(type);
  if (map == nullptr) return Status::bad_argument;
  map->remove(name);
  return Status::ok;
}

bool is_grpc(const Headers& request) {
  const std::string type = request.get("content-type").value_or("");
  return type == "application/grpc" || type.starts_with("application/grpc+");
}

uint32_t grpc_status_of(uint32_t http_status) {
  switch (http_status) {
    case 400:
      return 13;
    case 401:
      return 16;
    case 403:
      return 7;
    case 404:
      return 12;
    case 429:
    case 502:
    case 503:
    case 504:
      return 14;
    default:
      return 2;
  }
}

std::string percent_encoded(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c >= ' ' && c <= '~' && c != '%') {
      result += c;
    } else {
      static constexpr char digits[] = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      result += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return result;
}

/// A local reply as Envoy makes it. A gRPC client gets a trailers-only response instead of status and body;
/// to any other the gRPC status is not shown.
Message local_reply(const StreamState& stream, uint32_t status, const std::string& body,
                    const Headers& headers, uint32_t grpc_status) {
  if (is_grpc(stream.request.headers)) {
    Message message = reply(200, "", headers);
    message.headers.set("content-type", "application/grpc");
    message.headers.set("grpc-status",
                        std::to_string(grpc_status <= 16 ? grpc_status : grpc_status_of(status)));
    if (!body.empty()) message.headers.set("grpc-message", percent_encoded(body));
    return message;
  }
  Message message = reply(static_cast<int>(status), body, headers);
  if (!body.empty()) {
    message.headers.set("content-length", std::to_string(body.size()));
    if (!message.headers.contains("content-type")) message.headers.add("content-type", "text/plain");
  }
  return message;
}

Status send_local_response(Host_& host, Arguments& in) {
  const uint32_t status = in.number();
  in.text();  // details: for the access log only
  const std::string body(in.text());
  const Headers headers = decode_pairs(in.text());
  const uint32_t grpc_status = in.number();
  if (!in.valid()) return Status::invalid_memory_access;
  StreamState* stream = host.current_stream();
  if (stream == nullptr) return Status::ok;  // no stream to answer: no effect
  if (!stream->wanted_reply) stream->wanted_reply = local_reply(*stream, status, body, headers, grpc_status);
  return Status::ok;
}

Status get_property(Host_& host, Arguments& in) {
  const std::string_view path = in.text();
  const Address data = in.out();
  const Address size = in.out();
  if (!in.valid()) return Status::invalid_memory_access;
  if (path.empty()) return Status::serialization_failure;
  const auto value = host.attribute(path.ends_with('\0') ? path.substr(0, path.size() - 1) : path);
  return value ? give(*host.guest, data, size, *value) : Status::not_found;
}

Status set_property(Host_& host, Arguments& in) {
  const std::string path(in.text());
  const std::string value(in.text());
  if (!in.valid()) return Status::invalid_memory_access;
  if (host.current_stream() == nullptr) return Status::not_found;
  host.kept_properties[path] = value;
  return Status::ok;
}

struct Entry {
  std::string_view name;
  Status (*answer)(Host_&, Arguments&);
};

constexpr Entry entries[] = {
    {"proxy_log", log},
    {"proxy_set_tick_period_milliseconds", set_tick_period},
    {"proxy_get_buffer_bytes", get_buffer_bytes},
    {"proxy_get_buffer_status", get_buffer_status},
    {"proxy_set_buffer_bytes", set_buffer_bytes},
    {"proxy_get_header_map_value", get_header},
    {"proxy_get_header_map_pairs", get_pairs},
    {"proxy_add_header_map_value", add_header},
    {"proxy_replace_header_map_value", replace_header},
    {"proxy_remove_header_map_value", remove_header},
    {"proxy_send_local_response", send_local_response},
    {"proxy_get_property", get_property},
    {"proxy_set_property", set_property},
};

}  // namespace

Status Host::Implementation::hostcall(std::string_view name, std::span<const uint64_t> words) {
  std::string text = std::string(name) + "(";
  Status status = Status::unimplemented;
  const auto* const entry = std::find_if(std::begin(entries), std::end(entries),
                                         [name](const Entry& one) { return one.name == name; });
  if (entry == std::end(entries)) {
    ADD_FAILURE() << "the module called " << name << ", which the fake host does not play yet";
  } else if (is_restricted_ && name != "proxy_log") {
    ADD_FAILURE() << "the module called " << name
                  << " while it started (in a static constructor): Envoy traps there";
    status = Status::internal_failure;
  } else {
    Arguments arguments(*guest, words, text);
    status = entry->answer(*this, arguments);
  }
  text += ") = " + name_of(status);
  hostcalls.push_back({std::string(name), std::move(text), status});
  return status;
}

StreamState* Host::Implementation::current_stream() {
  const auto found = streams_.find(current_context_);
  return found != streams_.end() ? &found->second : nullptr;
}

RootState& Host::Implementation::current_root() {
  const StreamState* stream = current_stream();
  return roots_.at(stream != nullptr ? stream->root : current_context_);
}

Headers* Host::Implementation::map_at_hand(abi::MapType map) {
  StreamState* stream = current_stream();
  if (stream == nullptr) return nullptr;
  const auto headers = [](Flow& flow) { return flow.headers_at_hand ? &flow.headers : nullptr; };
  const auto trailers = [](Flow& flow) { return flow.trailers_at_hand ? &flow.trailers : nullptr; };
  switch (map) {
    case abi::MapType::request_headers:
      return headers(stream->request);
    case abi::MapType::request_trailers:
      return trailers(stream->request);
    case abi::MapType::response_headers:
      return headers(stream->response);
    case abi::MapType::response_trailers:
      return trailers(stream->response);
    default:
      return nullptr;
  }
}

Headers* Host::Implementation::map_to_write(abi::MapType map) {
  StreamState* stream = current_stream();
  if (stream != nullptr &&
      (map == abi::MapType::request_trailers || map == abi::MapType::response_trailers)) {
    Flow& flow = map == abi::MapType::request_trailers ? stream->request : stream->response;
    if (flow.in_body_callback && flow.end_of_stream) flow.trailers_at_hand = true;
  }
  return map_at_hand(map);
}

std::string* Host::Implementation::buffer_at_hand(abi::BufferType buffer) {
  StreamState* stream = current_stream();
  switch (buffer) {
    case abi::BufferType::request_body:
    case abi::BufferType::response_body: {
      if (stream == nullptr) return nullptr;
      Flow& flow = buffer == abi::BufferType::request_body ? stream->request : stream->response;
      if (flow.is_buffering) return &flow.held;
      return flow.in_body_callback ? &flow.chunk : nullptr;
    }
    case abi::BufferType::vm_configuration:
      return &options.vm_configuration;
    case abi::BufferType::plugin_configuration:
      return in_configure_ ? &roots_.at(current_context_).configuration : nullptr;
    default:
      return nullptr;
  }
}

std::optional<std::string> Host::Implementation::attribute(std::string_view path) {
  if (path == "plugin_root_id") return options.root_id;
  if (path == "plugin_name") return options.plugin_name;
  if (const auto kept = kept_properties.find(path); kept != kept_properties.end()) return kept->second;
  if (const auto found = attributes.find(path); found != attributes.end()) return found->second;
  return std::nullopt;
}

}  // namespace wasmup::testing
