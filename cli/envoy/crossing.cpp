// SPDX-License-Identifier: MIT
#include "crossing.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <span>

#include <wasmup/detail/names.hpp>

namespace wasmup::envoy {
namespace {

using Names = std::span<const std::string_view>;
using namespace detail::names;

constexpr std::array<std::string_view, 3> peers{"unknown", "local", "remote"};
constexpr std::array<std::string_view, 2> booleans{"false", "true"};

/// What a function's arguments are, in order. `*NAME` are two: address and size of what goes to the host; `>`
/// is one that says where a result goes; `MAP`, `BUFFER`, `STREAM`, `METRIC`, `LEVEL` and `PEER` are of that
/// kind; `NAME?` is a truth value; any other is a number.
struct Words {
  std::string_view function;
  std::string_view arguments;
};

constexpr Words all_words[] = {
    {"proxy_on_context_create", "context parent"},
    {"proxy_on_vm_start", "context configuration_bytes"},
    {"proxy_validate_configuration", "context configuration_bytes"},
    {"proxy_on_configure", "context configuration_bytes"},
    {"proxy_on_tick", "context"},
    {"proxy_on_done", "context"},
    {"proxy_on_log", "context"},
    {"proxy_on_delete", "context"},
    {"proxy_on_request_headers", "context headers end_of_stream?"},
    {"proxy_on_request_body", "context bytes end_of_stream?"},
    {"proxy_on_request_trailers", "context trailers"},
    {"proxy_on_response_headers", "context headers end_of_stream?"},
    {"proxy_on_response_body", "context bytes end_of_stream?"},
    {"proxy_on_response_trailers", "context trailers"},
    {"proxy_on_new_connection", "context"},
    {"proxy_on_downstream_data", "context bytes end_of_stream?"},
    {"proxy_on_upstream_data", "context bytes end_of_stream?"},
    {"proxy_on_downstream_connection_close", "context PEER"},
    {"proxy_on_upstream_connection_close", "context PEER"},
    {"proxy_on_http_call_response", "context call headers body_bytes trailers"},
    {"proxy_on_grpc_receive_initial_metadata", "context call headers"},
    {"proxy_on_grpc_receive", "context call bytes"},
    {"proxy_on_grpc_receive_trailing_metadata", "context call trailers"},
    {"proxy_on_grpc_close", "context call grpc_status"},
    {"proxy_on_queue_ready", "context queue"},
    {"proxy_on_foreign_function", "context function argument_bytes"},
    {"proxy_on_memory_allocate", "bytes"},
    {"malloc", "bytes"},
    {"proxy_log", "LEVEL *message"},
    {"proxy_get_log_level", ">"},
    {"proxy_get_current_time_nanoseconds", ">"},
    {"proxy_set_tick_period_milliseconds", "milliseconds"},
    {"proxy_get_buffer_bytes", "BUFFER start most_bytes > >"},
    {"proxy_get_buffer_status", "BUFFER > >"},
    {"proxy_set_buffer_bytes", "BUFFER start bytes *data"},
    {"proxy_get_header_map_value", "MAP *name > >"},
    {"proxy_get_header_map_pairs", "MAP > >"},
    {"proxy_get_header_map_size", "MAP >"},
    {"proxy_set_header_map_pairs", "MAP *pairs"},
    {"proxy_add_header_map_value", "MAP *name *value"},
    {"proxy_replace_header_map_value", "MAP *name *value"},
    {"proxy_remove_header_map_value", "MAP *name"},
    {"proxy_continue_stream", "STREAM"},
    {"proxy_close_stream", "STREAM"},
    {"proxy_send_local_response", "status *details *body *headers grpc_status"},
    {"proxy_get_status", "> > >"},
    {"proxy_set_effective_context", "context"},
    {"proxy_http_call", "*cluster *headers *body *trailers timeout_milliseconds >"},
    {"proxy_grpc_call", "*cluster *service *method *metadata *message timeout_milliseconds >"},
    {"proxy_grpc_stream", "*cluster *service *method *metadata >"},
    {"proxy_grpc_send", "call *message end_of_stream?"},
    {"proxy_grpc_cancel", "call"},
    {"proxy_grpc_close", "call"},
    {"proxy_get_shared_data", "*key > > >"},
    {"proxy_set_shared_data", "*key *value cas"},
    {"proxy_register_shared_queue", "*name >"},
    {"proxy_resolve_shared_queue", "*vm_id *name >"},
    {"proxy_enqueue_shared_queue", "queue *data"},
    {"proxy_dequeue_shared_queue", "queue > >"},
    {"proxy_define_metric", "METRIC *name >"},
    {"proxy_increment_metric", "metric offset"},
    {"proxy_record_metric", "metric value"},
    {"proxy_get_metric", "metric >"},
    {"proxy_get_property", "*path > >"},
    {"proxy_set_property", "*path *value"},
    {"proxy_call_foreign_function", "*name *arguments > >"},
};

/// Callbacks that answer whether to go on with the stream, and those that answer yes or no.
constexpr std::string_view with_action[] = {
    "proxy_on_request_headers",  "proxy_on_request_body",    "proxy_on_request_trailers",
    "proxy_on_response_headers", "proxy_on_response_body",   "proxy_on_response_trailers",
    "proxy_on_new_connection",   "proxy_on_downstream_data", "proxy_on_upstream_data"};
constexpr std::string_view with_verdict[] = {"proxy_on_vm_start", "proxy_validate_configuration",
                                             "proxy_on_configure", "proxy_on_done"};

std::string named(Names names, std::string_view number) {
  size_t index = names.size();
  std::from_chars(number.data(), number.data() + number.size(), index);
  return std::string(index < names.size() ? names[index] : number);
}

std::optional<Names> kind_of(std::string_view word) {
  if (word == "MAP") return maps;
  if (word == "BUFFER") return buffers;
  if (word == "STREAM") return streams;
  if (word == "METRIC") return metrics;
  if (word == "LEVEL") return levels;
  if (word == "PEER") return peers;
  return std::nullopt;
}

/// What is before `separator`, and `text` what is behind it.
std::string_view take(std::string_view& text, std::string_view separator) {
  const size_t end = std::min(text.find(separator), text.size());
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(std::min(end + separator.size(), text.size()));
  return taken;
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::string without_module(std::string_view name) {
  return std::string(name.substr(name.find('.') == name.npos ? 0 : name.find('.') + 1));
}

}  // namespace

std::optional<Crossing> parse_crossing(std::string_view message) {
  using Kind = Crossing::Kind;
  Crossing crossing;
  if (take_prefix(message, "[host->vm] ")) {
    crossing.kind = Kind::entry;
  } else if (take_prefix(message, "[host<-vm] ")) {
    crossing.kind = Kind::entry_end;
  } else if (take_prefix(message, "[vm->host] ")) {
    crossing.kind = Kind::hostcall;
  } else if (take_prefix(message, "[vm<-host] ")) {
    crossing.kind = Kind::hostcall_end;
  } else {
    return std::nullopt;
  }
  const bool begins = crossing.kind == Kind::entry || crossing.kind == Kind::hostcall;
  crossing.function = without_module(take(message, begins ? "(" : " return: "));
  if (!begins) {
    crossing.result = message;
    return crossing;
  }
  if (message.ends_with(')')) message.remove_suffix(1);
  while (!message.empty()) crossing.arguments.emplace_back(take(message, ", "));
  return crossing;
}

std::string call_in_words(const Crossing& beginning) {
  const auto words = std::ranges::find(all_words, beginning.function, &Words::function);
  std::string_view kinds = words == std::end(all_words) ? "" : words->arguments;
  std::vector<std::string> said;
  for (size_t at = 0; at < beginning.arguments.size(); ++at) {
    std::string_view word = take(kinds, " ");
    const std::string& argument = beginning.arguments[at];
    const bool handed_over = word.starts_with('*');
    if (handed_over) word.remove_prefix(1);
    if (handed_over && at + 1 < beginning.arguments.size()) {
      said.push_back(fmt::format("{} of {} bytes at {}", word, beginning.arguments[++at], argument));
    } else if (const auto names = kind_of(word)) {
      said.push_back(named(*names, argument));
    } else if (word.ends_with('?')) {
      word.remove_suffix(1);
      said.push_back(fmt::format("{} {}", word, named(booleans, argument)));
    } else if (word.empty()) {
      said.push_back(argument);
    } else if (word != ">") {
      said.push_back(fmt::format("{} {}", word, argument));
    }
  }
  return fmt::format("{}({})", beginning.function, fmt::join(said, ", "));
}

std::string result_in_words(const Crossing& end) {
  constexpr std::array<std::string_view, 2> actions{"continue", "stop_iteration"};
  const auto is_among = [&end](Names names) { return std::ranges::find(names, end.function) != names.end(); };
  if (end.result == "void") return "";
  if (is_among(with_action)) return named(actions, end.result);
  if (is_among(with_verdict)) return named(booleans, end.result);
  const bool has_status = end.kind == Crossing::Kind::hostcall_end && end.function.starts_with("proxy_");
  return has_status ? named(statuses, end.result) : end.result;
}

}  // namespace wasmup::envoy
