// SPDX-License-Identifier: MIT
#include "hostcalls/hostcalls.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <utility>

#include "implementation.hpp"
#include "names.hpp"

/// How a hostcall finds its answer, and what is at hand for the context that makes it.
namespace wasmup::testing {
namespace {

const HostcallEntry* find(std::string_view name) {
  static constexpr auto families = {log_and_time_hostcalls, buffer_hostcalls,      header_hostcalls,
                                    stream_hostcalls,       http_call_hostcalls,   grpc_hostcalls,
                                    metric_hostcalls,       shared_data_hostcalls, shared_queue_hostcalls,
                                    property_hostcalls,     foreign_hostcalls,     wasi_hostcalls};
  for (const auto family : families) {
    for (const HostcallEntry& entry : family()) {
      if (entry.name == name) return &entry;
    }
  }
  return nullptr;
}

}  // namespace

/// While a module starts, Envoy lets it log and use WASI; in the allocator, next to nothing.
bool Host::Implementation::may_call(std::string_view hostcall) const {
  switch (restriction_) {
    case Restriction::none:
      return true;
    case Restriction::starting:
      return hostcall == "proxy_log" || !hostcall.starts_with("proxy_");
    case Restriction::allocating:
      return hostcall == "proxy_log" || hostcall == "fd_write" || hostcall == "clock_time_get" ||
             hostcall == "poll_oneoff";
  }
  return false;
}

Status Host::Implementation::hostcall(std::string_view name, std::span<const uint64_t> words) {
  if (guest == nullptr) {
    failure = "the module called " + std::string(name) + " in its start section: Envoy crashes there";
    ADD_FAILURE() << failure;
    return Status::internal_failure;
  }
  std::string text = std::string(name) + "(";
  const uint32_t acted_on = context();
  if (observer != nullptr) observer->called(name, acted_on, words);
  Status status = Status::unimplemented;
  if (!may_call(name)) {
    failure = "the module called " + std::string(name) +
              (restriction_ == Restriction::starting ? " while it started (in a static constructor)"
                                                     : " in its allocator") +
              ": Envoy traps there";
    ADD_FAILURE() << failure;
    status = Status::internal_failure;
  } else if (const auto refusal = observer != nullptr ? observer->refuses(name) : std::nullopt) {
    text += "made to fail";
    status = *refusal;
  } else if (const HostcallEntry* const entry = find(name); entry != nullptr) {
    Arguments arguments(*guest, words, text);
    status = entry->answer(*this, arguments);
  } else {
    ADD_FAILURE() << "the module called " << name << ", which the fake host does not play";
  }
  text += ") = " + name_of(status);
  hostcalls.push_back({std::string(name), std::move(text), status});
  if (observer != nullptr) observer->answered(hostcalls.back(), acted_on);
  return status;
}

bool Host::Implementation::set_effective_context(uint32_t id) {
  if (id != 0 && !streams_.contains(id) && !connections_.contains(id) && !roots_.contains(id)) return false;
  // Envoy has destroyed it by now, though the test still holds it.
  if (const StreamState* const stream = find_stream(id);
      stream != nullptr && stream->has_ended() && !stream->is_ending) {
    return false;
  }
  effective_context_ = id;
  return true;
}

bool Host::Implementation::knows_cluster(std::string_view name) const {
  return (observer != nullptr && observer->knows(name)) ||
         std::ranges::find(options.clusters, name) != options.clusters.end();
}

StreamState* Host::Implementation::current_stream() {
  const auto found = streams_.find(context());
  return found != streams_.end() ? &found->second : nullptr;
}

ConnectionState* Host::Implementation::current_connection() {
  const auto found = connections_.find(context());
  return found != connections_.end() ? &found->second : nullptr;
}

RootState* Host::Implementation::root(uint32_t id) {
  const auto found = roots_.find(id);
  return found != roots_.end() ? &found->second : nullptr;
}

RootState* Host::Implementation::current_root() {
  if (const StreamState* const stream = current_stream()) return root(stream->root);
  if (const ConnectionState* const connection = current_connection()) return root(connection->root);
  return root(context());
}

Status Host::Implementation::give(Address out_data, Address out_size, std::string_view bytes) {
  Address data = 0;
  if (!bytes.empty()) {
    const Restriction outer = std::exchange(restriction_, Restriction::allocating);
    data = guest->allocate(bytes.size());
    restriction_ = outer;
    if (data == 0 || !guest->write(data, bytes)) return Status::invalid_memory_access;
  }
  const bool written = write_word(*guest, out_data, data) && write_word(*guest, out_size, bytes.size());
  return written ? Status::ok : Status::invalid_memory_access;
}

const Headers* Host::Implementation::map_at_hand(abi::MapType map) {
  switch (map) {
    case abi::MapType::call_headers:
      return http_calls.answer != nullptr ? &http_calls.answer->headers : nullptr;
    case abi::MapType::call_trailers:
      return http_calls.answer != nullptr && !http_calls.answer->trailers.empty()
                 ? &http_calls.answer->trailers
                 : nullptr;
    case abi::MapType::grpc_initial_metadata:
      return grpc_calls.initial_metadata;
    case abi::MapType::grpc_trailing_metadata:
      return grpc_calls.trailing_metadata;
    default:
      break;
  }
  if (log_entry_ != nullptr) {
    switch (map) {
      case abi::MapType::request_headers:
        return log_entry_->request_headers;
      case abi::MapType::response_headers:
        return log_entry_->response_headers;
      case abi::MapType::response_trailers:
        return log_entry_->response_trailers;
      default:
        return nullptr;
    }
  }
  StreamState* const stream = current_stream();
  if (stream == nullptr) return nullptr;
  const auto headers = [](const Flow& flow) { return flow.headers_at_hand ? &flow.headers : nullptr; };
  const auto trailers = [](const Flow& flow) { return flow.trailers_at_hand ? &flow.trailers : nullptr; };
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
  StreamState* const stream = current_stream();
  if (stream == nullptr || log_entry_ != nullptr || map > abi::MapType::response_trailers) return nullptr;
  if (map == abi::MapType::request_trailers || map == abi::MapType::response_trailers) {
    Flow& flow = map == abi::MapType::request_trailers ? stream->request : stream->response;
    if (flow.in_body_callback && flow.end_of_stream) flow.trailers_at_hand = true;
  }
  return const_cast<Headers*>(map_at_hand(map));  // a stream's own maps are not const
}

std::string* Host::Implementation::buffer_at_hand(abi::BufferType buffer) {
  switch (buffer) {
    case abi::BufferType::request_body:
    case abi::BufferType::response_body: {
      StreamState* const stream = current_stream();
      if (stream == nullptr) return nullptr;
      Flow& flow = buffer == abi::BufferType::request_body ? stream->request : stream->response;
      if (flow.is_buffering) return &flow.buffered;
      return flow.body_at_hand ? &flow.chunk : nullptr;
    }
    case abi::BufferType::downstream_data:
    case abi::BufferType::upstream_data: {
      ConnectionState* const connection = current_connection();
      if (connection == nullptr) return nullptr;
      DataFlow& flow =
          buffer == abi::BufferType::downstream_data ? connection->downstream : connection->upstream;
      return flow.at_hand ? &flow.buffer : nullptr;
    }
    case abi::BufferType::call_body:
      return http_calls.answer != nullptr ? &http_calls.body : nullptr;
    case abi::BufferType::grpc_message:
      return grpc_calls.message ? &*grpc_calls.message : nullptr;
    case abi::BufferType::vm_configuration:
      return &options.vm_configuration;
    case abi::BufferType::plugin_configuration: {
      RootState* const configured = root(context());
      return configured != nullptr && configured->id == configuring_root_ ? &configured->configuration
                                                                          : nullptr;
    }
    case abi::BufferType::foreign_arguments:
      return is_foreign_call ? &foreign_arguments : nullptr;
  }
  return nullptr;
}

std::optional<std::string> Host::Implementation::attribute(std::string_view path) {
  if (path == "plugin_root_id") return options.root_id;
  if (path == "plugin_name") return options.plugin_name;
  if (path == "plugin_vm_id") return options.vm_id;
  if (const auto kept = kept_properties.find(path); kept != kept_properties.end()) return kept->second;
  if (const auto found = attributes.find(path); found != attributes.end()) return found->second;
  return std::nullopt;
}

}  // namespace wasmup::testing
